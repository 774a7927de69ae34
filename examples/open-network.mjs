#!/usr/bin/env node
/**
 * A network of three people that joins the hub through the open interface, by webhook. Plain Node 20, nothing to install.
 * It shows all that a joining network must do; a real one keeps people, outbox and ids in its database.
 */
import { createHmac, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

const HELP = `Usage: HUB_KEY=<key> node examples/open-network.mjs

  HUB_KEY   the key that you share with the hub, 32 characters or more
  HUB_URL   the hub's REST interface (default http://127.0.0.1:8087)
  PORT      where the hub finds you: its OPEN_WEBHOOK_URL is http://127.0.0.1:<PORT>/hub (default 8800)

Then type, a line each (from: ann, ben or cho; to: an address such as im:alice%40localhost@xmpp):

  write <from> <to> <text>
  read <from> <to>            all that <to> wrote has been read
`;
const { HUB_KEY = '', HUB_URL = 'http://127.0.0.1:8087', PORT = '8800' } = process.env;
const say = (line) => process.stdout.write(`${line}\n`);
const helpWanted = process.argv.includes('--help');
if (helpWanted || HUB_KEY.length < 32) {
  say(helpWanted ? HELP : `HUB_KEY must be set, with 32 characters or more: see --help`);
  process.exit(helpWanted ? 0 : 1);
}

/** Our people, and the last message that each of them has from somebody abroad. */
const people = new Map(['ann', 'ben', 'cho'].map((name) => [name, { name, last: new Map() }]));

// ---- Signatures: the same in both directions ----

function mac(time, nonce, method, path, body) {
  const digest = createHmac('sha256', HUB_KEY).update([time, nonce, method, path, body].join('.'));
  return `v1=${digest.digest('hex')}`;
}

function signed(method, path, body) {
  const [time, nonce] = [String(Math.floor(Date.now() / 1000)), randomBytes(16).toString('hex')];
  return {
    'hutong-timestamp': time,
    'hutong-nonce': nonce,
    'hutong-signature': mac(time, nonce, method, path, body),
  };
}

const MOST_SECONDS_OFF = 300;
const nonces = new Set();

function isFromHub({ headers, method, url }, body) {
  const { 'hutong-timestamp': time, 'hutong-nonce': nonce, 'hutong-signature': given = '' } = headers;
  const [ours, theirs] = [Buffer.from(mac(time, nonce, method, url, body)), Buffer.from(given)];
  if (ours.length !== theirs.length || !timingSafeEqual(ours, theirs)) return false;
  if (Math.abs(Date.now() / 1000 - Number(time)) > MOST_SECONDS_OFF || nonces.has(nonce)) return false;
  nonces.add(nonce);
  setTimeout(() => nonces.delete(nonce), 2 * MOST_SECONDS_OFF * 1000).unref();
  return true;
}

// ---- From the hub: events for our people, lookups, pings ----

/** The hub asks at least once: an id that was here before is answered, and not shown again. */
const taken = new Set();

function answer({ event, lookup }) {
  if (event === undefined && lookup === undefined) return {}; // a ping
  const person = people.get(event?.to ?? lookup);
  if (!person) return { code: '14', detail: 'nobody of that name' };
  if (!event) return { name: person.name };
  if (taken.has(event.id)) return {};
  taken.add(event.id);
  if (event.kind === 'message') person.last.set(event.from.id, event.id);
  say(`${event.to} | ${event.from.id} ${inWords(event)}`);
  return {};
}

function inWords({ kind, id, text, target, emoji, state, code }) {
  switch (kind) {
    case 'message':
      return `writes: ${text ?? '(no words)'} [${id}]`;
    case 'edit':
      return `changes ${target} to: ${text ?? '(no words)'}`;
    case 'reaction':
      return `reacts to ${target}: ${emoji.join(' ') || '(nothing more)'}`;
    case 'failure':
      return `did not get ${target}: ${text} (${code})`;
    case 'typing':
    case 'presence':
    case 'contact':
      return `${kind}: ${state}`;
    default:
      return `${kind}: ${target}`; // delivered, read, recall
  }
}

async function serve(request, response) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks).toString('utf8');
  if (!isFromHub(request, body)) return response.writeHead(401).end();
  const reply = JSON.stringify(answer(JSON.parse(body)));
  response.writeHead(200, { 'content-type': 'application/json' }).end(reply);
}

const server = createServer((request, response) => {
  serve(request, response).catch(() => response.destroy());
});
server.listen(Number(PORT), '127.0.0.1', () => say(`listening on ${PORT}`));

// ---- To the hub: one event after another, each under the same id until the hub has it ----

let outbox = Promise.resolve();

function tell(event) {
  const whole = { id: randomUUID(), at: new Date().toISOString(), ...event };
  outbox = outbox.then(() => untilTaken(whole));
}

async function untilTaken(event) {
  for (let wait = 500; ; wait = Math.min(2 * wait, 30_000)) {
    const verdict = await post(event).catch((error) => ({ again: true, detail: error.message }));
    if (verdict.accepted) return say(`${event.from.id} | ${event.kind} accepted [${event.id}]`);
    if (!verdict.again)
      return say(`${event.from.id} | ${event.kind} refused: ${verdict.detail} (${verdict.code})`);
    say(`${event.from.id} | not accepted yet: ${verdict.detail}`);
    await sleep(wait);
  }
}

async function post(event) {
  const [path, method, body] = ['/open/v1/events', 'POST', JSON.stringify({ events: [event] })];
  const headers = { ...signed(method, path, body), 'content-type': 'application/json' };
  const signal = AbortSignal.timeout(10_000);
  const response = await fetch(HUB_URL + path, { method, headers, body, signal });
  if (!response.ok) throw new Error(`HTTP ${response.status}: ${await response.text()}`);
  return (await response.json()).verdicts[0];
}

createInterface({ input: process.stdin }).on('line', (line) => {
  const [, verb, id, to, text] = /^(write|read) (\S+) (\S+)(?: (.+))?$/.exec(line) ?? [];
  const person = people.get(id);
  const from = person && { id, name: person.name };
  const target = person?.last.get(to);
  if (from && verb === 'write' && text) tell({ kind: 'message', from, to, text });
  else if (from && verb === 'read' && target) tell({ kind: 'read', from, to, target });
  else say('write <from> <to> <text>, or read <from> <to>');
});
