/** A service at a carrier's gateway that knows nothing of its protocol but that packets begin with their length. */
import { connect, type Socket } from 'node:net';

export const hex = (text: string): Buffer => Buffer.from(text.replace(/\s/g, ''), 'hex');

/** A service that speaks in bytes. */
export class RawService {
  private received: Buffer = Buffer.alloc(0);
  private waiting: (() => void)[] = [];
  isClosed = false;

  private constructor(private readonly socket: Socket) {
    const wake = (): void => {
      for (const each of this.waiting.splice(0)) each();
    };
    socket.on('data', (bytes: Buffer) => {
      this.received = Buffer.concat([this.received, bytes]);
      wake();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.isClosed = true;
      wake();
    });
  }

  static async dial(port: number): Promise<RawService> {
    const socket = connect(port, '127.0.0.1');
    await new Promise((resolve) => socket.once('connect', resolve));
    return new RawService(socket);
  }

  send(...parts: (string | Buffer)[]): void {
    this.socket.write(Buffer.concat(parts.map((part) => (typeof part === 'string' ? hex(part) : part))));
  }

  /** The next packet; undefined when the carrier closed the link instead. */
  async packet(): Promise<Buffer | undefined> {
    for (;;) {
      const length = this.received.length >= 4 ? this.received.readUInt32BE() : Infinity;
      if (this.received.length >= length) {
        const packet = this.received.subarray(0, length);
        this.received = this.received.subarray(length);
        return packet;
      }
      if (this.isClosed) return undefined;
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
  }

  close(): void {
    this.socket.destroy();
  }
}
