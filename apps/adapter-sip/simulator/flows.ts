/** The ways of a message on the loopback interface: datagrams of one UDP port, and TCP connections in both directions. */
import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { SipFaults } from './faults.js';
import { NotSip, parseSip, type SipMessage } from './sip-message.js';
import { StreamReader } from './stream-reader.js';

export type Transport = 'udp' | 'tcp';

/** Where messages to one peer go. */
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

const HOST = '127.0.0.1';
const PONG = Buffer.from('\r\n');

export class Flows {
  private readonly connections = new Set<TcpFlow>();

  private constructor(
    private readonly udp: UdpSocket,
    private readonly tcp: Server,
    private readonly received: Received,
    private readonly faults: SipFaults,
  ) {}

  /** One port for both transports. @throws Error if it is taken */
  static async open(port: number, received: Received, faults: SipFaults): Promise<Flows> {
    const tcp = createServer({ noDelay: true });
    await listening(tcp, (done) => tcp.listen(port, HOST, done));
    const udp = createSocket({ type: 'udp4', recvBufferSize: 4 * 1024 * 1024 });
    const both = (tcp.address() as AddressInfo).port;
    try {
      await listening(udp, (done) => udp.bind(both, HOST, done));
    } catch (error) {
      tcp.close();
      throw error;
    }
    const flows = new Flows(udp, tcp, received, faults);
    tcp.on('connection', (socket) => flows.adopt(socket));
    udp.on('message', (bytes, { address, port: from }) =>
      flows.datagram(bytes, { host: address, port: from }),
    );
    // A closed port of the peer: what was sent is not answered, as with any other loss.
    udp.on('error', () => undefined);
    return flows;
  }

  get host(): string {
    return HOST;
  }

  get port(): number {
    return this.udp.address().port;
  }

  datagramsTo(peer: Peer): Flow {
    return new UdpFlow(this.udp, peer);
  }

  /** What is sent before it is connected waits. */
  dial({ host, port }: Peer): Flow {
    return this.adopt(connect({ host, port, noDelay: true }));
  }

  /** Cuts all connections. */
  cut(): void {
    for (const each of this.connections) each.cut();
  }

  async close(): Promise<void> {
    this.cut();
    await Promise.all([
      new Promise<void>((resolve) => this.udp.close(resolve)),
      new Promise<void>((resolve) => this.tcp.close(() => resolve())),
    ]);
  }

  private adopt(socket: Socket): TcpFlow {
    const flow = new TcpFlow(socket, this.faults);
    this.connections.add(flow);
    flow.onClose(() => this.connections.delete(flow));
    const reader = new StreamReader(() => flow.send(PONG));
    socket.on('data', (chunk) => {
      try {
        for (const message of reader.push(chunk)) this.received(message, flow);
      } catch (error) {
        if (!(error instanceof NotSip)) throw error;
        flow.cut();
      }
    });
    return flow;
  }

  private datagram(bytes: Buffer, from: Peer): void {
    // Line ends keep a way through a router open (RFC 5626 §3.5.1).
    if (bytes.length <= 4 && bytes.toString().trim() === '') return;
    const flow = this.datagramsTo(from);
    let message: SipMessage;
    try {
      message = parseSip(bytes);
    } catch (error) {
      // What is no SIP has no sender to whom an error could be told.
      if (error instanceof NotSip) return;
      throw error;
    }
    this.received(message, flow);
  }
}

class UdpFlow implements Flow {
  readonly transport = 'udp';
  readonly isOpen = true;

  constructor(
    private readonly socket: UdpSocket,
    private readonly peer: Peer,
  ) {}

  get remotePort(): number {
    return this.peer.port;
  }

  send(bytes: Buffer): void {
    this.socket.send(bytes, this.peer.port, this.peer.host);
  }

  onClose(): () => void {
    // Datagrams have no end.
    return () => undefined;
  }

  toPort(port: number): Flow {
    return new UdpFlow(this.socket, { ...this.peer, port });
  }
}

class TcpFlow implements Flow {
  readonly transport = 'tcp';
  private readonly listeners = new Set<() => void>();

  constructor(
    private readonly socket: Socket,
    private readonly faults: SipFaults,
  ) {
    socket.on('error', () => socket.destroy());
    socket.once('close', () => {
      for (const listener of this.listeners) listener();
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
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** An answer goes back over the connection of its request. */
  toPort(): Flow {
    return this;
  }

  cut(): void {
    this.socket.destroy();
  }
}

function listening(socket: Server | UdpSocket, start: (done: () => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    start(() => {
      socket.off('error', reject);
      resolve();
    });
  });
}
