/** All ways of messages: datagrams of one UDP port, and connections in both directions. */
import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { connect, createServer, isIP, type AddressInfo, type Server } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { SipFaults } from './faults.js';
import type { Flow, Peer, Received, Transport } from './flow.js';
import { NotSip, parseSip } from './sip-message.js';
import { StreamFlow } from './stream-flow.js';
import { WebSocketFlow } from './web-socket-flow.js';

const HOST = '127.0.0.1';

export interface FlowsOptions {
  /** One for UDP and TCP; 0: a free one. */
  port: number;
  received: Received;
  faults: SipFaults;
  /** Certificate (PEM) by which the server is known, for TLS. */
  ca?: string | undefined;
}

export class Flows {
  private readonly connections = new Set<StreamFlow | WebSocketFlow>();

  private constructor(
    private readonly udp: UdpSocket,
    private readonly tcp: Server,
    private readonly options: FlowsOptions,
  ) {}

  /** @throws Error if the port is taken */
  static async open(options: FlowsOptions): Promise<Flows> {
    const tcp = createServer({ noDelay: true });
    await listening(tcp, (done) => tcp.listen(options.port, HOST, done));
    const udp = createSocket({ type: 'udp4', recvBufferSize: 4 * 1024 * 1024 });
    const both = (tcp.address() as AddressInfo).port;
    try {
      await listening(udp, (done) => udp.bind(both, HOST, done));
    } catch (error) {
      tcp.close();
      throw error;
    }
    const flows = new Flows(udp, tcp, options);
    tcp.on('connection', (socket) =>
      flows.adopt(new StreamFlow('tcp', socket, options.faults, options.received)),
    );
    udp.on('message', (bytes, { address, port }) => flows.datagram(bytes, { host: address, port }));
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
  dial(peer: Peer, transport: Exclude<Transport, 'udp'>): Flow {
    const { faults, received, ca } = this.options;
    switch (transport) {
      case 'tcp':
        return this.adopt(new StreamFlow('tcp', connect({ ...peer, noDelay: true }), faults, received));
      case 'tls': {
        // An address is no name of a server (RFC 6066 §3).
        const servername = isIP(peer.host) ? '' : peer.host;
        const socket = connectTls({ ...peer, servername, ...(ca === undefined ? {} : { ca }) });
        return this.adopt(new StreamFlow('tls', socket, faults, received));
      }
      case 'ws':
        return this.adopt(new WebSocketFlow(peer, received));
    }
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

  private adopt<Connection extends StreamFlow | WebSocketFlow>(flow: Connection): Connection {
    this.connections.add(flow);
    flow.onClose(() => this.connections.delete(flow));
    return flow;
  }

  private datagram(bytes: Buffer, from: Peer): void {
    // Line ends keep a way through a router open (RFC 5626 §3.5.1).
    if (bytes.length <= 4 && bytes.toString().trim() === '') return;
    try {
      this.options.received(parseSip(bytes), this.datagramsTo(from));
    } catch (error) {
      // What is no SIP has no sender to whom an error could be told.
      if (!(error instanceof NotSip)) throw error;
    }
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

function listening(socket: Server | UdpSocket, start: (done: () => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    start(() => {
      socket.off('error', reject);
      resolve();
    });
  });
}
