/** Every byte that leaves a component stream during ordinary traffic has a reason: nothing is written by a library by itself. */
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { Element } from '@xmpp/component';
import { pino } from 'pino';
import { until } from '../../../test/support/hub-fixture.js';
import { DOMAIN, parse, recordedStanzas, XmppInbound } from '../../../test/support/xmpp-inbound.js';
import { newMessage } from './from-canonical.js';
import { NS } from './namespaces.js';
import { XmppConnection } from './xmpp.connection.js';

const DOMAIN_OF_BOB = `matrix.${DOMAIN}`;

/** A server that lets the component in, answers its pings, and writes down all that it sends. */
class Recorder {
  written = '';
  private readonly server: Server;
  private socket: Socket | undefined;
  private answered = 0;

  constructor() {
    this.server = createServer((socket) => {
      this.socket = socket;
      socket.on('error', () => undefined);
      socket.on('data', (bytes) => this.read(bytes.toString()));
    });
  }

  async listen(): Promise<number> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return (this.server.address() as AddressInfo).port;
  }

  push(stanza: Element): void {
    this.socket?.write(stanza.toString());
  }

  /** Stanzas so far, without what opens the stream. @throws Error for bytes that are neither */
  stanzas(): Element[] {
    const match = /^<\?xml[^>]*\?><stream:stream [^>]*><handshake[^>]*>[0-9a-f]{40}<\/handshake>([^]*)$/.exec(
      this.written.replaceAll(/\s*\n/g, ''),
    );
    if (!match) throw new Error(`the stream opens with something else: ${this.written.slice(0, 300)}`);
    return parse(`<all>${match[1]}</all>`).getChildElements();
  }

  stop(): void {
    this.socket?.destroy();
    this.server.close();
  }

  private read(text: string): void {
    this.written += text;
    if (text.includes('<stream:stream'))
      this.socket?.write(
        `<stream:stream xmlns='jabber:component:accept' xmlns:stream='http://etherx.jabber.org/streams' from='${DOMAIN_OF_BOB}' id='1'>`,
      );
    if (text.includes('<handshake')) this.socket?.write('<handshake/>');
    const pings = [
      ...this.written.matchAll(/<iq [^>]*id="([^"]+)"[^>]*><ping xmlns="urn:xmpp:ping"\/><\/iq>/g),
    ];
    for (const [, id = ''] of pings.slice(this.answered))
      this.socket?.write(`<iq type='result' from='localhost' to='${DOMAIN_OF_BOB}' id='${id}'/>`);
    this.answered = pings.length;
  }
}

test('every stanza that the adapter sends is an answer, a refusal, a delivery, or the ping after it', async () => {
  const recorder = new Recorder();
  const port = await recorder.listen();
  const connection = new XmppConnection(
    { host: '127.0.0.1', port, domain: DOMAIN_OF_BOB, secret: 'secret', serverDomain: 'localhost' },
    pino({ level: 'silent' }),
  );
  const inbound = new XmppInbound(connection);
  connection.start();
  await until('the stream', () => connection.connected);

  const recorded = recordedStanzas().map(([, stanza]) => stanza);
  for (const stanza of recorded) recorder.push(stanza);
  const last = parse(
    `<iq type='get' id='last' from='alice@localhost/x' to='${DOMAIN_OF_BOB}'><ping xmlns='${NS.ping}'/></iq>`,
  );
  // Messages are read one after the other: the last one has been read when its words are on the bus.
  recorder.push(
    parse(
      `<message type='chat' id='end' from='alice@localhost/x' to='bob@${DOMAIN_OF_BOB}'><body>the end</body></message>`,
    ),
  );
  await until('the end', () =>
    inbound.traces.some(
      (trace) => trace.to === 'bus' && trace.what === 'message' && trace.draft.nativeId === 'end',
    ),
  );
  await connection.deliver(
    newMessage({ from: `bob@${DOMAIN_OF_BOB}/hutong`, to: 'alice@localhost', id: 'from-bob' }, 'hello', {}),
  );
  recorder.push(last);
  await until('the last answer', () => recorder.stanzas().some(({ attrs }) => attrs['id'] === 'last'));

  const asked = [...recorded, last].filter(({ name }) => name === 'iq').map(({ attrs }) => attrs['id']);
  const said = recorded.filter(({ name }) => name === 'message').map(({ attrs }) => attrs['id']);
  const reasonOf = ({ name, attrs, ...stanza }: Element): string | undefined => {
    if (name === 'iq' && attrs['to'] === 'localhost' && attrs['type'] === 'get') return 'ping';
    if (name === 'iq' && asked.includes(attrs['id'])) return `answer ${attrs['id']}`;
    if (name === 'message' && attrs['type'] === 'error' && said.includes(attrs['id']))
      return `refusal ${attrs['id']}`;
    if (name === 'message' && attrs['id'] === 'from-bob') return 'delivered';
    return name === 'message' && attrs['to'] === 'coven@chat.localhost' && stanza.children.length === 1
      ? 'declined'
      : undefined;
  };
  const reasons = recorder.stanzas().map((stanza) => reasonOf(stanza) ?? `unexplained: ${String(stanza)}`);
  expect(reasons.filter((reason) => reason.startsWith('unexplained'))).toEqual([]);
  // Each at most once, and each query exactly once.
  expect(new Set(reasons).size).toBe(reasons.length);
  expect(reasons.filter((reason) => reason.startsWith('answer')).sort()).toEqual(
    asked.map((id) => `answer ${id}`).sort(),
  );

  await connection.stop();
  recorder.stop();
});
