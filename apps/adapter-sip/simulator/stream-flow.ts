/** A connection over TCP or TLS. */
import type { Socket } from 'node:net';
import type { SipFaults } from './faults.js';
import { Ending, type Flow, type Received } from './flow.js';
import { NotSip } from './sip-message.js';
import { StreamReader } from './stream-reader.js';

const PONG = Buffer.from('\r\n');

export class StreamFlow implements Flow {
  private readonly ending = new Ending();

  constructor(
    readonly transport: 'tcp' | 'tls',
    private readonly socket: Socket,
    private readonly faults: SipFaults,
    received: Received,
  ) {
    socket.on('error', () => socket.destroy());
    socket.once('close', this.ending.tell);
    const reader = new StreamReader(() => this.send(PONG));
    socket.on('data', (chunk) => {
      try {
        for (const message of reader.push(chunk)) received(message, this);
      } catch (error) {
        if (!(error instanceof NotSip)) throw error;
        this.cut();
      }
    });
  }

  get isOpen(): boolean {
    return !this.socket.destroyed && this.socket.writable;
  }

  get remotePort(): number | undefined {
    return this.socket.remotePort;
  }

  send(bytes: Buffer): void {
    if (!this.isOpen) return;
    if (!this.faults.splitFrames) this.socket.write(bytes);
    else for (let at = 0; at < bytes.length; at++) this.socket.write(bytes.subarray(at, at + 1));
  }

  onClose(listener: () => void): () => void {
    return this.ending.on(listener);
  }

  /** An answer goes back over the connection of its request. */
  toPort(): Flow {
    return this;
  }

  cut(): void {
    this.socket.destroy();
  }
}
