/** The wire, byte by byte, on real sockets: what phones of all kinds send, and what strangers do. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { WebSocket } from 'ws';
import { freePort, localTls } from '#engines';
import { anAdapter, DOMAIN, PASSWORD, type AdapterDouble } from './adapter-double.js';
import { until } from './until.js';
import { parseChallenge, printCredentials } from '../src/stack/digest.js';
import { header, type SipResponse } from '../src/stack/sip-message.js';
import { parseMessage } from '../src/stack/sip-parser.js';

let folder: string;
let home: AdapterDouble;
let ports: { tls: number; webSocket: number };

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sip-wire-'));
  const { certificateFile, keyFile } = await localTls(folder, ['127.0.0.1']);
  ports = { tls: await freePort(), webSocket: await freePort() };
  home = await anAdapter(folder, {
    SIP_TLS_PORT: String(ports.tls),
    SIP_TLS_KEY: keyFile,
    SIP_TLS_CERT: certificateFile,
    SIP_WS_PORT: String(ports.webSocket),
  });
});

afterAll(async () => {
  await home.stop();
  rmSync(folder, { recursive: true });
});

/** A phone that is not helped by anything of ours: it sends bytes, and reads what comes. */
interface Wire {
  via: string;
  send(bytes: string): void;
  answers: SipResponse[];
  close(): void;
}

const opened: Wire[] = [];
afterEach(() => {
  for (const wire of opened.splice(0)) wire.close();
});

async function wireOf(kind: 'UDP' | 'TCP' | 'TLS' | 'WS'): Promise<Wire> {
  const answers: SipResponse[] = [];
  const take = (bytes: Buffer) => {
    const message = parseMessage(bytes)?.message;
    if (message?.kind === 'response') answers.push(message);
  };
  const wire = await dial(kind, take);
  opened.push({ ...wire, via: kind, answers });
  return { ...wire, via: kind, answers };
}

async function dial(
  kind: 'UDP' | 'TCP' | 'TLS' | 'WS',
  take: (bytes: Buffer) => void,
): Promise<Pick<Wire, 'send' | 'close'>> {
  if (kind === 'UDP') {
    const socket = createSocket('udp4').on('message', take);
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    return { send: (bytes) => socket.send(bytes, home.port, '127.0.0.1'), close: () => socket.close() };
  }
  if (kind === 'WS') {
    const socket = new WebSocket(`ws://127.0.0.1:${ports.webSocket}`, ['sip']);
    await once(socket, 'open');
    socket.on('message', (data) => take(data as Buffer));
    return { send: (bytes) => socket.send(bytes), close: () => socket.terminate() };
  }
  const ca = kind === 'TLS' ? readFileSync(join(folder, 'authority.crt')) : undefined;
  const socket =
    kind === 'TLS'
      ? connectTls({ host: '127.0.0.1', port: ports.tls, ca })
      : connect({ host: '127.0.0.1', port: home.port });
  await once(socket, kind === 'TLS' ? 'secureConnect' : 'connect');
  socket.on('data', take).on('error', () => undefined);
  return { send: (bytes) => socket.write(bytes), close: () => socket.destroy() };
}

let sequence = 0;

