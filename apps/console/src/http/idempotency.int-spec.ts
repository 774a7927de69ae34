/** Repeated requests, on a real database. */
import { ConsoleFixture } from '../../../../test/support/console-fixture.js';
import { IN_PROGRESS_MS, IdempotencyRepository, KEPT_MS } from './idempotency.repository.js';
import { SECRET_EXTENSION } from './idempotency.js';

let hub: ConsoleFixture;
let admin: string;
let keys = 0;
/** The store without the API. */
let store: IdempotencyRepository;
let caller: string;

beforeAll(async () => {
  hub = await ConsoleFixture.open();
  ({ admin } = hub.keys);
  store = new IdempotencyRepository(hub.database);
  const [row] = await hub.sql<{ id: string }>(`SELECT id FROM api_key WHERE role = 'admin'`);
  caller = row?.id as string;
  await hub.call(admin, 'POST', suspend, reasoned);
});

afterAll(() => hub?.close(), 60_000);

const newKey = () => `key-${++keys}`;
const reasoned = { reason: 'a test' };
const post = (path: string, key: string, body: object | undefined = reasoned, by = admin) =>
  hub.call<{ detail?: string }>(by, 'POST', path, body, { 'idempotency-key': key });
const replayed = ({ headers }: { headers: Headers }) => headers.get('idempotency-replayed');
const enable = '/v1/networks/matrix/enable';
const suspend = '/v1/networks/matrix/suspend';
const nameOfKey = (name: string) => hub.sql('SELECT id FROM api_key WHERE name = $1', [name]);

describe('the same request with the same key', () => {
  test('gets the stored answer, and nothing is done again', async () => {
    const key = newKey();
    const first = await post(enable, key);
    await hub.call(admin, 'POST', suspend, reasoned);
    const again = await post(enable, key);
    expect(again).toMatchObject({ status: 200, body: first.body });
    expect([replayed(first), replayed(again)]).toEqual([null, 'true']);
    expect((await hub.call(admin, 'GET', '/v1/networks/matrix')).body).toMatchObject({ status: 'suspended' });
  });

  test('from another caller is another request', async () => {
    const key = newKey();
    const other = await hub.key('second admin', 'admin');
    await post(enable, key);
    expect(replayed(await post(enable, key, undefined, other))).toBeNull();
  });

  test('without rights gets nothing of it', async () => {
    const key = newKey();
    await post(enable, key);
    expect(await post(enable, key, undefined, hub.keys.auditor)).toMatchObject({ status: 403 });
  });
});

describe('another request with the same key', () => {
  test('is refused: another body', async () => {
    const key = newKey();
    await post('/v1/networks', key, { network: 'yixin', name: 'Yixin' });
    expect(await post('/v1/networks', key, { network: 'wechat', name: 'WeChat' })).toMatchObject({
      status: 409,
      body: {
        type: 'urn:hutong:problem:conflict',
        detail: 'Idempotency-Key: this key was used with another body; take a new one',
      },
    });
    expect(await hub.call(admin, 'GET', '/v1/networks/wechat')).toMatchObject({ status: 404 });
  });

  test('is refused: another path', async () => {
    const key = newKey();
    await post(enable, key);
    expect(await post(suspend, key)).toMatchObject({
      status: 409,
      body: {
        type: 'urn:hutong:problem:conflict',
        detail: expect.stringContaining(`used for POST ${enable}`) as string,
      },
    });
  });
});

