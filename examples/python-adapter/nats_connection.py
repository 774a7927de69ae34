"""One connection to NATS: login with a credentials file, subscriptions, requests. It ends when the socket ends."""
import asyncio
import json
import secrets
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from hutong_rules import Credentials

REQUEST_SECONDS = 5
PING_SECONDS = 15


class Refused(Exception):
    """An answer with a result code other than 00, or the refusal of an event (docs/generated/result-codes.md)."""

    def __init__(self, code: str, detail: str = ''):
        super().__init__(f'{code}: {detail}')
        self.code, self.detail = code, detail


@dataclass(frozen=True)
class Message:
    subject: str
    reply: str
    headers: dict[str, str]
    data: bytes
    status: str = ''  # of a message without content: 408, 423, 503 …

    def json(self) -> dict:
        return json.loads(self.data)


@dataclass
class Connection:
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    inbox: str = field(default_factory=lambda: f'_INBOX.{secrets.token_hex(12)}')
    subscriptions: dict[str, Callable[[Message], None]] = field(default_factory=dict)
    replies: dict[str, asyncio.Future] = field(default_factory=dict)

    @staticmethod
    async def open(url: str, credentials: Credentials, name: str, ca: str | None) -> 'Connection':
        """Raises ConnectionError with the server's reason when it refuses the credentials."""
        server = urlsplit(url)
        reader, writer = await asyncio.open_connection(server.hostname, server.port or 4222)
        info = json.loads((await reader.readline()).removeprefix(b'INFO '))
        if ca or server.scheme == 'tls' or info.get('tls_required'):
            await writer.start_tls(ssl.create_default_context(cafile=ca), server_hostname=server.hostname)
        login = {'jwt': credentials.jwt, 'sig': credentials.sign(info['nonce']), 'name': name, 'lang': 'python',
                 'version': '1', 'protocol': 1, 'headers': True, 'no_responders': True, 'verbose': False,
                 'pedantic': False, 'tls_required': False}
        writer.write(b'CONNECT %b\r\nPING\r\n' % json.dumps(login).encode())
        answer = await reader.readline()
        if not answer.startswith(b'PONG'):
            writer.close()
            raise ConnectionError(answer.decode().strip() or 'the server closed the connection')
        connection = Connection(reader, writer)
        connection.subscribe(f'{connection.inbox}.*', connection._replied)
        return connection

    def subscribe(self, subject: str, take: Callable[[Message], None]) -> None:
        number = str(len(self.subscriptions) + 1)
        self.subscriptions[number] = take
        self.writer.write(f'SUB {subject} {number}\r\n'.encode())

    def send(self, subject: str, data: bytes = b'', reply: str = '', headers: dict[str, str] | None = None) -> None:
        if headers:
            head = 'NATS/1.0\r\n' + ''.join(f'{key}: {value}\r\n' for key, value in headers.items()) + '\r\n'
            line = f'HPUB {subject} {reply} {len(head)} {len(head) + len(data)}\r\n{head}'
        else:
            line = f'PUB {subject} {reply} {len(data)}\r\n'
        self.writer.write(line.encode() + data + b'\r\n')

    async def request(self, subject: str, data: bytes = b'', headers: dict[str, str] | None = None) -> Message:
        """Raises ConnectionError if nobody answers, or the connection ends."""
        reply = f'{self.inbox}.{secrets.token_hex(6)}'
        future = self.replies[reply] = asyncio.get_running_loop().create_future()
        try:
            self.send(subject, data, reply, headers)
            await self.writer.drain()
            # Not wait_for: until Python 3.12 it ignores a cancellation that comes together with the answer, and the task goes on.
            async with asyncio.timeout(REQUEST_SECONDS):
                answer = await future
        except TimeoutError as error:
            raise ConnectionError(f'no answer on {subject} within {REQUEST_SECONDS} s') from error
        finally:
            self.replies.pop(reply, None)
        if answer.status == '503':
            raise ConnectionError(f'nobody listens on {subject}')
        return answer

    def _replied(self, message: Message) -> None:
        future = self.replies.get(message.subject)
        if future and not future.done():
            future.set_result(message)

    async def read(self) -> None:
        """Reads until the connection ends. Raises ConnectionError then."""
        alive = asyncio.create_task(self._ping())
        try:
            while line := await self.reader.readline():
                await self._take(line)
            raise ConnectionError('the server closed the connection')
        except asyncio.IncompleteReadError as error:
            raise ConnectionError('the server closed the connection') from error
        finally:
            alive.cancel()
            self.writer.close()
            for future in self.replies.values():
                if not future.done():
                    future.set_exception(ConnectionError('the connection to the bus ended'))

    async def _ping(self) -> None:
        """So that a dead connection is noticed by a failing write."""
        while True:
            await asyncio.sleep(PING_SECONDS)
            self.writer.write(b'PING\r\n')

    async def _take(self, line: bytes) -> None:
        verb, *words = line.decode().split()
        if verb in ('MSG', 'HMSG'):
            sizes = 2 if verb == 'HMSG' else 1
            subject, number, *reply = words[:-sizes]
            head, total = (int(words[-2]), int(words[-1])) if sizes == 2 else (0, int(words[-1]))
            payload = await self.reader.readexactly(total + 2)
            status, headers = headers_in(payload[:head])
            message = Message(subject, ''.join(reply), headers, payload[head:total], status)
            self.subscriptions[number](message)
        elif verb == 'PING':
            self.writer.write(b'PONG\r\n')
        elif verb == '-ERR':
            print(f'the bus refuses: {line.decode().strip()}', flush=True)


def headers_in(head: bytes) -> tuple[str, dict[str, str]]:
    first, *lines = head.decode().split('\r\n')
    pairs = (line.partition(':') for line in lines if line)
    return first[len('NATS/1.0'):].strip()[:3], {key: value.strip() for key, _, value in pairs}
