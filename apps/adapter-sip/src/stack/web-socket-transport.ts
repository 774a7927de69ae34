/** SIP over WebSocket (RFC 7118): one message is one WebSocket message. TLS is what stands before it. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { Socket } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';
import { HubError } from '#protocol';
import { runInBackground } from '#service';
import { USUAL_CONNECTIONS, type ConnectionLimits } from './connection-limits.js';
import type { Flow } from './flow.js';
import { MAX_MESSAGE_BYTES } from './sip-parser.js';
import type { StreamEvents } from './stream-transport.js';
import { Unfinished } from './unfinished.js';

const MOST_UNFINISHED = 64;
const SUBPROTOCOL = 'sip';
/** How often HTTP connections are checked against their time, ms. */
const CHECK_MS = 1000;

let connections = 0;

export class WebSocketTransport {
  private constructor(
    private readonly server: WebSocketServer,
    private readonly http: Server,
  ) {}

  /** Of `limits`, an address has no share: all phones come from the address of what stands before it. */
  static async listen(
    host: string,
    port: number,
    events: StreamEvents,
    limits = USUAL_CONNECTIONS,
  ): Promise<WebSocketTransport> {
    const { firstMessageMs } = limits;
    const http = createServer({
      headersTimeout: firstMessageMs,
      requestTimeout: firstMessageMs,
      connectionsCheckingInterval: Math.min(firstMessageMs, CHECK_MS),
    });
    // Also those that never ask for a WebSocket.
    http.maxConnections = limits.connections;
    http.on('connection', (socket: Socket) => socket.setTimeout(firstMessageMs, () => socket.destroy()));
    http.on('request', (_request, response) => {
      response.writeHead(426, { connection: 'close' }).end();
    });
    const server = new WebSocketServer({
      server: http,
      maxPayload: MAX_MESSAGE_BYTES,
      handleProtocols: (offered) => (offered.has(SUBPROTOCOL) ? SUBPROTOCOL : false),
      verifyClient: ({ req }: { req: IncomingMessage }) =>
        (req.headers['sec-websocket-protocol'] ?? '').split(/\s*,\s*/).includes(SUBPROTOCOL),
    });
    server.on('connection', (socket, { socket: connection }) =>
      serveSocket(socket, connection, events, limits),
    );
    http.listen(port, host);
    await once(http, 'listening');
    return new WebSocketTransport(server, http);
  }

  get port(): number {
    const address = this.server.address();
    return typeof address === 'object' ? (address?.port ?? 0) : 0;
  }

  async close(): Promise<void> {
    const closed = once(this.http, 'close');
    for (const socket of this.server.clients) socket.terminate();
    this.server.close();
    this.http.close();
    this.http.closeAllConnections();
    await closed;
  }
}

function serveSocket(
  socket: WebSocket,
  connection: Socket,
  { log, received, closed }: StreamEvents,
  { firstMessageMs, idleMs }: ConnectionLimits,
): void {
  const { remoteAddress: address = '', remotePort: port = 0 } = connection;
  connection.setTimeout(firstMessageMs, () => socket.terminate());
  const unfinished = new Unfinished(MOST_UNFINISHED, log);
  const flow: Flow = {
    id: `ws ${++connections}`,
    transport: 'WS',
    reliable: true,
    remote: { address, port },
    get open() {
      return socket.readyState === socket.OPEN;
    },
    send: (bytes) => send(socket, bytes),
  };
  socket.on('error', (error) => log.debug({ flow: flow.id, reason: error.message }, 'SIP over WebSocket'));
  socket.once('close', () => closed(flow));
  socket.on('message', (data) => {
    connection.setTimeout(idleMs);
    const full = unfinished.begin(received(bytesOf(data), flow));
    if (!full) return;
    socket.pause();
    runInBackground('SIP over WebSocket', log, async () => {
      await full;
      socket.resume();
    });
  });
}

function send(socket: WebSocket, bytes: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.send(bytes.toString('utf8'), (error) =>
      error ? reject(new HubError('91', `the WebSocket is closed: ${error.message}`)) : resolve(),
    );
  });
}

function bytesOf(data: Buffer | ArrayBuffer | Buffer[]): Buffer {
  if (Array.isArray(data)) return Buffer.concat(data);
  return Buffer.isBuffer(data) ? data : Buffer.from(data);
}
