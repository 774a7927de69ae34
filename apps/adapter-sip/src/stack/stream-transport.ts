/** SIP over TCP and TLS: connections that peers open, and those that we dial (RFC 3261 §18). */
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { connect as connectTls, createServer as createTlsServer, type TlsOptions } from 'node:tls';
import { FrameReader } from '#adapter-session';
import { HubError, toHubError } from '#protocol';
import { guarded, runInBackground, type Log } from '#service';
import { PlacesOfAddresses, USUAL_CONNECTIONS, type ConnectionLimits } from './connection-limits.js';
import type { Flow, Received } from './flow.js';
import { sipFrames } from './stream-framing.js';
import { Unfinished } from './unfinished.js';

const CONNECT_MS = 10_000;
const MOST_UNFINISHED = 64;
const PING = '\r\n\r\n';
const PONG = '\r\n';

export interface StreamEvents {
  log: Log;
  received: Received;
  closed: (flow: Flow) => void;
}

let connections = 0;

export class StreamTransport {
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly transport: 'TCP' | 'TLS',
    private readonly server: Server,
    private readonly events: StreamEvents,
    private readonly limits: ConnectionLimits,
  ) {
    const places = new PlacesOfAddresses(limits.ofAddress);
    server.maxConnections = limits.connections;
    // With TLS before the handshake too.
    server.on(
      'connection',
      guarded('SIP connection', events.log, (socket: Socket) => {
        if (!places.take(socket)) socket.destroy();
      }),
    );
  }

  static async listen(
    { host, port, tls }: { host: string; port: number; tls?: TlsOptions | undefined },
    events: StreamEvents,
    limits = USUAL_CONNECTIONS,
  ): Promise<StreamTransport> {
    const server = tls
      ? createTlsServer({ handshakeTimeout: limits.firstMessageMs, ...tls })
      : createServer();
    // After the time of a handshake Node only says so, and leaves the connection open.
    server.on('tlsClientError', (_error, socket: Socket) => socket.destroy());
    const transport = new StreamTransport(tls ? 'TLS' : 'TCP', server, events, limits);
    server.on(tls ? 'secureConnection' : 'connection', (socket: Socket) => transport.serve(socket));
    server.listen(port, host);
    await once(server, 'listening');
    return transport;
  }

  get port(): number {
    const address = this.server.address();
    return typeof address === 'object' ? (address?.port ?? 0) : 0;
  }

  async close(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  private serve(socket: Socket): void {
    if (socket.destroyed) return;
    this.sockets.add(socket);
    socket.once('close', () => this.sockets.delete(socket));
    serveSocket(socket, this.transport, this.events, this.limits);
  }
}

/** @throws HubError 91 */
export async function dialStream(
  transport: 'TCP' | 'TLS',
  { host, port }: { host: string; port: number },
  events: StreamEvents,
): Promise<Flow> {
  const socket = transport === 'TLS' ? connectTls({ host, port, servername: host }) : connect({ host, port });
  socket.setTimeout(CONNECT_MS, () => socket.destroy(new Error('it does not answer')));
  try {
    await once(socket, transport === 'TLS' ? 'secureConnect' : 'connect');
  } catch (error) {
    socket.destroy();
    throw new HubError('91', `${transport} to ${host}:${port}: ${toHubError(error).detail}`);
  }
  return serveSocket(socket, transport, events, USUAL_CONNECTIONS);
}

function serveSocket(
  socket: Socket,
  transport: 'TCP' | 'TLS',
  events: StreamEvents,
  { firstMessageMs, idleMs }: ConnectionLimits,
): Flow {
  const flow: Flow = {
    id: `${transport.toLowerCase()} ${++connections}`,
    transport,
    reliable: true,
    remote: { address: socket.remoteAddress ?? '', port: socket.remotePort ?? 0 },
    get open() {
      return socket.writable;
    },
    send: (bytes) => write(socket, bytes),
  };
  socket.setKeepAlive(true, 60_000);
  socket.setTimeout(firstMessageMs, () => socket.destroy());
  socket.on('error', (error) => events.log.debug({ flow: flow.id, reason: error.message }, 'SIP connection'));
  socket.once('close', () => events.closed(flow));
  runInBackground('SIP connection', events.log, () => readAll(socket, flow, events, idleMs));
  return flow;
}

async function readAll(
  socket: Socket,
  flow: Flow,
  { log, received }: StreamEvents,
  idleMs: number,
): Promise<void> {
  const reader = new FrameReader(sipFrames);
  const unfinished = new Unfinished(MOST_UNFINISHED, log);
  try {
    for await (const chunk of socket as AsyncIterable<Buffer>) {
      if (chunk.length === PING.length && chunk.toString('latin1') === PING) socket.write(PONG);
      for (const frame of reader.read(chunk)) {
        socket.setTimeout(idleMs);
        const full = unfinished.begin(received(frame, flow));
        if (full) await full;
      }
    }
  } catch (error) {
    log.debug({ flow: flow.id, reason: toHubError(error).detail }, 'SIP connection ended');
  } finally {
    socket.destroy();
  }
}

function write(socket: Socket, bytes: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.write(bytes, (error) =>
      error ? reject(new HubError('91', `the SIP connection is closed: ${error.message}`)) : resolve(),
    );
  });
}
