"""Pigeon, a chat network of two people, without anything of Hutong in it.

A person connects over TCP and exchanges JSON lines with the network (README.md). Everything is in one SQLite file, so that a
process that is killed continues where it was: what people said and nobody has taken yet, and what they were shown.
"""
import asyncio
import json
import secrets
import sqlite3
from datetime import datetime, timezone

PEOPLE = {'ann': 'Ann', 'echo': 'Echo'}  # Echo answers every message with the same text, for the certification
LINE_BYTES = 2 * 1024 * 1024

SCHEMA = """
CREATE TABLE IF NOT EXISTS secret (value BLOB);
CREATE TABLE IF NOT EXISTS said (
  number INTEGER PRIMARY KEY, id TEXT UNIQUE, person TEXT, client_id TEXT, act TEXT, taken INTEGER DEFAULT 0,
  UNIQUE (person, client_id));
CREATE INDEX IF NOT EXISTS said_untaken ON said (number) WHERE taken = 0;
CREATE TABLE IF NOT EXISTS shown (n INTEGER PRIMARY KEY, person TEXT, line TEXT, reference TEXT UNIQUE);
"""


class Pigeon:
    def __init__(self, database: str):
        self.sql = sqlite3.connect(database)
        self.sql.executescript(SCHEMA)
        self.clients: dict[str, set[asyncio.StreamWriter]] = {person: set() for person in PEOPLE}
        self.more = asyncio.Event()  # somebody said something

    def secret(self) -> bytes:
        """Random, and the same after each restart."""
        with self.sql:
            self.sql.execute('INSERT INTO secret SELECT ? WHERE NOT EXISTS (SELECT 1 FROM secret)', [secrets.token_bytes(32)])
        return self.sql.execute('SELECT value FROM secret').fetchone()[0]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One client of one person."""
        person = ''
        try:
            while line := await reader.readline():
                act = json.loads(line)
                if act.get('hello') in PEOPLE:
                    person = act['hello']
                    self.clients[person].add(writer)
                    for earlier in self.timeline(person, act.get('after', 0)):
                        writer.write(earlier.encode())
                elif person:
                    native = self.say(person, act)
                    writer.write(json.dumps({'taken': act['id'], 'as': native}).encode() + b'\n')
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            writer.write(json.dumps({'error': repr(error)}).encode() + b'\n')
        finally:
            self.clients.get(person, set()).discard(writer)
            writer.close()

    # ---- What people said ----

    def say(self, person: str, act: dict) -> str:
        """Keeps an act of a person; the same id of the client again is the same act. Returns the id that Pigeon gave it."""
        text = json.dumps({**act, 'at': datetime.now(timezone.utc).isoformat(timespec='milliseconds')})
        with self.sql:
            self.sql.execute('INSERT OR IGNORE INTO said (id, person, client_id, act) VALUES (?, ?, ?, ?)',
                             [secrets.token_hex(8), person, act['id'], text])
        self.more.set()
        found = self.sql.execute('SELECT id FROM said WHERE person = ? AND client_id = ?', [person, act['id']])
        return found.fetchone()[0]

    def untaken(self) -> list[tuple[str, str, dict]]:
        """Acts that the adapter has not taken yet, oldest first: id, person, act."""
        found = self.sql.execute('SELECT id, person, act FROM said WHERE taken = 0 ORDER BY number LIMIT 100').fetchall()
        return [(native, person, json.loads(act)) for native, person, act in found]

    def take(self, native: str) -> None:
        with self.sql:
            self.sql.execute('UPDATE said SET taken = 1 WHERE id = ?', [native])

    def client_id(self, native: str) -> str | None:
        found = self.sql.execute('SELECT client_id FROM said WHERE id = ?', [native]).fetchone()
        return found and found[0]

    # ---- What people were shown ----

    def show(self, person: str, reference: str, line: dict, answer: dict | None = None) -> str:
        """Shows a line to a person, once for each reference, and keeps the answer in the same transaction. Returns its number."""
        known = self.sql.execute('SELECT n FROM shown WHERE reference = ?', [reference]).fetchone()
        if known:
            return str(known[0])
        with self.sql:
            n = self.sql.execute('INSERT INTO shown (person, reference) VALUES (?, ?)', [person, reference]).lastrowid
            text = json.dumps({'n': n, **line}, ensure_ascii=False) + '\n'
            self.sql.execute('UPDATE shown SET line = ? WHERE n = ?', [text, n])
            if answer:
                self.say(person, answer)
        for client in self.clients[person]:
            client.write(text.encode())
        return str(n)

    def timeline(self, person: str, after: int) -> list[str]:
        found = self.sql.execute('SELECT line FROM shown WHERE person = ? AND n > ? ORDER BY n', [person, after])
        return [line for (line,) in found.fetchall()]

    def reference(self, person: str, n: int) -> str | None:
        found = self.sql.execute('SELECT reference FROM shown WHERE person = ? AND n = ?', [person, n]).fetchone()
        return found and found[0]
