/** The way of messages to one peer. */
import type { SipMessage } from './sip-message.js';

export type Transport = 'udp' | 'tcp' | 'tls' | 'ws';

export interface Flow {
  readonly transport: Transport;
  readonly isOpen: boolean;
  /** Of the peer. */
  readonly remotePort: number | undefined;
  send(bytes: Buffer): void;
  /** Called once, when a connection ends. @returns a function that forgets the listener */
  onClose(listener: () => void): () => void;
  /** Sends what is an answer to the port in Via, where a client without `rport` waits for it (RFC 3261 §18.2.2). */
  toPort(port: number): Flow;
}

export interface Peer {
  host: string;
  port: number;
}

export type Received = (message: SipMessage, flow: Flow) => void;

/** Whoever waits for the end of a connection. */
export class Ending {
  private readonly listeners = new Set<() => void>();

  on(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  readonly tell = (): void => {
    for (const listener of this.listeners) listener();
  };
}
