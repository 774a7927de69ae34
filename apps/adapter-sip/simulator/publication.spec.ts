import { Publication } from './publication.js';
import { headerOf, type Header, type SipResponse } from './sip-message.js';
import { NoAnswer } from './transactions.js';
import type { Outgoing, Usage } from './user-agent.js';

/** A server that answers when the test says so. */
class Server {
  readonly address = 'sip:alice@youxin.test';
  /** The condition of each request. */
  readonly asked: (string | undefined)[] = [];
  private readonly waiting: { resolve(response: SipResponse): void; reject(error: Error): void }[] = [];

  send(_: Usage, { headers = [], body = Buffer.alloc(0) }: Outgoing): Promise<SipResponse> {
    this.asked.push(headerOf({ headers: [...headers], body }, 'sip-if-match'));
    return new Promise((resolve, reject) => this.waiting.push({ resolve, reject }));
  }

  /** Answers the oldest request. */
  async answers(status: number, etag?: string): Promise<void> {
    const headers: Header[] = etag === undefined ? [] : [['SIP-ETag', etag]];
    this.waiting.shift()?.resolve({ status, reason: '', headers, body: Buffer.alloc(0) });
    await settled();
  }

  async isSilent(): Promise<void> {
    this.waiting.shift()?.reject(new NoAnswer('nobody answers'));
    await settled();
  }
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

let server: Server;
let publication: Publication;

beforeEach(() => {
  server = new Server();
  publication = new Publication(server, 3600);
});

test('two changes at once are one state: the second waits for the tag of the first', async () => {
  const refreshed = publication.refresh();
  const busy = publication.publish({ state: 'busy' });
  await settled();
  expect(server.asked).toEqual([undefined]);
  await server.answers(200, 'first');
  expect(server.asked).toEqual([undefined, 'first']);
  await server.answers(200, 'second');
  await Promise.all([refreshed, busy]);
});

test('a server that has forgotten the state gets it anew, once', async () => {
  const first = publication.publish({ state: 'online' });
  await settled();
  await server.answers(200, 'before the restart');
  await first;
  const both = [publication.refresh(), publication.publish({ state: 'busy' })];
  await settled();
  await server.answers(412);
  await server.answers(200, 'after the restart');
  await server.answers(200, 'busy');
  await Promise.all(both);
  expect(server.asked).toEqual([undefined, 'before the restart', undefined, 'after the restart']);
});

test('a request that nobody answers does not hold up the next', async () => {
  const lost = publication.publish({ state: 'away' }).catch((error: unknown) => error);
  const next = publication.publish({ state: 'online' });
  await settled();
  await server.isSilent();
  await server.answers(200, 'etag');
  expect(await lost).toBeInstanceOf(NoAnswer);
  expect((await next).status).toBe(200);
});
