/** Writer of one TCP connection. By faults.ts it splits frames into bytes, or holds them back and joins them. */
import type { Socket } from 'node:net';
import { inBackground } from '#simulators';
import type { Faults } from './faults.js';
import { type Frame, printFrame } from './sipc-frame.js';

/** Limit for unsent bytes: a client that does not read is disconnected, to bound the memory. */
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

  /** The connection is closing: further input is ignored. */
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

  /** Sends the remaining frames, then closes the connection. */
  end(): void {
    if (!this.ending) this.hangUpAnyway();
    this.ending = true;
    if (this.pumping) setTimeout(() => this.end(), 5).unref();
    else this.socket.end();
  }

  /** A client that does not close its side would keep the connection half open. */
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
      // Write in separate turns of the event loop, or the kernel would join the packets.
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}
