/** Webhooks are sent to a real HTTP receiver. Real PostgreSQL and bus; the code of docs/webhooks.md verifies the signatures. */
import { ConsoleFixture, FIRST_ADMIN } from '../../../../test/support/console-fixture.js';
import { quiet, until } from '../../../../test/support/hub-fixture.js';
import { documentedCheck, WebhookReceiver } from '../../../../test/support/webhook-receiver.js';
import { AnnouncementsRepository } from '../announcements/announcements.repository.js';
import { post } from './webhook-post.js';

let receiver: WebhookReceiver;
let house: ConsoleFixture;

beforeAll(async () => {
  receiver = await WebhookReceiver.open();
  house = await ConsoleFixture.of(['north', 'south'], undefined, { WEBHOOK_PRIVATE_HOSTS: receiver.host });
});
afterAll(async () => {
  receiver?.close();
  await house?.close();
}, 60_000);

const reason = 'a test';
const north = () => house.operators['north'] ?? '';
const south = () => house.operators['south'] ?? '';

interface Webhook {
  id: string;
  secret: string;
}
interface Delivery {
  id: string;
  event: string;
  state: string;
  attempts: number;
  status: number | null;
  error: string | null;
}

async function webhook(
  key: string,
  path: string,
  kinds = ['risk.changed'],
  url = receiver.url,
): Promise<Webhook> {
  const { status, body } = await house.call<Webhook>(key, 'POST', '/v1/webhooks', {
    url: url + path,
    kinds,
    reason,
  });
  if (status !== 201) throw new Error(JSON.stringify(body));
  return body;
}

const sendTest = (key: string, { id }: Webhook) =>
  house.call<Delivery>(key, 'POST', `/v1/webhooks/${id}/test`);
const log = async (key: string, { id }: Webhook) =>
  (await house.call<{ items: Delivery[] }>(key, 'GET', `/v1/webhooks/${id}/deliveries`)).body.items;
const newest = async (key: string, hook: Webhook) => (await log(key, hook))[0];
const remove = ({ id }: Webhook, key = north()) =>
  house.call(key, 'DELETE', `/v1/webhooks/${id}`, { reason });

/** Waits for the end of an attempt. */
async function tried(key: string, hook: Webhook, attempts: number): Promise<Delivery | undefined> {
  await until(`attempt ${attempts}`, async () => {
    const delivery = await newest(key, hook);
    return delivery?.attempts === attempts && (delivery.status !== null || delivery.error !== null);
  });
  return newest(key, hook);
}
/** The next attempt is due now. */
const hurry = () => house.sql(`UPDATE webhook_delivery SET next_at = now() WHERE state = 'waiting'`);

/** An event of a network, as a service makes it. */
async function announce(network: string, words: string): Promise<void> {
  const announcements = new AnnouncementsRepository(house.database);
  await house.database.transaction((manager) =>
    announcements.announce(manager, { network, kind: 'risk', subject: `network/${network}`, words }),
  );
}

