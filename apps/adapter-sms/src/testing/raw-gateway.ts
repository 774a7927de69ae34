/** A gateway that knows nothing but lengths: tests write its bytes by hand, so that no codec is checked against itself. */
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { duplexPair, type Duplex } from 'node:stream';
import { until } from '../../../../test/support/until.js';

export const RESPONSE = 0x8000_0000;

/** Bytes of a fixed field of text. */
export function padded(text: string, length: number): Buffer {
  return Buffer.concat([Buffer.from(text, 'latin1'), Buffer.alloc(length - text.length)]);
}

export function u8(...values: number[]): Buffer {
  return Buffer.from(values);
}

export function u32(...values: number[]): Buffer {
  return Buffer.concat(values.map((value) => Buffer.from(value.toString(16).padStart(8, '0'), 'hex')));
}

export function hex(digits: string): Buffer {
  return Buffer.from(digits.replaceAll(/\s/g, ''), 'hex');
}

/** Length and command before the rest: sequence number and body. */
export function rawFrame(command: number, ...rest: Buffer[]): Buffer {
  const body = Buffer.concat(rest);
  return Buffer.concat([u32(body.length + 8, command), body]);
}

export function commandOf(frame: Buffer): number {
  return frame.readUInt32BE(4);
}

/** What a gateway answers by itself; undefined: nothing. */
export type Answers = (frame: Buffer, connection: number) => Buffer | undefined;

/** The other end of one connection. */
export class RawConnection {
  readonly received: Buffer[] = [];
  closed = false;
  private pending = Buffer.alloc(0);

  constructor(
    readonly socket: Duplex,
    private readonly answers: (frame: Buffer) => Buffer | undefined = () => undefined,
  ) {
    socket.on('data', (chunk: Buffer) => this.read(chunk));
    for (const event of ['end', 'close', 'error']) socket.on(event, () => (this.closed = true));
  }

  send(...frames: Buffer[]): void {
    this.socket.write(Buffer.concat(frames));
  }

  /** Frames of this command. */
  all(command: number): Buffer[] {
    return this.received.filter((frame) => commandOf(frame) === command);
  }

  private read(chunk: Buffer): void {
    this.pending = Buffer.concat([this.pending, chunk]);
    while (this.pending.length >= 4 && this.pending.length >= this.pending.readUInt32BE(0)) {
      const frame = this.pending.subarray(0, this.pending.readUInt32BE(0));
      this.pending = this.pending.subarray(frame.length);
      this.received.push(frame);
      const answer = this.answers(frame);
      if (answer) this.socket.write(answer);
    }
  }

  /** The frame of this command that came n-th, from 0. */
  async frame(command: number, nth = 0): Promise<Buffer> {
    await until(
      `frame ${nth} of the command 0x${command.toString(16)}`,
      () => this.all(command).length > nth,
    );
    return this.all(command)[nth] ?? Buffer.alloc(0);
  }
}

export class RawGateway {
  readonly connections: RawConnection[] = [];
  private constructor(private readonly server: Server) {}

  static async open(answers: Answers): Promise<RawGateway> {
    const server = createServer();
    const gateway = new RawGateway(server);
    server.on('connection', (socket) => {
      const nth = gateway.connections.length;
      gateway.connections.push(new RawConnection(socket, (frame) => answers(frame, nth)));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return gateway;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** The newest connection. */
  get latest(): RawConnection {
    const latest = this.connections.at(-1);
    if (!latest) throw new Error('nobody has connected');
    return latest;
  }

  async close(): Promise<void> {
    for (const { socket } of this.connections) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

/** Dials a listener of ours as soon as it listens, as a gateway of SGIP does. */
export async function dialAsGateway(port: number): Promise<RawConnection> {
  let socket: Socket | undefined;
  await until('a listener', async () => (socket = await dialled(port)) !== undefined);
  if (!socket) throw new Error('nobody listens');
  return new RawConnection(socket);
}

function dialled(port: number): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(socket)).once('error', () => resolve(undefined));
  });
}

/** Connections within this process: for tests that have a clock of their own. */
export class RawDials {
  readonly connections: RawConnection[] = [];
  reachable = true;

  constructor(private readonly answers: Answers) {}

  readonly dial = (): Promise<Duplex> => {
    if (!this.reachable) return Promise.reject(new Error('nobody listens'));
    const [ours, theirs] = duplexPair();
    const nth = this.connections.length;
    this.connections.push(new RawConnection(theirs, (frame) => this.answers(frame, nth)));
    return Promise.resolve(ours);
  };

  /** The newest connection. */
  get latest(): RawConnection {
    const latest = this.connections.at(-1);
    if (!latest) throw new Error('nobody has connected');
    return latest;
  }
}
