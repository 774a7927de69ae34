/** The little HTTP that the simulators of this folder need, on both sides of the wire. */
import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

export interface Incoming {
  method: string;
  path: string;
  query: URLSearchParams;
  header(name: string): string;
  body: Buffer;
}

/** `hang-up` cuts the connection without a word, as a network does that broke down half-way. */
export type Outgoing =
  { status: number; type: string; body: string | Buffer; headers?: Record<string, string> } | 'hang-up';

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
    const server = createServer((message, response) => {
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
  const outgoing = await handle({
    method: message.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    header: (name) => String(message.headers[name.toLowerCase()] ?? ''),
    body: await readAll(message),
  });
  if (outgoing === 'hang-up') return void response.destroy();
  response.writeHead(outgoing.status, { 'content-type': outgoing.type, ...outgoing.headers });
  response.end(outgoing.body);
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
    // A connection for each call: a kept one may be closed by the other side just when we write to it.
    const call = request(url, { method, headers: { ...headers, connection: 'close' }, agent: false, signal });
    const deadline = setTimeout(() => call.destroy(new Error('no answer in time')), deadlineMs);
    call.on('close', () => clearTimeout(deadline)).on('error', reject);
    call.on('response', (response) => {
      readAll(response).then(
        (bytes) => resolve({ status: response.statusCode ?? 0, body: bytes.toString() }),
        reject,
      );
    });
    call.end(body);
  });
}
