/**
 * A load balancer before several processes: each request goes to the next one. A process that is gone answers 502. It can repeat
 * what it passed on, as a platform does that takes an answer for lost.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { seededRandom } from './amounts.js';

interface Request {
  method: string;
  url: string;
  headers: Record<string, string>;
  body: Buffer;
}

interface Answer {
  status: number;
  headers: Headers;
  body: Buffer;
}

export interface LoadBalancer {
  url: string;
  /** Addresses of the processes. */
  to: string[];
  /** Passes on again, this often and in any order, what was accepted since the last time. */
  repeat(times: number): Promise<void>;
  stop(): void;
}

export async function loadBalancer(): Promise<LoadBalancer> {
  let turn = 0;
  const to: string[] = [];
  let accepted: Request[] = [];
  /** @returns undefined when the process is gone, or was killed before the end of its answer */
  const passOn = async ({ url, ...init }: Request): Promise<Answer | undefined> => {
    const body = init.method === 'GET' ? {} : { body: init.body };
    try {
      const { method, headers } = init;
      const answer = await fetch(new URL(url, to[turn++ % to.length]), { method, headers, ...body });
      return {
        status: answer.status,
        headers: answer.headers,
        body: Buffer.from(await answer.arrayBuffer()),
      };
    } catch {
      return undefined;
    }
  };
  const answerTo = async (incoming: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const { method = 'GET', url = '/' } = incoming;
    const { host: _host, connection: _connection, 'content-length': _length, ...headers } = incoming.headers;
    const request = { method, url, headers: headers as Record<string, string>, body: Buffer.concat(chunks) };
    const answer = await passOn(request);
    if (!answer) return response.writeHead(502).end();
    if (answer.status < 300) accepted.push(request);
    const { connection: _closes, 'transfer-encoding': _chunks, ...more } = Object.fromEntries(answer.headers);
    return response.writeHead(answer.status, more).end(answer.body);
  };
  const server = createServer((incoming, response) => {
    // The platform ended its connection in the middle of a request.
    answerTo(incoming, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    to,
    repeat: async (times) => {
      const random = seededRandom();
      const copies = Array.from({ length: times }, () => accepted).flat();
      accepted = [];
      const shuffled = copies
        .map((copy) => ({ copy, at: random() }))
        .toSorted((one, other) => one.at - other.at);
      await Promise.all(shuffled.map(({ copy }) => passOn(copy)));
    },
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
