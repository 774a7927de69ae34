/** A protocol in the manner of SMPP: length, command, sequence number, text. The highest bit of a command marks a response. */
import { duplexPair, type Duplex } from 'node:stream';
import { FrameReader, lengthPrefixed, type SessionProtocol } from '../src/index.js';
import { settle } from '../../../test/support/fake-clock.js';

export interface ToyFrame {
  command: 'login' | 'submit' | 'deliver' | 'alive' | 'bye';
  response: boolean;
  sequence: number;
  text: string;
}

const COMMANDS = ['login', 'submit', 'deliver', 'alive', 'bye'] as const;
const HEADER = 9;
const RESPONSE = 0x80;

export const toyCodec = lengthPrefixed<ToyFrame>({
  minFrameBytes: HEADER,
  maxFrameBytes: 200,
  encode({ command, response, sequence, text }) {
    const body = Buffer.from(text);
    const head = Buffer.alloc(HEADER);
    head.writeUInt32BE(HEADER + body.length, 0);
    head.writeUInt8(COMMANDS.indexOf(command) + (response ? RESPONSE : 0), 4);
    head.writeUInt32BE(sequence, 5);
    return Buffer.concat([head, body]);
  },
  read(bytes) {
    const code = bytes.readUInt8(4);
    return {
      command: COMMANDS[code % RESPONSE] ?? 'bye',
      response: code >= RESPONSE,
      sequence: bytes.readUInt32BE(5),
      text: bytes.subarray(HEADER).toString(),
    };
  },
});

export const toyProtocol: SessionProtocol<ToyFrame> = {
  peer: 'Toyland',
  codec: toyCodec,
  kindOf: ({ response, text }) => (!response ? 'request' : text === 'working' ? 'provisional' : 'response'),
  correlationId: ({ command, sequence }) => `${command} ${sequence}`,
  nameOf: ({ command }) => command,
  automaticAnswer: (frame) => (frame.command === 'alive' ? responseTo(frame) : undefined),
};

export function request(command: ToyFrame['command'], text = '') {
  return (sequence: number): ToyFrame => ({ command, response: false, sequence, text });
}

export function responseTo(frame: ToyFrame, text = 'ok'): ToyFrame {
  return { ...frame, response: true, text };
}

/** The other end of a connection, as a test plays it. */
export class ToyPeer {
  readonly received: ToyFrame[] = [];
  closed = false;
  private readonly reader = new FrameReader(toyCodec);

  /** @param answers what this peer answers by itself; undefined: nothing, until the test says so */
  constructor(
    private readonly socket: Duplex,
    private readonly answers: (frame: ToyFrame) => ToyFrame | undefined = () => undefined,
  ) {
    socket.on('data', (chunk: Buffer) => {
      for (const frame of this.reader.read(chunk)) {
        this.received.push(frame);
        const answer = this.answers(frame);
        if (answer) this.write(toyCodec.encode(answer));
      }
    });
    socket.on('end', () => (this.closed = true));
    socket.on('close', () => (this.closed = true));
    socket.on('error', () => (this.closed = true));
  }

  /** What came, as "submit hello". */
  get said(): string[] {
    return this.received.map(({ command, text }) => `${command} ${text}`.trim());
  }

  async send(...frames: ToyFrame[]): Promise<void> {
    this.write(Buffer.concat(frames.map((frame) => toyCodec.encode(frame))));
    await settle();
  }

  async sendBytes(bytes: Buffer): Promise<void> {
    this.write(bytes);
    await settle();
  }

  async hangUp(): Promise<void> {
    this.socket.end();
    await settle();
  }

  private write(bytes: Buffer): void {
    this.socket.write(bytes);
  }
}

/** Two ends of one connection: ours, and the peer's. */
export function connection(): [ours: Duplex, theirs: Duplex] {
  const [ours, theirs] = duplexPair();
  return [ours, theirs];
}
