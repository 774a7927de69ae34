/** SIP over UDP: one message is one datagram (RFC 3261 §18). */
import { createSocket, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import { once } from 'node:events';
import { HubError } from '#protocol';
import { guarded, LruCache, runInBackground, type Log } from '#service';
import type { Flow, Received } from './flow.js';

const MOST_PEERS = 20_000;

export class UdpTransport {
  private readonly flows = new LruCache<string, Flow>({ max: MOST_PEERS });
  private isOpen = true;

  private constructor(private readonly socket: Socket) {}

  static async open(host: string, port: number, log: Log, received: Received): Promise<UdpTransport> {
    const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4');
    const transport = new UdpTransport(socket);
    socket.on('message', (bytes, { address, port: from }) => {
      // Keep-alive of RFC 5626 §3.5.1 and of phones that send a zero byte: no message.
      if (bytes.length <= 4) return;
      runInBackground('SIP datagram', log, () => received(bytes, transport.flow(address, from)));
    });
    socket.bind(port, host);
    await once(socket, 'listening');
    socket.on(
      'error',
      guarded('SIP datagram socket', log, (error: Error) => {
        throw error;
      }),
    );
    return transport;
  }

  get port(): number {
    return this.socket.address().port;
  }

  flow(address: string, port: number): Flow {
    const id = `udp ${address}:${port}`;
    const known = this.flows.get(id);
    if (known) return known;
    const isOpen = () => this.isOpen;
    const flow: Flow = {
      id,
      transport: 'UDP',
      reliable: false,
      remote: { address, port },
      get open() {
        return isOpen();
      },
      send: (bytes) => this.send(bytes, address, port),
    };
    this.flows.set(id, flow);
    return flow;
  }

  async close(): Promise<void> {
    if (!this.isOpen) return;
    this.isOpen = false;
    const closed = once(this.socket, 'close');
    this.socket.close();
    await closed;
  }

  private send(bytes: Buffer, address: string, port: number): Promise<void> {
    if (!this.isOpen) return Promise.reject(new HubError('91', 'the SIP datagram socket is closed'));
    return new Promise((resolve, reject) => {
      this.socket.send(bytes, port, address, (error) =>
        error ? reject(new HubError('91', `no datagram to ${address}: ${error.message}`)) : resolve(),
      );
    });
  }
}
