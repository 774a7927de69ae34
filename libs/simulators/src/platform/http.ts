/** HTTP client and server functions of the simulators in this folder. */
import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { KEEP_ALIVE } from '../keep-alive.js';

export interface Incoming {
  method: string;
  path: string;
  query: URLSearchParams;
  header(name: string): string;
  body: Buffer;
}

export interface Answer {
  status: number;
  type: string;
  body: string | Buffer;
  headers?: Record<string, string>;
  /** The connection is lost after half of the body. */
  breaksOff?: boolean;
}

/** `hang-up` closes the connection without an answer, like a network failure during a request. */
export type Outgoing = Answer | 'hang-up';

/** Maximum body size: the largest file that a platform accepts is 20 MB, and a form adds its headers. */
const MAX_BODY = 25 * 1024 * 1024;

export function json(body: unknown): Outgoing {
  return { status: 200, type: 'application/json; encoding=utf-8', body: JSON.stringify(body) };
}

export async function readAll(stream: AsyncIterable<unknown>): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

export class HttpDoor {
  private constructor(private readonly server: Server) {}

  static async open(port: number, handle: (call: Incoming) => Promise<Outgoing>): Promise<HttpDoor> {
    const server = createServer(KEEP_ALIVE, (message, response) => {
      answer(message, response, handle).catch(() => response.destroy());
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(port, '127.0.0.1', resolve);
    });
    return new HttpDoor(server);
  }

  get url(): string {
    const address = this.server.address();
    return `http://127.0.0.1:${address && typeof address === 'object' ? address.port : 0}`;
  }

  /** Requests for a WebSocket. Without a listener they are answered like any other request. */
  onUpgrade(listener: (request: IncomingMessage, socket: Duplex, head: Buffer) => void): void {
    this.server.on('upgrade', listener);
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.server.closeAllConnections();
    await closed;
  }
}

async function answer(
  message: IncomingMessage,
  response: ServerResponse,
  handle: (call: Incoming) => Promise<Outgoing>,
): Promise<void> {
  const url = new URL(message.url ?? '/', 'http://localhost');
  const body = await readAtMost(message, MAX_BODY);
  if (!body) {
    response.writeHead(413, { connection: 'close' }).end();
    return;
  }
  const outgoing = await handle({
    method: message.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    header: (name) => String(message.headers[name.toLowerCase()] ?? ''),
    body,
  });
  if (outgoing === 'hang-up') {
    response.destroy();
    return;
  }
  const bytes = typeof outgoing.body === 'string' ? Buffer.from(outgoing.body) : outgoing.body;
  response.writeHead(outgoing.status, {
    'content-type': outgoing.type,
    'content-length': bytes.length,
    ...outgoing.headers,
  });
  if (!outgoing.breaksOff) {
    response.end(bytes);
    return;
  }
  response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => response.destroy());
}

/** Reads a body that is too large to its end: a client that is still writing does not read the answer. */
async function readAtMost(stream: AsyncIterable<unknown>, limit: number): Promise<Buffer | undefined> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of stream) {
    size += (part as Buffer).length;
    if (size <= limit) parts.push(part as Buffer);
  }
  return size <= limit ? Buffer.concat(parts) : undefined;
}

export interface Asked {
  method: 'GET' | 'POST';
  body?: string;
  headers?: Record<string, string>;
  deadlineMs: number;
  signal: AbortSignal;
}

/** @throws Error when there is no answer before the deadline */
export async function ask(
  url: URL,
  { method, body, headers, deadlineMs, signal }: Asked,
): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    // A new connection for each call: the peer may close an idle one while we write to it.
    const call = request(url, { method, headers: { ...headers, connection: 'close' }, agent: false, signal });
    const deadline = setTimeout(() => call.destroy(new Error('no answer in time')), deadlineMs);
    call.on('close', () => clearTimeout(deadline)).on('error', reject);
    call.on('response', (response) => {
      readAll(response)
        .then((bytes) => resolve({ status: response.statusCode ?? 0, body: bytes.toString() }))
        .catch(reject);
    });
    call.end(body);
  });
}
