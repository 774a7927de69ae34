/** Minimal server of an account for the tests of the simulators: it stores pushes and gives configured answers. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inBackground } from '../../in-background.js';
import { KEEP_ALIVE } from '../../keep-alive.js';
import { readAll } from '../http.js';

export interface Received {
  method: string;
  query: Record<string, string>;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

export type Reply = { status?: number; body?: string } | 'silence';

export class Receiver {
  readonly received: Received[] = [];
  /** Used up one by one; then `success`. */
  readonly replies: (Reply | ((push: Received) => Reply))[] = [];
  private readonly server: Server;

  private constructor(private readonly check: (query: Record<string, string>) => string) {
    this.server = createServer(KEEP_ALIVE, (request, response) => {
      inBackground('receiver', async () => {
        const bytes = await readAll(request);
        const url = new URL(request.url ?? '/', 'http://localhost');
        const query = Object.fromEntries(url.searchParams);
        if (request.method === 'GET') {
          response.end(this.check(query));
          return;
        }
        const push = { method: 'POST', query, headers: request.headers, body: bytes.toString() };
        this.received.push(push);
        const next = this.replies.shift() ?? { body: 'success' };
        const reply = typeof next === 'function' ? next(push) : next;
        if (reply !== 'silence') response.writeHead(reply.status ?? 200).end(reply.body ?? '');
      });
    });
  }

  /** @param check what to answer to the check of the address */
  static async open(check = (query: Record<string, string>) => query['echostr'] ?? ''): Promise<Receiver> {
    const receiver = new Receiver(check);
    await new Promise<void>((resolve) => receiver.server.listen(0, '127.0.0.1', resolve));
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/callback?own=1`;
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.server.closeAllConnections();
    await closed;
  }
}
