/** Peers that open connections and do nothing with them, over TCP, TLS and WebSocket. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { localTls } from '#engines';
import { silentLog } from '#service';
import { until } from '../../../test/support/until.js';
import { USUAL_CONNECTIONS } from '../src/stack/connection-limits.js';
import { StreamTransport, type StreamEvents } from '../src/stack/stream-transport.js';
import { WebSocketTransport } from '../src/stack/web-socket-transport.js';

const HOST = '127.0.0.1';
const OPTIONS = [
  'OPTIONS sip:youxin.test SIP/2.0',
  'Via: SIP/2.0/TCP 127.0.0.1;branch=z9hG4bK1',
  'From: <sip:a@youxin.test>;tag=1',
  'To: <sip:youxin.test>',
  'Call-ID: 1',
  'CSeq: 1 OPTIONS',
  'Content-Length: 0',
  '\r\n',
].join('\r\n');

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

function heard() {
  let messages = 0;
  const events: StreamEvents = {
    log: silentLog,
    received: () => {
      messages++;
      return Promise.resolve();
    },
    closed: () => undefined,
  };
  return { events, count: () => messages };
}

async function dials(port: number): Promise<{ socket: Socket; isOpen: () => boolean }> {
  const socket = connect({ host: HOST, port });
  let open = true;
  socket
    .on('error', () => undefined)
    .on('close', () => (open = false))
    .resume();
  closing.push(() => socket.destroy());
  await once(socket, 'connect');
  return { socket, isOpen: () => open };
}

test('TCP: one address does not take all places, and has one again when it hangs up', async () => {
  const { events, count } = heard();
  const limits = { ...USUAL_CONNECTIONS, ofAddress: 2 };
  const transport = await StreamTransport.listen({ host: HOST, port: 0 }, events, limits);
  closing.push(() => transport.close());
  const [one, two, three] = [
    await dials(transport.port),
    await dials(transport.port),
    await dials(transport.port),
  ];
  await until('the third to be closed', () => !three.isOpen());
  expect([one.isOpen(), two.isOpen()]).toEqual([true, true]);
  one.socket.destroy();
  await until('a place', async () => {
    const next = await dials(transport.port);
    next.socket.write(OPTIONS);
    await until('an end of it', () => count() > 0 || !next.isOpen());
    return count() > 0;
  });
});

test('TLS: connections without a handshake count too', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'hutong-tls-'));
  closing.push(() => rmSync(folder, { recursive: true }));
  const { certificateFile, keyFile } = await localTls(folder, [HOST]);
  const tls = { key: readFileSync(keyFile), cert: readFileSync(certificateFile) };
  const limits = { ...USUAL_CONNECTIONS, ofAddress: 1, firstMessageMs: 50 };
  const transport = await StreamTransport.listen({ host: HOST, port: 0, tls }, heard().events, limits);
  closing.push(() => transport.close());
  const mute = await dials(transport.port);
  const another = await dials(transport.port);
  await until('the second to be closed', () => !another.isOpen());
  await until('the first to have had its time', () => !mute.isOpen());
});

test('WebSocket: who says nothing is closed, who speaks is not', async () => {
  const { events, count } = heard();
  const limits = { ...USUAL_CONNECTIONS, firstMessageMs: 50 };
  const transport = await WebSocketTransport.listen(HOST, 0, events, limits);
  closing.push(() => transport.close());
  const opens = async () => {
    const socket = new WebSocket(`ws://${HOST}:${transport.port}`, ['sip']);
    closing.push(() => socket.terminate());
    await once(socket, 'open');
    return socket;
  };
  let speaker = await opens();
  // A busy machine needs more than the 50 ms now and then.
  await until('somebody to speak in time', async () => {
    speaker.send(OPTIONS);
    await until('the message, or the end', () => count() > 0 || speaker.readyState === WebSocket.CLOSED);
    if (count() === 0) speaker = await opens();
    return count() > 0;
  });
  const mute = await opens();
  await once(mute, 'close');
  expect(speaker.readyState).toBe(WebSocket.OPEN);
});

test('WebSocket: connections that ask for none count too, and are closed in time', async () => {
  const { events } = heard();
  const limits = { ...USUAL_CONNECTIONS, connections: 2, firstMessageMs: 50 };
  const transport = await WebSocketTransport.listen(HOST, 0, events, limits);
  closing.push(() => transport.close());
  const [first, second] = [await dials(transport.port), await dials(transport.port)];
  second.socket.write('GET / HTTP/1.1\r\n');
  const third = await dials(transport.port);
  await until('the third to be closed', () => !third.isOpen());
  await until('the others to have had their time', () => !first.isOpen() && !second.isOpen());
});