describe('two at the same time', () => {
  test('are done once; the other request gets "in progress", and later the answer or the error', async () => {
    const key = newKey();
    const body = { name: 'raced', role: 'auditor', ...reasoned };
    const answers = await Promise.all(Array.from({ length: 5 }, () => post('/v1/keys', key, body)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(4);
    expect(await nameOfKey('raced')).toHaveLength(1);
  });

  test('one in progress is said to be', async () => {
    const key = newKey();
    await claimed(key, new Date());
    expect(await post(enable, key)).toMatchObject({
      status: 409,
      body: { type: 'urn:hutong:problem:conflict', detail: expect.stringContaining('in progress') as string },
    });
  });

  test('one that went down with its console may be sent again after a while', async () => {
    const key = newKey();
    await claimed(key, new Date(Date.now() - IN_PROGRESS_MS - 1000));
    expect(await post(enable, key)).toMatchObject({ status: 200 });
    expect(replayed(await post(enable, key))).toBe('true');
  });

  async function claimed(key: string, at: Date): Promise<void> {
    const [like] = await hub.sql<{ body_hash: string }>(
      'SELECT body_hash FROM idempotency WHERE request = $1 LIMIT 1',
      [`POST ${enable}`],
    );
    await store.claim({ caller, key, request: `POST ${enable}`, bodyHash: like?.body_hash as string, at });
  }
});

describe('a failed request', () => {
  test('is not kept: after a correction the key is good', async () => {
    const key = newKey();
    expect(await post('/v1/keys', key, { name: '', role: 'auditor', ...reasoned })).toMatchObject({
      status: 400,
    });
    expect(await post('/v1/keys', key, { name: 'corrected', role: 'auditor', ...reasoned })).toMatchObject({
      status: 201,
    });
  });

  test.each(['', 'two words', 'x'.repeat(256)])('an invalid key is refused: %j', async (key) => {
    const answer = await post(enable, key);
    expect(answer).toMatchObject({ status: 400, body: { type: 'urn:hutong:problem:invalid' } });
  });
});

describe('an answer with a secret in it', () => {
  test.each([
    ['/v1/keys', 'admin', { name: 'secretive', role: 'auditor', ...reasoned }, 'hk_'],
    ['/v1/networks/xmpp/credentials', 'operator', {}, 'NATS USER JWT'],
    [
      '/v1/webhooks',
      'admin',
      { url: 'https://alerts.example/', kinds: ['risk.changed'], note: 'x', ...reasoned },
      'whsec_',
    ],
  ] as const)('of %s is given once and kept nowhere', async (path, role, body, secret) => {
    const key = newKey();
    const first = await post(path, key, body, hub.keys[role]);
    expect(JSON.stringify(first.body)).toContain(secret);
    const again = await post(path, key, body, hub.keys[role]);
    expect(again).toMatchObject({
      status: 409,
      body: {
        type: 'urn:hutong:problem:conflict',
        detail: expect.stringContaining('done already') as string,
      },
    });
    const rows = await hub.sql<{ response: null; secret: boolean }>(
      'SELECT * FROM idempotency WHERE key = $1',
      [key],
    );
    expect(rows).toMatchObject([{ response: null, secret: true }]);
    expect(JSON.stringify(rows)).not.toContain(secret);
  });

  test('is marked on every route that has one', async () => {
    interface Operation {
      [SECRET_EXTENSION]?: boolean;
      responses: Record<string, object>;
    }
    interface Document {
      paths: Record<string, { post?: Operation }>;
      components: { schemas: Record<string, object> };
    }
    const { body } = await hub.call<Document>(undefined, 'GET', '/docs/openapi.json');
    const secrets = Object.keys(body.components.schemas).filter((name) =>
      /shown once/i.test(JSON.stringify(body.components.schemas[name])),
    );
    const marked = Object.entries(body.paths).map(([path, { post: operation }]) => {
      const answers = JSON.stringify(operation?.responses ?? {});
      const isSecret =
        /shown once/i.test(answers) || secrets.some((name) => answers.includes(`/schemas/${name}"`));
      return [path, isSecret, operation?.[SECRET_EXTENSION] === true] as const;
    });
    expect(marked.filter(([, isSecret]) => isSecret).length).toBe(8);
    expect(marked.filter(([, isSecret, isMarked]) => isSecret !== isMarked)).toEqual([]);
  });
});

test('after 24 hours a key is forgotten, and may be used for something else', async () => {
  const [old, older] = [newKey(), newKey()];
  await post(enable, old);
  await post(enable, older);
  const past = new Date(Date.now() - KEPT_MS - 1000);
  await hub.sql('UPDATE idempotency SET at = $1 WHERE key = ANY($2)', [past, [old, older]]);
  expect(await post('/v1/networks/xmpp/enable', old)).toMatchObject({ status: 200 });
  await store.forgetOld(new Date());
  expect(await hub.sql('SELECT key FROM idempotency WHERE key = ANY($1)', [[old, older]])).toEqual([
    { key: old },
  ]);
});
