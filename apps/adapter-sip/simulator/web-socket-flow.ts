/** A connection of a phone that is a web page: each message is one frame (RFC 7118). */
import { WebSocket } from 'ws';
import { Ending, type Flow, type Peer, type Received } from './flow.js';
import { MOST_BYTES, NotSip, parseSip } from './sip-message.js';

export class WebSocketFlow implements Flow {
  readonly transport = 'ws';
  private readonly socket: WebSocket;
  private readonly ending = new Ending();
  /** What is sent before it is open. */
  private readonly waiting: Buffer[] = [];

  constructor(
    private readonly peer: Peer,
    received: Received,
  ) {
    this.socket = new WebSocket(`ws://${peer.host}:${peer.port}/`, 'sip', { maxPayload: MOST_BYTES });
    this.socket.on('open', () => {
      for (const bytes of this.waiting.splice(0)) this.send(bytes);
    });
    this.socket.on('error', () => this.socket.terminate());
    this.socket.once('close', this.ending.tell);
    this.socket.on('message', (data: Buffer) => {
      try {
        received(parseSip(data), this);
      } catch (error) {
        if (!(error instanceof NotSip)) throw error;
        this.cut();
      }
    });
  }

  get isOpen(): boolean {
    return this.socket.readyState === WebSocket.CONNECTING || this.socket.readyState === WebSocket.OPEN;
  }

  get remotePort(): number {
    return this.peer.port;
  }

  send(bytes: Buffer): void {
    if (this.socket.readyState === WebSocket.CONNECTING) this.waiting.push(bytes);
    else if (this.isOpen) this.socket.send(bytes.toString('utf8'));
  }

  onClose(listener: () => void): () => void {
    return this.ending.on(listener);
  }

  toPort(): Flow {
    return this;
  }

  cut(): void {
    this.socket.terminate();
  }
}
