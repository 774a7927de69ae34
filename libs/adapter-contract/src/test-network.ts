/**
 * A small instant-messaging network of our own, for tests and benchmarks: subscribers, an inbox each, and one link
 * for an adapter (JSON lines over TCP). It keeps each act until the adapter has acknowledged it, and recognises
 * repeated message ids, so that the network itself loses and duplicates nothing in a test.
 */
import { createServer, type Server, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { TemporaryFolder } from './temporary-folder.js';

/** An act of one subscriber towards another; also an entry that the recipient sees. */
export interface TestAct {
  kind:
    | 'message'
    | 'edit'
    | 'recall'
    | 'reaction'
    | 'delivered'
    | 'read'
    | 'typing'
    | 'presence'
    | 'failure'
    | 'contact'
    /** What somebody did in a call: `state`, with the session description in `text`; `target`: the invitation, or none in itself. */
    | 'call'
    /** The avatar of a remote person changed: `media`, or none if they removed it. */
    | 'avatar';
  /** Name of `from`. In an act that a subscriber does: the name in the event, "" for an event without a name. */
  name?: string;
  /** In an act that a subscriber does: path of the sender's new avatar, "" to remove it. */
  avatar?: string;
  /** Id of the message, or of the act itself. */
  id: string;
  from: string;
  to: string;
  text?: string;
  /** In a message that a subscriber sends: replaces `text`. */
  markdown?: string;
  /** The message that the act refers to. */
  target?: string;
  emoji?: string[];
  /** Path of a file on this machine: to send, or as received. */
  media?: {
    path: string;
    as?: string;
    type?: string;
    size?: number;
    sha256?: string;
    name?: string | undefined;
  };
  state?: string;
  code?: string;
  /** Time of the act by the sender's clock; default: now. */
  sentAt?: string;
  /** The sender asks for no receipts. */
  quiet?: boolean;
  /** The adapter asks the network about the sender before it hands the act to the hub. */
  asks?: boolean;
  /** Original time of an act that arrives late. */
  since?: string;
}

export type LinkLine =
  | { op: 'login'; token: string }
  /** `files`: folder for the attachments that the adapter delivers */
  | { op: 'welcome'; files: string }
  | { op: 'do'; act: TestAct; key: string }
  | { op: 'ask'; about: string; key: string }
  /** Answer to `do` and `ask`. */
  | { op: 'done'; key: string; error?: string }
  | { op: 'event'; n: number; act: TestAct }
  | { op: 'ack'; n: number };

/** Sends everything that is written in one turn of the event loop together. */
export function writeLine(socket: Socket, line: LinkLine): void {
  if (!socket.writableCorked) {
    socket.cork();
    setImmediate(() => socket.uncork());
  }
  // Line readers treat these two characters as the end of a line.
  const text = JSON.stringify(line).replace(/[\u2028\u2029]/g, (mark) =>
    mark === '\u2028' ? '\\u2028' : '\\u2029',
  );
  socket.write(`${text}\n`);
}

export const TEST_TOKEN = 'test-network-token';

export class TestNetwork {
  private readonly server: Server;
  /** Attachments that its subscribers received, until the network is closed. */
  private readonly files = new TemporaryFolder();
  /** The instance of the adapter that logged in last. It gets the acts. */
  private link: Socket | undefined;
  private readonly sockets = new Set<Socket>();
  private readonly unacknowledged = new Map<number, TestAct>();
  private counter = 0;
  private readonly taken = new Set<string>();
  private readonly inboxes = new Map<string, TestAct[]>();
  private readonly strangers = new Set<string>();
  private faults: { subscriber: string; code: string; left: number }[] = [];
  private hung = false;
  /** By subscriber: questions that are not answered yet. */
  private readonly held = new Map<string, { socket: Socket; key: string }[]>();
  /** By link, in the order of the logins: how many acts an adapter process delivered. One adapter may have several processes. */
  private readonly deliveries = new Map<Socket, number>();
  /** How often the adapter sent an act that had already arrived: harmless, but worth counting. */
  repeats = 0;
  onAct: ((act: TestAct) => void) | undefined;

  private constructor(readonly slug: string) {
    this.server = createServer((socket) => this.accept(socket));
  }

  static async open(slug: string): Promise<TestNetwork> {
    const network = new TestNetwork(slug);
    await new Promise<void>((resolve) => network.server.listen(0, '127.0.0.1', resolve));
    return network;
  }

  get port(): number {
    const address = this.server.address();
    return address && typeof address === 'object' ? address.port : 0;
  }

  /** A subscriber's timeline, oldest first. */
  inbox(subscriber: string): TestAct[] {
    const inbox = this.inboxes.get(subscriber) ?? [];
    this.inboxes.set(subscriber, inbox);
    return inbox;
  }

  /** A subscriber of this network does something; the id is unique in the network. */
  act(act: Omit<TestAct, 'id'> & { id?: string }): string {
    const n = this.counter++;
    const whole: TestAct = { ...act, id: act.id ?? `${this.slug}-${n}` };
    this.unacknowledged.set(n, whole);
    this.write({ op: 'event', n, act: whole });
    return whole.id;
  }

  /** Sends the same native event again, like a network that missed an acknowledgement. */
  replay(act: TestAct): void {
    const n = this.counter++;
    this.unacknowledged.set(n, act);
    this.write({ op: 'event', n, act });
  }

  /** This subscriber does not exist. */
  knowsNot(subscriber: string): void {
    this.strangers.add(subscriber);
  }

  /** The next deliveries to a subscriber fail with this result code. */
  refuse(subscriber: string, code: string, times: number): void {
    this.faults.push({ subscriber, code, left: times });
  }

  /** Accepts lines and does not answer. */
  hang(hung: boolean): void {
    this.hung = hung;
  }

  /** Does not answer what the adapter asks about this subscriber. @returns what answers it, and everything later */
  hold(subscriber: string): () => void {
    const questions: { socket: Socket; key: string }[] = [];
    this.held.set(subscriber, questions);
    return () => {
      this.held.delete(subscriber);
      for (const { socket, key } of questions) writeLine(socket, { op: 'done', key });
    };
  }

  /** The adapter has acknowledged all acts of the subscribers. */
  get allTaken(): boolean {
    return this.unacknowledged.size === 0;
  }

  /** How many acts each adapter process delivered, in the order of their logins. */
  get deliveredBy(): number[] {
    return [...this.deliveries.values()];
  }

  get linked(): boolean {
    return this.link !== undefined;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.files.remove();
  }

  private accept(socket: Socket): void {
    this.sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      this.sockets.delete(socket);
      if (this.link === socket) this.link = undefined;
    });
    createInterface({ input: socket })
      .on('error', () => socket.destroy())
      .on('line', (line) => this.receive(socket, JSON.parse(line) as LinkLine));
  }

  private receive(socket: Socket, line: LinkLine): void {
    if (line.op === 'login') {
      if (line.token !== TEST_TOKEN) {
        socket.destroy();
        return;
      }
      this.link = socket;
      this.deliveries.set(socket, 0);
      this.write({ op: 'welcome', files: this.files.path });
      for (const [n, act] of this.unacknowledged) this.write({ op: 'event', n, act });
    } else if (line.op === 'ack') {
      this.unacknowledged.delete(line.n);
    } else if (line.op === 'do' && !this.hung) {
      this.deliveries.set(socket, (this.deliveries.get(socket) ?? 0) + 1);
      writeLine(socket, { op: 'done', key: line.key, ...this.take(line) });
    } else if (line.op === 'ask') {
      const held = this.held.get(line.about);
      if (held) held.push({ socket, key: line.key });
      else writeLine(socket, { op: 'done', key: line.key });
    }
  }

  private take({ act, key }: Extract<LinkLine, { op: 'do' }>): { error?: string } {
    if (this.strangers.has(act.to)) return { error: '14' };
    const fault = this.faults.find(({ subscriber, left }) => subscriber === act.to && left > 0);
    if (fault) {
      fault.left--;
      return { error: fault.code };
    }
    if (this.taken.has(key)) {
      this.repeats++;
      return {};
    }
    this.taken.add(key);
    this.inbox(act.to).push(act);
    this.onAct?.(act);
    return {};
  }

  private write(line: LinkLine): void {
    if (this.link) writeLine(this.link, line);
  }
}
