/** The component stream when its other end is wrong or broken: a real Prosody that knows another secret, and a server that talks nonsense. */
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Element } from '@xmpp/component';
import { pino } from 'pino';
import { until } from '../../../test/support/hub-fixture.js';
import { prosodyOrSkip, startProsody } from '../../../test/support/prosody.js';
import { XmppConnection } from './xmpp.connection.js';

const DOMAIN = 'matrix.hub.localhost';
const RIGHT = 'the secret of the component';
const WRONG = 'a secret that nobody should read';

/** Everything that is logged, as an operator would find it. */
function written() {
  const lines: string[] = [];
  return { lines, log: pino({ level: 'debug' }, { write: (line: string) => void lines.push(line) }) };
}

function connectionTo(port: number, secret: string, log = written().log): XmppConnection {
  return new XmppConnection(
    { host: '127.0.0.1', port, domain: DOMAIN, secret, serverDomain: 'localhost' },
    log,
  );
}

describe('a real Prosody', () => {
  test('that knows another secret lets us not in, which is logged without the secret, and we go on trying', async () => {
    const found = await prosodyOrSkip();
    if (!found) return;
    const folder = mkdtempSync(join(tmpdir(), 'hutong-component-'));
    const { server, componentPort } = await startProsody({
      ...found,
      folder,
      domain: 'localhost',
      components: [DOMAIN],
      secret: RIGHT,
    });
    const { lines, log } = written();
    const wrong = connectionTo(componentPort, WRONG, log);
    wrong.start();
    await until('two refusals', () => lines.filter((line) => line.includes('not-authorized')).length >= 2);
    expect(wrong.connected).toBe(false);
    expect(lines.join('')).not.toContain(WRONG);
    await wrong.stop();

    const right = connectionTo(componentPort, RIGHT);
    right.start();
    await until('the right secret to open', () => right.connected);
    await right.stop();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });
});

describe('a server that talks nonsense', () => {
  const greeting = `<stream:stream xmlns='jabber:component:accept' xmlns:stream='http://etherx.jabber.org/streams' from='${DOMAIN}' id='1'>`;
  let server: Server;
  let port: number;
  let streams: Socket[];
  /** Said once the component has shaken hands. */
  let nonsense: string | Buffer;

  beforeEach(async () => {
    streams = [];
    server = createServer((socket) => {
      streams.push(socket);
      socket.on('error', () => undefined);
      socket.on('data', (bytes) => {
        const said = bytes.toString();
        if (said.includes('<stream:stream')) socket.write(greeting);
        if (said.includes('<handshake')) {
          socket.write('<handshake/>');
          // To the first stream only: the second one finds a server that has come to its senses.
          if (streams.length === 1) socket.write(nonsense);
        }
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    port = (server.address() as { port: number }).port;
  });

  afterEach(() => {
    for (const stream of streams) stream.destroy();
    server.close();
  });

  test.each<[string, string | Buffer]>([
    ['a tag that is never closed', '<message><body>half</message>'],
    ['no XML at all', 'HTTP/1.1 200 OK\r\n\r\n{"hello":"world"}'],
    ['an entity that is defined nowhere', '<message><body>&xxe;</body></message>'],
    ['bytes that are no UTF-8', Buffer.of(0x3c, 0xff, 0xfe, 0x3e)],
    [
      'an error of the stream',
      '<stream:error><policy-violation xmlns="urn:ietf:params:xml:ns:xmpp-streams"/></stream:error></stream:stream>',
    ],
  ])('%s ends nothing but the stream at the most', async (_, said) => {
    nonsense = said;
    const connection = connectionTo(port, RIGHT);
    const stanzas: Element[] = [];
    connection.on('stanza', (stanza) => void stanzas.push(stanza));
    connection.start();
    await until('a handshake', () => streams.length > 0 && connection.connected);
    // The server hangs up, as servers do; what comes afterwards is read as if nothing had been.
    streams[0]?.end();
    await until('another stream', () => streams.length > 1 && connection.connected);
    streams
      .at(-1)
      ?.write('<message from="a@localhost" to="b@matrix.hub.localhost"><body>after it</body></message>');
    await until('what came after', () =>
      stanzas.some((stanza) => stanza.getChildText('body') === 'after it'),
    );
    await connection.stop();
  });

  test('characters that are torn apart between two reads are whole', async () => {
    nonsense = '';
    const connection = connectionTo(port, RIGHT);
    const heard: (string | null)[] = [];
    connection.on('stanza', (stanza) => void heard.push(stanza.getChildText('body')));
    connection.start();
    await until('a handshake', () => streams.length > 0 && connection.connected);
    for (const byte of Buffer.from('<message><body>你好 👋</body></message>')) {
      streams[0]?.write(Buffer.of(byte));
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    await until('it', () => heard.length > 0);
    expect(heard).toEqual(['你好 👋']);
    await connection.stop();
  });

  test('a stanza of a megabyte is one stanza', async () => {
    nonsense = `<message from="a@localhost" to="b@${DOMAIN}"><body>${'x'.repeat(1024 * 1024)}</body></message>`;
    const connection = connectionTo(port, RIGHT);
    const lengths: number[] = [];
    connection.on('stanza', (stanza) => void lengths.push(stanza.getChildText('body')?.length ?? 0));
    connection.start();
    await until('it', () => lengths.length > 0);
    expect(lengths).toEqual([1024 * 1024]);
    await connection.stop();
  });
});
