import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { levels } from '#protocol';
import { PlatformClient } from './platform.client.js';
import type { PlatformProfile, TokenRequest } from './profile.js';

const SEND = '/cgi-bin/message/custom/send';
const CREDENTIAL = { grant_type: 'client_credential' };
const STABLE: TokenRequest = { kind: 'stable', path: '/cgi-bin/stable_token' };
const BY_QUERY: TokenRequest = {
  kind: 'query',
  path: '/cgi-bin/token',
  id: 'appid',
  secret: 'secret',
  extra: CREDENTIAL,
};

interface Seen {
  method: string | undefined;
  path: string;
  query: Record<string, string>;
  body: string;
}
type Answer = object | 'hang up' | 'no JSON';

/** A platform whose responses the test determines. */
class Platform {
  readonly seen: Seen[] = [];
  /** Responses to sent messages, in order; after them every message succeeds. */
  readonly answers: Answer[] = [];
  token: Answer | undefined;
  private tokens = 0;
  /** Answers a request for an attachment. */
  gives: ((response: ServerResponse) => void) | undefined;
  private readonly server: Server = createServer((request, response) => void this.serve(request, response));

  async open(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  asked(path: string): Seen[] {
    return this.seen.filter((one) => one.path === path);
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://platform');
    const query = Object.fromEntries(searchParams);
    this.seen.push({ method: request.method, path: pathname, query, body: Buffer.concat(chunks).toString() });
    if (pathname === '/media/get') return this.gives?.(response);
    const answer = pathname === SEND ? this.sent() : this.newToken();
    if (answer === 'hang up') request.socket.destroy();
    else response.end(answer === 'no JSON' ? '<html>502 Bad Gateway</html>' : JSON.stringify(answer));
  }

  private sent(): Answer {
    return this.answers.shift() ?? { errcode: 0, errmsg: 'ok', msgid: 7 };
  }

  private newToken(): Answer {
    return this.token ?? { access_token: `token-${++this.tokens}`, expires_in: 7200 };
  }
}

class Shelf {
  readonly kept = new Map<string, unknown>();
  put = (key: string, value: unknown) => Promise.resolve(void this.kept.set(key, value));
  get = (key: string) => Promise.resolve(this.kept.get(key));
  keys = () => Promise.resolve([...this.kept.keys()]);
  async *entries() {
    yield* this.kept.entries();
  }
}

async function textOf(content: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of content) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

const failsWith = (code: string, more: object = {}) =>
  expect.objectContaining({ name: 'HubError', code, ...more }) as Error;

describe('calls to a platform', () => {
  let platform: Platform;
  let url: string;
  let shelf: Shelf;
  let client: PlatformClient;

  const aClient = (token: TokenRequest = STABLE, errors: PlatformProfile['errors'] = {}) =>
    new PlatformClient(
      {
        name: 'wechat',
        encryption: 'optional',
        nativeId: /./,
        token,
        media: { upload: '/media/upload', download: '/media/get', videoNeedsThumbnail: false },
        person: { path: '/person', id: 'openid', name: 'nickname', avatar: 'headimgurl' },
        send: { path: SEND, numberedAgent: false },
        textBytes: 2048,
        capabilities: { version: 'test-1', language: 'zh', features: levels(0, { text: 2 }), limits: {} },
        errors,
      },
      { url, id: 'wx0', secret: 's3cret' },
      shelf,
    );
  const send = (by = client) =>
    by.call(SEND, { touser: 'oLin', msgtype: 'text', text: { content: '你好 👋' } });

  beforeEach(async () => {
    platform = new Platform();
    url = await platform.open();
    shelf = new Shelf();
    client = aClient();
  });

  afterEach(() => platform.close());

  test('a file that looks like words, of unknown length, is passed on as it comes, not kept until its end', async () => {
    const beginning = 'x'.repeat(100_000);
    let end: (() => void) | undefined;
    platform.gives = (response) => {
      response.writeHead(200, { 'content-type': 'text/plain' }).write(beginning);
      end = () => void response.end('the end');
    };
    const content = await client.download('m', new AbortController().signal);
    if ('url' in content) throw new Error('an address instead of content');
    end?.();
    expect(await textOf(content)).toBe(`${beginning}the end`);
  });

  test('a refusal instead of a file, and a short file of words', async () => {
    const { signal } = new AbortController();
    platform.gives = (response) =>
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end('{"errcode":40007,"errmsg":"invalid"}');
    await expect(client.download('m', signal)).rejects.toEqual(failsWith('107'));
    platform.gives = (response) => response.writeHead(200, { 'content-type': 'text/plain' }).end('a note');
    const content = await client.download('m', signal);
    expect('url' in content ? '' : await textOf(content)).toBe('a note');
  });

  test('a message goes out under a token, in letters that are not escaped', async () => {
    expect(await send()).toMatchObject({ errcode: 0, msgid: 7 });
    expect(platform.asked(SEND)).toEqual([
      {
        method: 'POST',
        path: SEND,
        query: { access_token: 'token-1' },
        body: '{"touser":"oLin","msgtype":"text","text":{"content":"你好 👋"}}',
      },
    ]);
    expect(client.reachable).toBe(true);
  });

  test('an answer without errcode is a success', async () => {
    platform.answers.push({ msgid: 8 });
    expect(await send()).toMatchObject({ msgid: 8 });
  });

  test.each([
    ['stable', STABLE, 'POST', {}],
    ['by query', BY_QUERY, 'GET', { ...CREDENTIAL, appid: 'wx0', secret: 's3cret' }],
  ])('the token is asked for: %s', async (_, token, method, query) => {
    await send(aClient(token));
    const [asked] = platform.seen;
    expect(asked).toMatchObject({ method, path: token.path, query });
    if (method === 'POST')
      expect(JSON.parse(asked?.body ?? '')).toMatchObject({ ...CREDENTIAL, appid: 'wx0', secret: 's3cret' });
  });

  test('twenty calls at once ask for one token', async () => {
    await Promise.all(Array.from({ length: 20 }, () => send()));
    expect(platform.asked(STABLE.path)).toHaveLength(1);
    expect(platform.asked(SEND)).toHaveLength(20);
  });

  test('a token that one instance got is used by the others', async () => {
    await send();
    await send(aClient());
    expect(platform.asked(STABLE.path)).toHaveLength(1);
    expect(platform.asked(SEND).map(({ query }) => query['access_token'])).toEqual(['token-1', 'token-1']);
  });

  test('a token that has run out is not used again', async () => {
    shelf.kept.set('access-token', { token: 'old', until: Date.now() - 1 });
    await send();
    expect(platform.asked(SEND)[0]?.query).toEqual({ access_token: 'token-1' });
  });

  test.each([40001, 40014, 42001, 41001])(
    'after %i there is a new token, and one more attempt',
    async (errcode) => {
      platform.answers.push({ errcode, errmsg: 'stale' });
      expect(await send()).toMatchObject({ errcode: 0 });
      expect(platform.asked(STABLE.path)).toHaveLength(2);
      expect(platform.asked(SEND).map(({ query }) => query['access_token'])).toEqual(['token-1', 'token-2']);
    },
  );

  test('but only one: then the message waits, and is not refused for good', async () => {
    platform.answers.push({ errcode: 40001 }, { errcode: 40001 }, { errcode: 40001 });
    await expect(send()).rejects.toThrow(failsWith('91'));
    expect(platform.asked(SEND)).toHaveLength(2);
    expect(platform.asked(STABLE.path)).toHaveLength(2);
  });

  test('a platform that hangs up may have taken the message: 103, and not a second time', async () => {
    await send();
    platform.answers.push('hang up');
    await expect(send()).rejects.toThrow(failsWith('103'));
    expect(platform.asked(SEND)).toHaveLength(2);
    expect(client.reachable).toBe(true);
  });

  test('the same when the response is not JSON', async () => {
    await send();
    platform.answers.push('no JSON');
    await expect(send()).rejects.toThrow(failsWith('103'));
    expect(platform.asked(SEND)).toHaveLength(2);
  });

  test('a platform that went away took nothing: 91, and it is known to be away', async () => {
    await send();
    expect(client.reachable).toBe(true);
    await platform.close();
    // The connection that was open may be tried once more.
    await send().catch(() => undefined);
    await expect(send()).rejects.toThrow(failsWith('91'));
    expect(client.reachable).toBe(false);
    // The token that it gave us is still good, but that says nothing of the platform.
    await client.check();
    expect(client.reachable).toBe(false);
  });

  test('one that was never there, neither', async () => {
    await platform.close();
    await expect(send()).rejects.toThrow(failsWith('91'));
    await client.check();
    expect(client.reachable).toBe(false);
  });

  test('a check finds out that it is there, although the token is known', async () => {
    await send();
    const other = aClient();
    expect(other.reachable).toBe(false);
    await other.check();
    expect(other.reachable).toBe(true);
  });

  test('without a token nothing is sent', async () => {
    for (const errcode of [40013, 40125, 40164, -1]) {
      platform.token = { errcode, errmsg: 'no' };
      // Messages wait until the operator corrects the credentials: senders are not at fault.
      await expect(send()).rejects.toThrow(failsWith('91'));
    }
    expect(platform.asked(SEND)).toHaveLength(0);
  });

  test('a refused call gives a result code, and is not repeated', async () => {
    platform.answers.push({ errcode: 45015, errmsg: 'out of time' });
    await expect(send()).rejects.toThrow(failsWith('101', { detail: 'wechat answered 45015 out of time' }));
    expect(platform.asked(SEND)).toHaveLength(1);
  });

  test('a platform may mean something else by a number', async () => {
    platform.answers.push({ errcode: 45009 });
    await expect(send(aClient(STABLE, { 45009: '65' }))).rejects.toThrow(failsWith('65'));
  });
});
