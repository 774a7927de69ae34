/** Sits between an adapter and its network and keeps all that the adapter sends. */
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface Sent {
  /** `POST /cgi-bin/message/custom/send` */
  line: string;
  body: string;
}

/** What a platform answers instead of carrying out a call. */
export interface Refusal {
  status: number;
  body: object;
}

export interface Tap {
  url: string;
  sent: Sent[];
  /** Calls that are answered so, and do not reach the server. */
  refuses: ((line: string) => Refusal | undefined) | undefined;
  /** What came back, in the same order. */
  answers: string[];
  stop(): Promise<void>;
}

/** In front of an HTTP server. @param rewrite changes what the server answers, before the adapter reads it */
export async function tapHttp(
  target: string,
  rewrite = (answer: string) => answer,
  sent: Sent[] = [],
): Promise<Tap> {
  const answers: string[] = [];
  const tap: Pick<Tap, 'refuses'> = { refuses: undefined };
  const pass = async (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method = 'GET', url = '/' } = request;
    const body = Buffer.concat(chunks);
    const line = `${method} ${url.split('?')[0]}`;
    sent.push({ line, body: body.toString('utf8') });
    const refusal = tap.refuses?.(line);
    if (refusal) {
      const text = JSON.stringify(refusal.body);
      answers.push(text);
      response.writeHead(refusal.status, { 'content-type': 'application/json' }).end(text);
      return;
    }
    const { host: _host, connection: _connection, ...headers } = request.headers;
    const answer = await fetch(new URL(url, target), {
      method,
      headers: headers as Record<string, string>,
      ...(method === 'GET' ? {} : { body }),
    });
    const type = answer.headers.get('content-type') ?? 'application/octet-stream';
    const bytes = Buffer.from(await answer.arrayBuffer());
    const text = /text|json|xml/.test(type) ? rewrite(bytes.toString('utf8')) : undefined;
    answers.push(text ?? '');
    response.writeHead(answer.status, { 'content-type': type }).end(text ?? bytes);
  };
  const server = createHttpServer((request, response) => {
    // A process that is killed in the middle of a request, or a platform that is closed: the other side sees its connection end.
    pass(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return Object.assign(tap, {
    url: `http://127.0.0.1:${port}`,
    sent,
    answers,
    stop: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  });
}

export interface ByteTap {
  /** `127.0.0.1:1234` */
  address: string;
  /** All that each connection sent, in the order of the connections. */
  sent: Buffer[][];
  stop(): Promise<void>;
}

/** In front of a TCP server, whose address may become known later. */
export async function tapTcp(target: () => string): Promise<ByteTap> {
  const sent: Buffer[][] = [];
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const [host = '', port = ''] = target().split(':');
    const chunks: Buffer[] = [];
    sent.push(chunks);
    const upstream = connect(Number(port), host);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        client.destroy();
        upstream.destroy();
      });
    }
    client.on('data', (chunk: Buffer) => chunks.push(chunk));
    client.pipe(upstream);
    upstream.pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    address: `127.0.0.1:${port}`,
    sent,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Why each thing that an adapter sends is sent, and how often at the most. */
export interface Explained {
  what: RegExp;
  why: string;
  most?: number;
}

/** What is not explained, and what was sent more often than is explained. */
export function unexplained(sent: string[], explained: Explained[]): string[] {
  const found = new Map<Explained, number>();
  return sent.filter((one) => {
    const reason = explained.find(({ what }) => what.test(one));
    if (!reason) return true;
    const times = (found.get(reason) ?? 0) + 1;
    found.set(reason, times);
    return times > (reason.most ?? Infinity);
  });
}