describe('a delivery', () => {
  test.each(['python', 'js'] as const)(
    'is signed: the %s code of the documentation accepts it, and nothing that was changed or is old',
    async (language) => {
      const path = `/signed-${language}`;
      const hook = await webhook(north(), path);
      expect((await sendTest(north(), hook)).status).toBe(202);
      await until('the test', () => receiver.at(path).length === 1);
      const [request] = receiver.at(path);
      if (!request) throw new Error('no request');
      const accepts = (change: object) =>
        documentedCheck(language, { ...request, secret: hook.secret, ...change });
      const { headers, body } = request;
      const old = String(Number(headers['webhook-timestamp']) - 600);
      expect({
        genuine: accepts({}),
        body: accepts({ body: `${body} ` }),
        id: accepts({ headers: { ...headers, 'webhook-id': 'another' } }),
        old: accepts({ headers: { ...headers, 'webhook-timestamp': old } }),
        secret: accepts({ secret: `whsec_${Buffer.alloc(32).toString('base64')}` }),
      }).toEqual({ genuine: true, body: false, id: false, old: false, secret: false });
      expect(JSON.parse(body)).toMatchObject({
        id: headers['webhook-id'],
        type: 'webhook.test',
        data: { network: 'north', subject: `webhook/${hook.id}` },
      });
      await remove(hook);
    },
  );

  test('that is answered with 500 is tried again with the same id, and delivered again when somebody asks', async () => {
    receiver.answers('/later', [500, 200, 204]);
    const hook = await webhook(north(), '/later');
    await sendTest(north(), hook);
    expect(await tried(north(), hook, 1)).toMatchObject({
      state: 'waiting',
      status: 500,
      error: 'answered 500',
    });
    await hurry();
    expect(await tried(north(), hook, 2)).toMatchObject({ state: 'delivered', status: 200, error: null });

    const { id = '' } = (await newest(north(), hook)) ?? {};
    const again = `/v1/webhooks/${hook.id}/deliveries/${id}/redeliver`;
    expect((await house.call(north(), 'POST', again)).status).toBe(202);
    await until('the third request', () => receiver.at('/later').length === 3);
    expect(new Set(receiver.at('/later').map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(await tried(north(), hook, 1)).toMatchObject({ state: 'delivered', status: 204 });
    await remove(hook);
  });

  test('to a receiver that hangs delays no other webhook', async () => {
    receiver.answers('/hangs', ['hang']);
    const [slow, other] = [await webhook(north(), '/hangs'), await webhook(south(), '/quick')];
    await sendTest(north(), slow);
    await until('the request that hangs', () => receiver.at('/hangs').length === 1);
    await sendTest(south(), other);
    await until('the other one', () => receiver.at('/quick').length === 1);
    expect(await newest(north(), slow)).toMatchObject({ state: 'waiting', status: null });
    receiver.hangUp();
    expect((await tried(north(), slow, 1))?.error).toBe('the connection was closed before an answer');
    await remove(slow);
    await remove(other, south());
  });

  test('has a limit of time', async () => {
    receiver.answers('/slow', ['hang']);
    const options = { privateHosts: [receiver.host], timeoutMs: 50 };
    expect(await post(`${receiver.url}/slow`, {}, '{}', options)).toEqual({
      status: null,
      error: 'no answer within 0.05 s',
    });
  });

  test('follows no redirect', async () => {
    receiver.answers('/moved', [302]);
    const hook = await webhook(north(), '/moved');
    await sendTest(north(), hook);
    expect(await tried(north(), hook, 1)).toMatchObject({
      state: 'waiting',
      status: 302,
      error: 'answered 302: redirects are not followed',
    });
    expect(receiver.at('/redirected')).toEqual([]);
    await remove(hook);
  });
});

describe('an address', () => {
  test.each([
    'https://127.0.0.1/hook',
    'https://169.254.169.254/latest',
    'http://noc.example.cn/hook',
    'https://a:b@noc.example.cn/hook',
  ])('%s is refused', async (url) => {
    const { status, body } = await house.call<{ detail: string }>(north(), 'POST', '/v1/webhooks', {
      url,
      kinds: ['risk.changed'],
      reason,
    });
    expect([status, body.detail.slice(0, 4)]).toEqual([400, 'url:']);
  });

  test('whose name leads to this machine is not connected to', async () => {
    const port = receiver.host.split(':')[1];
    const hook = await webhook(north(), '/inside', ['risk.changed'], `https://localhost:${port}`);
    await sendTest(north(), hook);
    expect(await tried(north(), hook, 1)).toMatchObject({
      state: 'waiting',
      status: null,
      error: 'localhost is inside a private network',
    });
    expect(receiver.connections).toBe(receiver.accepted);
    await remove(hook);
  });
});

describe('a member', () => {
  test('gets its own events, and those to which it subscribes; the exchange gets those of all', async () => {
    const hooks = [
      await webhook(north(), '/north'),
      await webhook(north(), '/north-disputes', ['dispute.moved']),
    ];
    const exchange = await webhook(FIRST_ADMIN, '/exchange');
    await announce('south', 'for south');
    await announce('north', 'sentinel');
    await until('the sentinels', () =>
      ['/north', '/exchange'].every((path) => receiver.wordsAt(path).includes('sentinel')),
    );
    expect(receiver.wordsAt('/north')).toEqual(['sentinel']);
    expect(receiver.wordsAt('/exchange').toSorted()).toEqual(['for south', 'sentinel']);
    expect(receiver.at('/north-disputes')).toEqual([]);
    for (const hook of hooks) await remove(hook);
    await remove(exchange, FIRST_ADMIN);
  });

  test('does not see or touch a webhook of others', async () => {
    const hook = await webhook(south(), '/south');
    const listed = await house.call<{ items: Webhook[] }>(north(), 'GET', '/v1/webhooks');
    expect(listed.body.items.map(({ id }) => id)).not.toContain(hook.id);
    for (const key of [north(), FIRST_ADMIN]) expect((await sendTest(key, hook)).status).toBe(404);
    await remove(hook, south());
  });

  test('has ten at most', async () => {
    const hooks: Webhook[] = [];
    for (let n = 0; n < 10; n++) hooks.push(await webhook(south(), `/${n}`));
    const eleventh = { url: `${receiver.url}/x`, kinds: ['risk.changed'], reason };
    expect((await house.call(south(), 'POST', '/v1/webhooks', eleventh)).status).toBe(409);
    for (const hook of hooks) await remove(hook, south());
  });
});

test('the secret is shown once, and the table has it encrypted', async () => {
  const hook = await webhook(north(), '/secret');
  expect(hook.secret).toMatch(/^whsec_/);
  const { body } = await house.call<object>(north(), 'GET', '/v1/webhooks');
  expect(JSON.stringify(body)).not.toContain(hook.secret);
  const [row] = await house.sql<{ secret: string }>('SELECT secret FROM webhook WHERE id = $1', [hook.id]);
  expect(row?.secret).toMatch(/^v1\./);
  await remove(hook);
});

test('a new secret and the former one both sign until the rotation ends', async () => {
  const hook = await webhook(north(), '/rotated');
  const rotate = (hours: number) =>
    house.call<Webhook & { formerSecretUntil: string | null }>(
      north(),
      'POST',
      `/v1/webhooks/${hook.id}/rotate-secret`,
      { hours, reason },
    );
  const { body: rotated } = await rotate(1);
  expect(rotated.secret).not.toBe(hook.secret);
  expect(rotated.formerSecretUntil).not.toBeNull();
  const accepted = async (count: number) => {
    await sendTest(north(), hook);
    await until('the test', () => receiver.at('/rotated').length === count);
    const request = receiver.at('/rotated')[count - 1];
    if (!request) throw new Error('no request');
    return [rotated.secret, hook.secret].map((secret) => documentedCheck('js', { ...request, secret }));
  };
  expect(await accepted(1)).toEqual([true, true]);
  await house.sql(`UPDATE webhook SET former_until = now() - interval '1 second' WHERE id = $1`, [hook.id]);
  expect(await accepted(2)).toEqual([true, false]);
  expect((await rotate(0)).body.formerSecretUntil).toBeNull();
  expect(await accepted(3)).toEqual([false, false]);
  await remove(hook);
});

test('a webhook that has failed for days is disabled, which the overview and the audit log say', async () => {
  receiver.answers('/broken', [500, 500, 200]);
  const hook = await webhook(north(), '/broken');
  const shown = async () => {
    type Listed = {
      items: { id: string; enabled: boolean; failingSince: string | null; disabledAt: string | null }[];
    };
    const { body } = await house.call<Listed>(north(), 'GET', '/v1/webhooks');
    return body.items.find(({ id }) => id === hook.id);
  };
  const problems = async (key: string) =>
    (
      await house.call<{ problems: { kind: string; subject: string }[] }>(
        key,
        'GET',
        '/v1/overview?range=day',
      )
    ).body.problems.filter(({ kind }) => kind === 'webhook-disabled');
  await sendTest(north(), hook);
  await until('the failure', async () => (await shown())?.failingSince !== null);
  expect(await shown()).toMatchObject({ enabled: true, disabledAt: null });
  await house.sql(`UPDATE webhook SET failing_since = now() - interval '5 days' WHERE id = $1`, [hook.id]);
  await hurry();
  await until('the end', async () => (await shown())?.enabled === false);
  expect(await problems(north())).toMatchObject([{ subject: receiver.host }]);
  expect(await problems(south())).toEqual([]);
  const [entry] = await house.sql<object>(
    `SELECT actor, networks FROM audit WHERE action = 'webhook.disabled' AND subject = $1`,
    [`webhook/${hook.id}`],
  );
  expect(entry).toEqual({ actor: 'hub', networks: ['north'] });
  const url = `${receiver.url}/broken`;
  await house.call(north(), 'PUT', `/v1/webhooks/${hook.id}`, {
    url,
    kinds: ['risk.changed'],
    note: '',
    enabled: true,
    reason,
  });
  await hurry();
  await until('the delivery', () => receiver.at('/broken').length === 3);
  await until('its success', async () => (await newest(north(), hook))?.state === 'delivered');
  expect(await shown()).toMatchObject({ enabled: true, failingSince: null, disabledAt: null });
  expect(await problems(north())).toEqual([]);
  await remove(hook);
});

test('events that wait while no console runs are sent once each by the two that start', async () => {
  const hook = await webhook(north(), '/restart');
  const words = Array.from({ length: 20 }, (_, n) => `event ${n}`);
  await house.restart(quiet, async () => {
    for (const one of words) await announce('north', one);
  });
  await house.another();
  await announce('north', 'sentinel');
  // Each console has its own one under way: the other one may be a moment later with an earlier event.
  await until('all of them', async () =>
    (await log(north(), hook)).every(({ state }) => state === 'delivered'),
  );
  expect(receiver.wordsAt('/restart').toSorted()).toEqual([...words, 'sentinel'].toSorted());
  await remove(hook);
});
