/** A load balancer before several processes: each request goes to the next one. A process that is gone answers 502. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface LoadBalancer {
  url: string;
  /** Addresses of the processes. */
  to: string[];
  stop(): void;
}

export async function loadBalancer(): Promise<LoadBalancer> {
  let turn = 0;
  const to: string[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const { method = 'GET', url = '/' } = request;
      const { host: _host, connection: _connection, 'content-length': _length, ...headers } = request.headers;
      const answer = await fetch(new URL(url, to[turn++ % to.length]), {
        method,
        headers: headers as Record<string, string>,
        ...(method === 'GET' ? {} : { body: Buffer.concat(chunks) }),
      }).catch(() => undefined);
      if (!answer) return response.writeHead(502).end();
      const type = answer.headers.get('content-type');
      response.writeHead(answer.status, type === null ? {} : { 'content-type': type });
      return response.end(Buffer.from(await answer.arrayBuffer()));
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    to,
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
