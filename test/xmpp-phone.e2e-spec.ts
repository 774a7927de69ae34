/**
 * The XMPP client of the tests, against a server that answers in one write: the client acknowledges exactly what the server
 * counts (XEP-0198 §4). A server closes the stream of a client that acknowledges more, and what was under way is lost with it.
 */
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { XmppPhone } from '../apps/adapter-xmpp/phone/xmpp.phone.js';

const ME = 'alice@localhost/phone';
const GHOST = '%40bob@matrix.hub.localhost';
const OPENED = `<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' id='s' from='localhost' version='1.0'>`;
const MECHANISMS = `<stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>ANONYMOUS</mechanism></mechanisms></stream:features>`;
const SESSION = `<stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/><sm xmlns='urn:xmpp:sm:3'/></stream:features>`;
const ROSTER = `<iq type='result' id='roster'><query xmlns='jabber:iq:roster'/></iq>`;
/** Gathers answers for so long, ms, that one write has them all. */
const GATHER_MS = 30;

/** Answers a client as far as these plays need, several answers in one write, and writes down what the client said. */
class OneWriteServer {
  readonly said: string[] = [];
  /** How many stanzas the client acknowledged, each time that it was asked. */
  readonly acknowledged: number[] = [];
  /** How many the server had sent since stream management was on, each time that it asked. */
  readonly counted: number[] = [];
  /** Does it let a broken session go on? */
  resumes = false;
  private sent = 0;
  private readonly server: Server;
  private socket: Socket | undefined;

  constructor() {
    this.server = createServer((socket) => this.accept(socket));
  }

  async listen(): Promise<number> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return (this.server.address() as AddressInfo).port;
  }

  breakStream(): void {
    this.socket?.destroy();
  }

  close(): void {
    this.breakStream();
    this.server.close();
  }

  private accept(socket: Socket): void {
    this.socket = socket;
    const stream = { authenticated: false, managed: false };
    let gathered = '';
    socket.on('error', () => undefined);
    socket.on('data', (data) => {
      for (const [text, tag = ''] of elements(data.toString())) {
        this.said.push(text);
        if (gathered === '')
          setTimeout(() => {
            if (!socket.destroyed) socket.write(gathered);
            gathered = '';
          }, GATHER_MS);
        gathered += this.answer(tag, text, stream);
      }
    });
  }

  private answer(tag: string, text: string, stream: { authenticated: boolean; managed: boolean }): string {
    switch (tag) {
      case 'stream:stream':
        return OPENED + (stream.authenticated ? SESSION : MECHANISMS);
      case 'auth':
        stream.authenticated = true;
        return `<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>`;
      case 'enable':
        stream.managed = true;
        this.sent = 0;
        return `<enabled xmlns='urn:xmpp:sm:3' id='session' resume='true'/>`;
      case 'resume':
        if (!this.resumes) return `<failed xmlns='urn:xmpp:sm:3'/>`;
        stream.managed = true;
        return `<resumed xmlns='urn:xmpp:sm:3' h='0' previd='session'/>`;
      case 'a':
        this.acknowledged.push(Number(/ h=["'](\d+)/.exec(text)?.[1]));
        return '';
      case 'iq':
        return this.stanza(stream.managed, text.includes('jabber:iq:roster') ? ROSTER : bound(text));
      case 'presence':
        if (text.includes(' to=')) return '';
        // The last that a client says when it comes online. As Prosody does, the server asks right behind its answer.
        return `${this.stanza(stream.managed, `<presence from='${ME}'/>`)}${this.ask()}`;
      default:
        return '';
    }
  }

  private stanza(managed: boolean, stanza: string): string {
    if (managed) this.sent++;
    return stanza;
  }

  private ask(): string {
    this.counted.push(this.sent);
    return `<r xmlns='urn:xmpp:sm:3'/>`;
  }
}

/** The elements at the top of what was read at once: enough for what this client sends in these plays. */
function elements(xml: string): RegExpMatchArray[] {
  return [...xml.matchAll(/<(stream:stream|[a-z]+)\b(?:[^>]*\/>|[^>]*>(?:[\s\S]*?<\/\1>)?)/g)];
}

function bound(request: string): string {
  const id = / id=["']([^"']+)/.exec(request)?.[1] ?? '';
  return `<iq type='result' id='${id}'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>${ME}</jid></bind></iq>`;
}

let server: OneWriteServer;
let alice: XmppPhone;

const until = async (what: string, is: () => boolean) => {
  const deadline = Date.now() + 30_000;
  while (!is()) {
    if (Date.now() > deadline) throw new Error(`never ${what}: ${server.said.join('\n')}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
};
const subscriptions = () => server.said.filter((text) => text.includes('type="subscribe"')).length;

beforeEach(async () => {
  server = new OneWriteServer();
  const port = await server.listen();
  const account = { host: '127.0.0.1', port, domain: 'localhost', user: 'alice', password: 'secret' };
  alice = await XmppPhone.dial(account);
});

afterEach(async () => {
  await alice.hangUp();
  server.close();
});

test('it acknowledges the stanzas since stream management was enabled, and none before', async () => {
  await until('acknowledged', () => server.acknowledged.length === 1);
  expect(server.acknowledged).toEqual(server.counted);
});

test('a subscription whose session ends before the server took it is sent again in the next one', async () => {
  await until('acknowledged', () => server.acknowledged.length === 1);
  await alice.subscription(GHOST, 'subscribe');
  await until('subscribed', () => subscriptions() === 1);
  server.breakStream();
  await until('subscribed again', () => subscriptions() === 2);
  await until('acknowledged', () => server.acknowledged.length === 2);
  expect(server.acknowledged).toEqual(server.counted);
});

test('a resumed session receives the next message', async () => {
  await until('acknowledged', () => server.acknowledged.length === 1);
  server.resumes = true;
  server.breakStream();
  await until('resumed', () => server.said.some((text) => text.startsWith('<resume ')));
  await alice.write(GHOST, 'still here');
  await until('said', () => server.said.some((text) => text.includes('still here')));
  expect(server.said.filter((text) => text.includes('<bind'))).toHaveLength(1);
});
