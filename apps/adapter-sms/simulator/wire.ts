/** A TCP link as packets that begin with their length in four bytes, which all four protocols have. */
import type { Socket } from 'node:net';
import { inBackground } from '#simulators';
import { Malformed } from './bytes.js';

const LENGTH_BYTES = 4;
/** Bytes that wait for a service that does not read them. */
const MOST_UNREAD = 1 << 20;

export interface Framing {
  /** Length of the smallest and largest packet. */
  least: number;
  most: number;
}

export class Wire {
  private rest: Buffer = Buffer.alloc(0);
  private isOpen = true;

  constructor(
    private readonly socket: Socket,
    private readonly framing: Framing,
    /** Sends every byte by itself. */
    private readonly split: () => boolean,
    events: { onFrame: (frame: Buffer) => void; onClose: () => void },
  ) {
    socket.setNoDelay(true);
    socket.on('data', (bytes: Buffer) => {
      try {
        this.read(bytes, events.onFrame);
      } catch (error) {
        // A peer whose packets cannot be read is out of step: nothing after this one has a meaning.
        if (!(error instanceof Malformed)) inBackground('a packet', () => Promise.reject(error));
        this.close();
      }
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      this.isOpen = false;
      events.onClose();
    });
  }

  send(frame: Buffer): void {
    if (!this.isOpen) return;
    if (this.socket.writableLength > MOST_UNREAD) return this.close();
    if (this.split()) for (const byte of frame) this.socket.write(Buffer.from([byte]));
    else this.socket.write(frame);
  }

  /** After what was sent. */
  end(): void {
    this.socket.end();
  }

  close(): void {
    this.isOpen = false;
    this.socket.destroy();
  }

  private read(bytes: Buffer, onFrame: (frame: Buffer) => void): void {
    this.rest = this.rest.length === 0 ? bytes : Buffer.concat([this.rest, bytes]);
    let at = 0;
    while (this.isOpen && this.rest.length - at >= LENGTH_BYTES) {
      const length = this.rest.readUInt32BE(at);
      if (length < this.framing.least || length > this.framing.most)
        throw new Malformed(`a packet of ${length} bytes`);
      if (this.rest.length - at < length) break;
      onFrame(this.rest.subarray(at, at + length));
      at += length;
    }
    this.rest = Buffer.from(this.rest.subarray(at));
  }
}