function request(
  method: string,
  uri: string,
  { via, more = [], body = '', from = 'ann' }: { via: string; more?: string[]; body?: string; from?: string },
): string {
  const own = `<sip:${from}@${DOMAIN}>`;
  const lines = [
    `${method} ${uri} SIP/2.0`,
    `Via: SIP/2.0/${via} 127.0.0.1;branch=z9hG4bK${++sequence};rport`,
    `From: ${own};tag=1`,
    `To: ${method === 'REGISTER' ? own : `<${uri}>`}`,
    `Call-ID: call-${sequence}`,
    `CSeq: ${sequence} ${method}`,
    'Max-Forwards: 70',
    ...more,
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  return `${lines.join('\r\n')}\r\n\r\n${body}`;
}

async function answerTo(wire: Wire, bytes: string): Promise<SipResponse> {
  const before = wire.answers.length;
  wire.send(bytes);
  await until(() => wire.answers.length > before);
  return wire.answers[before] as SipResponse;
}

/** Sends a request, and once more with what the challenge asks for. */
async function proven(
  wire: Wire,
  method: string,
  uri: string,
  about: { more?: string[]; body?: string } = {},
): Promise<SipResponse> {
  const { via } = wire;
  const first = await answerTo(wire, request(method, uri, { via, ...about }));
  const name = first.status === 401 ? 'www-authenticate' : 'proxy-authenticate';
  const challenge = parseChallenge(header(first, name) ?? '');
  if (!challenge) return first;
  const of = { user: 'ann', password: PASSWORD, method, uri };
  const credentials = printCredentials(challenge, of, { nc: 1, cnonce: 'c' });
  const answered = `${first.status === 401 ? '' : 'Proxy-'}Authorization: ${credentials}`;
  return answerTo(wire, request(method, uri, { via, ...about, more: [...(about.more ?? []), answered] }));
}

const SUE = `sip:sue@far.${DOMAIN}`;
const CONTACT = 'Contact: <sip:ann@127.0.0.1:5999>';

test.each(['UDP', 'TCP', 'TLS', 'WS'] as const)('a phone registers and writes over %s', async (kind) => {
  const wire = await wireOf(kind);
  const registered = await proven(wire, 'REGISTER', `sip:${DOMAIN}`, { more: [CONTACT, 'Expires: 120'] });
  expect(registered.status).toBe(200);
  expect(header(registered, 'contact')).toMatch(/^<sip:ann@127.0.0.1:5999>;expires=1(?:20|19)$/);
  const before = home.double.submitted.length;
  const written = await proven(wire, 'MESSAGE', SUE, {
    more: ['Content-Type: text/plain'],
    body: `over ${kind}`,
  });
  expect(written.status).toBe(202);
  expect(home.double.submitted.slice(before)).toMatchObject([
    { from: { address: 'im:ann@youxin' }, to: 'im:sue@far', content: { body: { content: `over ${kind}` } } },
  ]);
});

test('the same datagram twice is one message, and is answered twice', async () => {
  const wire = await wireOf('UDP');
  const challenged = await answerTo(wire, request('MESSAGE', SUE, { via: 'UDP', body: 'once' }));
  const challenge = parseChallenge(header(challenged, 'proxy-authenticate') ?? '');
  if (!challenge) throw new Error('no challenge');
  const of = { user: 'ann', password: PASSWORD, method: 'MESSAGE', uri: SUE };
  const credentials = printCredentials(challenge, of, { nc: 1, cnonce: 'c' });
  const bytes = request('MESSAGE', SUE, {
    via: 'UDP',
    body: 'once',
    more: [`Proxy-Authorization: ${credentials}`],
  });
  const before = home.double.submitted.length;
  wire.send(bytes);
  wire.send(bytes);
  await until(() => wire.answers.length === 3);
  expect(wire.answers.map(({ status }) => status)).toEqual([407, 202, 202]);
  expect(home.double.submitted.length - before).toBe(1);
});

test('over a stream, messages may come in pieces, several at once, and with empty lines between', async () => {
  const wire = await wireOf('TCP');
  const [one, two] = [0, 1].map(() => request('OPTIONS', `sip:${DOMAIN}`, { via: 'TCP' }));
  for (const byte of `\r\n\r\n${one}`) wire.send(byte);
  await until(() => wire.answers.length === 1);
  const three = await answerTo(wire, `\r\n${two}`);
  expect(three.status).toBe(200);
});

test.each<[what: string, status: number, method: string, uri: string, more: string[]]>([
  ['a call of nobody knows whom', 407, 'INVITE', SUE, [CONTACT]],
  ['the end of a call that does not exist', 481, 'BYE', SUE, []],
  ['a method that we do not have', 405, 'REFER', SUE, []],
  ['an extension that is required', 420, 'OPTIONS', SUE, ['Require: nothingSupportsThis']],
  ['a request that went too far', 483, 'MESSAGE', SUE, []],
  ['a scheme that is none of ours', 416, 'OPTIONS', 'im:sue@far', []],
  ['a NOTIFY without a subscription', 481, 'NOTIFY', SUE, []],
])('%s is answered with %i', async (_what, status, method, uri, more) => {
  const wire = await wireOf('UDP');
  let bytes = request(method, uri, { via: 'UDP', more });
  if (status === 483) bytes = bytes.replace('Max-Forwards: 70', 'Max-Forwards: 0');
  expect((await answerTo(wire, bytes)).status).toBe(status);
});

test('nobody writes as somebody else: bea proves herself, and says that she is ann', async () => {
  const wire = await wireOf('TCP');
  const uri = `sip:${DOMAIN}`;
  const challenged = await answerTo(wire, request('REGISTER', uri, { via: 'TCP', more: [CONTACT] }));
  const challenge = parseChallenge(header(challenged, 'www-authenticate') ?? '');
  if (!challenge) throw new Error('no challenge');
  const credentials = printCredentials(
    challenge,
    { user: 'bea', password: PASSWORD, method: 'REGISTER', uri },
    { nc: 1, cnonce: 'c' },
  );
  const answered = await answerTo(
    wire,
    request('REGISTER', uri, { via: 'TCP', more: [CONTACT, `Authorization: ${credentials}`] }),
  );
  expect(answered.status).toBe(403);
});

test('a connection of a proxy proves nobody: what others send through it is challenged', async () => {
  const wire = await wireOf('TCP');
  expect((await proven(wire, 'REGISTER', `sip:${DOMAIN}`, { more: [CONTACT] })).status).toBe(200);
  const text = { via: 'TCP', more: ['Content-Type: text/plain'], body: 'her own' };
  expect((await answerTo(wire, request('MESSAGE', SUE, text))).status).toBe(202);
  const behindProxy = 'Via: SIP/2.0/UDP 198.51.100.7;branch=z9hG4bKphone';
  const through = await answerTo(
    wire,
    request('MESSAGE', SUE, { ...text, more: [...text.more, behindProxy], body: 'of a stranger' }),
  );
  expect(through.status).toBe(407);
});

test('each challenge of one request has one tag, also when the request came twice', async () => {
  const wire = await wireOf('UDP');
  const bytes = request('REGISTER', `sip:${DOMAIN}`, { via: 'UDP', more: [CONTACT] });
  const tags = [await answerTo(wire, bytes), await answerTo(wire, bytes)].map((answer) =>
    header(answer, 'to'),
  );
  expect(tags[0]).toMatch(/;tag=\w{16}$/);
  expect(tags[1]).toBe(tags[0]);
});

test('what is no SIP gets no answer, and harms nobody', async () => {
  const wire = await wireOf('UDP');
  for (const bytes of ['hello', '\0\0\0\0\0\0', 'SIP/2.0 200 OK\r\n\r\n', 'x'.repeat(20_000)])
    wire.send(bytes);
  const stream = await wireOf('TCP');
  stream.send('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  stream.send('x'.repeat(100_000));
  const { status } = await answerTo(wire, request('OPTIONS', `sip:${DOMAIN}`, { via: 'UDP' }));
  expect([status, wire.answers.length, stream.answers.length]).toEqual([200, 1, 0]);
});

test('what a phone cannot send is refused, and it learns what it can', async () => {
  const wire = await wireOf('UDP');
  const refused = await proven(wire, 'MESSAGE', SUE, { more: ['Content-Type: image/png'], body: 'x' });
  expect([refused.status, header(refused, 'accept')]).toEqual([415, expect.stringContaining('text/plain')]);
});

test('a time that is too short is refused with the shortest; all phones leave with "*"', async () => {
  const wire = await wireOf('UDP');
  const uri = `sip:${DOMAIN}`;
  expect((await proven(wire, 'REGISTER', uri, { more: [CONTACT, 'Expires: 60'] })).status).toBe(200);
  expect((await proven(wire, 'REGISTER', uri, { more: ['Contact: *', 'Expires: 60'] })).status).toBe(400);
  const left = await proven(wire, 'REGISTER', uri, { more: ['Contact: *', 'Expires: 0'] });
  expect([left.status, header(left, 'contact')]).toEqual([200, undefined]);
});
