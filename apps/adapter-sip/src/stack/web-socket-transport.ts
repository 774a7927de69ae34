/** SIP over WebSocket (RFC 7118): one message is one WebSocket message. TLS is what stands before it. */
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
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
const TRY_LATER = 1013;

let connections = 0;

export class WebSocketTransport {
  private constructor(private readonly server: WebSocketServer) {}

  /** Of `limits`, an address has no share: all phones come from the address of what stands before it. */
  static async listen(
    host: string,
    port: number,
    events: StreamEvents,
    limits = USUAL_CONNECTIONS,
  ): Promise<WebSocketTransport> {
    const server = new WebSocketServer({
      host,
      port,
      maxPayload: MAX_MESSAGE_BYTES,
      handleProtocols: (offered) => (offered.has(SUBPROTOCOL) ? SUBPROTOCOL : false),
      verifyClient: ({ req }: { req: IncomingMessage }) =>
        (req.headers['sec-websocket-protocol'] ?? '').split(/\s*,\s*/).includes(SUBPROTOCOL),
    });
    server.on('connection', (socket, { socket: connection }) => {
      if (server.clients.size > limits.connections) socket.close(TRY_LATER);
      else serveSocket(socket, connection, events, limits);
    });
    await once(server, 'listening');
    return new WebSocketTransport(server);
  }

  get port(): number {
    const address = this.server.address();
    return typeof address === 'object' ? (address?.port ?? 0) : 0;
  }

  async close(): Promise<void> {
    const closed = once(this.server, 'close');
    for (const socket of this.server.clients) socket.terminate();
    this.server.close();
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
