/** The way out of one TCP connection, where frames can be cut into bytes or held and joined. */
import type { Socket } from 'node:net';
import { inBackground } from '#simulators';
import type { Faults } from './faults.js';
import { type Frame, printFrame } from './sipc-frame.js';

/** A client that does not read is dropped before its frames fill the memory. */
const MAX_UNREAD_BYTES = 32 * 1024 * 1024;

const HALF_OPEN_MS = 2000;

export class Wire {
  private readonly queue: Buffer[] = [];
  private queuedBytes = 0;
  private pumping = false;
  private ending = false;

  constructor(
    private readonly socket: Socket,
    private readonly faults: Faults,
  ) {}

  /** The last word has been said: what still comes in is of no account. */
  get ended(): boolean {
    return this.ending;
  }

  get address(): string {
    return this.socket.remoteAddress ?? '';
  }

  send(frame: Frame): void {
    if (this.socket.destroyed || !this.socket.writable) return;
    const bytes = printFrame(frame);
    if (this.socket.writableLength + this.queuedBytes > MAX_UNREAD_BYTES) {
      this.socket.destroy();
      return;
    }
    if (!this.pumping && !this.faults.splitFrames && !this.faults.joinFor) {
      this.socket.write(bytes);
      return;
    }
    this.queue.push(bytes);
    this.queuedBytes += bytes.length;
    if (!this.pumping) inBackground('Fetion wire', () => this.pump());
  }

  /** Says what is left to say, then hangs up. */
  end(): void {
    if (!this.ending) this.hangUpAnyway();
    this.ending = true;
    if (this.pumping) setTimeout(() => this.end(), 5).unref();
    else this.socket.end();
  }

  /** A client that does not hang up as well would keep the connection half open for ever. */
  private hangUpAnyway(): void {
    setTimeout(() => this.socket.destroy(), HALF_OPEN_MS).unref();
  }

  destroy(): void {
    this.socket.destroy();
  }

  private async pump(): Promise<void> {
    this.pumping = true;
    while (this.queue.length && !this.socket.destroyed) {
      if (this.faults.joinFor) await new Promise((resolve) => setTimeout(resolve, this.faults.joinFor));
      const bytes = Buffer.concat(this.queue.splice(0));
      this.queuedBytes = 0;
      if (this.faults.splitFrames) await this.writeByBytes(bytes);
      else this.socket.write(bytes);
    }
    this.pumping = false;
  }

  private async writeByBytes(bytes: Buffer): Promise<void> {
    for (let at = 0; at < bytes.length && !this.socket.destroyed; at++) {
      this.socket.write(bytes.subarray(at, at + 1));
      // One turn of the loop each, or the kernel would put them together again.
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}
