/** A hostile member, a bus outage or a restarted console changes no registry entry of another network. */
import { ask, Bucket, OrderedPublisher } from '#bus';
import {
  addressOf,
  directConversation,
  eventId,
  FEATURES,
  HUB,
  levels,
  network,
  registryKeys,
  requests,
  subjects,
  type Lane,
  type Registry,
  type SignOn,
  type SignOnAnswer,
} from '#protocol';
import { metrics } from '#service';
import { startConsole } from '../../console/src/console.app.js';
import type { ConsoleBus } from '../../console/src/core/console-bus.js';
import { RegistryPublisher } from '../../console/src/registry/registry-publisher.js';
import { RegistryService } from '../../console/src/registry/registry.service.js';
import { ConsentView } from '../../switch/src/registry/consent-view.js';
import { DirectoryClient } from '../../switch/src/registry/directory.client.js';
import { Directory } from '../../switch/src/registry/directory.js';
import { RegistryView } from '../../switch/src/registry/registry-view.js';
import { ViewUpdates } from '../../switch/src/registry/view-updates.js';
import { ConsoleFixture, FIRST_ADMIN, type Answer } from '../../../test/support/console-fixture.js';
import { quiet, until } from '../../../test/support/hub-fixture.js';

const [north, south] = [network('north'), network('south')];
const eve = addressOf(south, 'eve');
const reason = 'a test';
let it: ConsoleFixture;
/** As a switch sees the registry. */
let view: RegistryView;

beforeAll(async () => {
  it = await ConsoleFixture.of(['north', 'south']);
  view = new RegistryView(quiet);
  const { link } = it.hub;
  const directory = new Directory(new DirectoryClient(link));
  await new ViewUpdates(link, view, new ConsentView(quiet, view), directory).onModuleInit();
  await until('the switch knows the registry', () => view.known);
});
afterAll(() => it?.close(), 60_000);

const features = Object.fromEntries(FEATURES.map((feature) => [feature, 2]));
function signOn(slug: typeof north, types: string[], build = '1'): Promise<SignOnAnswer> {
  const media = { image: { types }, voice: { types }, video: { types }, file: { types } };
  const capabilities = { version: build, language: 'en', features, limits: {}, media };
  const body = { network: slug, instance: 'one', build, capabilities, nativeConnected: true };
  return ask(it.hub.link, requests.signOn(slug), body as SignOn);
}
const types = (count: number): string[] => Array.from({ length: count }, () => 'x'.repeat(100));
const block = (name: string): Promise<Answer<{ id: string; detail: string }>> =>
  it.call(it.operators.north, 'POST', '/v1/blocked', { address: addressOf(south, name), reason });
const versionOf = async (key: string): Promise<number> =>
  Number(
    (await it.sql<{ version: string }>('SELECT version FROM registry_entry WHERE key = $1', [key]))[0]
      ?.version,
  );
const unpublished = async (): Promise<string[]> =>
  (
    await it.sql<{ key: string }>('SELECT key FROM registry_entry WHERE published < version ORDER BY key')
  ).map(({ key }) => key);

describe('a sign-on with capabilities that are too large', () => {
  test.each([
    ['17 kB', types(42), /^capabilities: expected at most 16384 bytes as JSON \(it has 1\d{4}\)/],
    ['1 MB', types(2500), /^capabilities\.media\.image\.types: /],
  ])(
    'of %s is refused with code 30 that names the field, and nothing of it is stored',
    async (_, list, detail) => {
      await expect(signOn(south, list)).rejects.toMatchObject({
        code: '30',
        detail: expect.stringMatching(detail) as string,
      });
      expect(await it.sql('SELECT capabilities, build FROM network WHERE slug = $1', [south])).toEqual([
        { capabilities: null, build: null },
      ]);
    },
  );

  test('changes nothing for the others: a block and a suspension reach the switch', async () => {
    expect((await block('eve')).status).toBe(201);
    await until('the switch knows the block', () => view.current.isBlocked(eve, north));
    const suspended = await it.call(FIRST_ADMIN, 'POST', '/v1/networks/south/suspend', { reason });
    expect(suspended.status).toBe(200);
    await until(
      'the switch knows the suspension',
      () => view.current.members.get(south)?.status === 'suspended',
    );
  });
});

describe('a sign-on', () => {
  test('of a suspended network is answered, and nothing is stored or published', async () => {
    const before = await versionOf(registryKeys.member(south));
    expect((await signOn(south, ['image/png'])).code).toBe('00');
    expect(await versionOf(registryKeys.member(south))).toBe(before);
    await it.call(FIRST_ADMIN, 'POST', '/v1/networks/south/enable', { reason });
  });

  test('of a live one is published once; the same again publishes and writes nothing', async () => {
    expect((await signOn(south, ['image/png'])).code).toBe('00');
    await until('it is known', () => view.current.members.get(south)?.capabilities !== undefined);
    const [before] = await it.sql('SELECT last_value FROM registry_version');
    const rows = await it.sql('SELECT * FROM network ORDER BY slug');
    for (let beat = 0; beat < 20; beat++) expect((await signOn(south, ['image/png'])).code).toBe('00');
    expect(await it.sql('SELECT last_value FROM registry_version')).toEqual([before]);
    expect(await it.sql('SELECT * FROM network ORDER BY slug')).toEqual(rows);
  });

  test('of one that left is refused with code 36, and it does not count as there', async () => {
    await it.call(FIRST_ADMIN, 'POST', '/v1/networks', { network: 'gone-one', name: 'Gone' });
    const removal = await it.call<{ id: string }>(FIRST_ADMIN, 'POST', '/v1/networks/gone-one/remove', {
      reason,
    });
    expect((await it.approve(removal.body.id)).status).toBe(200);
    const gone = network('gone-one');
    const before = await versionOf(registryKeys.member(gone));
    await expect(signOn(gone, ['image/png'])).rejects.toMatchObject({
      code: '36',
      detail: expect.stringContaining('gone-one is gone') as string,
    });
    expect(await versionOf(registryKeys.member(gone))).toBe(before);
  });
});

describe('the answer to a heartbeat', () => {
  const beat = async () => {
    const capabilities = { version: '1', language: 'en' as const, features: levels(2), limits: {} };
    const body = { network: south, instance: 'one', build: '1', capabilities, nativeConnected: true };
    return (await ask(it.hub.link, requests.heartbeat(south), body)).failures;
  };

  test('counts events that failed since the sign-on, with the last reason', async () => {
    expect(await beat()).toMatchObject({ refused: { count: 0 }, deadLettered: { count: 0 } });
    const [sue, bob] = [addressOf(south, 'sue'), addressOf(north, 'bob')];
    const event = eventId(south, 'message', 'one');
    const at = new Date().toISOString();
    const between = { conversation: directConversation(sue, bob), from: { address: sue }, to: bob };
    const outcome = {
      event,
      ...between,
      kind: 'message',
      by: 'switch',
      stage: 'failed',
      code: '57',
      at,
    };
    await it.hub.publisher.publish(
      subjects.report(HUB),
      JSON.stringify({ ...outcome, detail: 'why' }),
      event,
    );
    const letter = { subject: subjects.in(south, 0 as Lane), seq: 1, reason: '30', detail: 'no event' };
    const rest = { network: south, attempts: 1, at, size: 0, payload: '' };
    await it.hub.publisher.publish(subjects.dead(south), JSON.stringify({ ...letter, ...rest }), 'dead');
    await until('both are counted', async () => (await beat())?.deadLettered.count === 1);
    expect(await beat()).toMatchObject({
      refused: {
        count: 1,
        last: { code: '57', text: expect.stringMatching(/^why\. /) as string, event, at },
      },
      deadLettered: { last: { code: '30', text: expect.stringMatching(/^no event\. /) as string, at } },
    });
  });
});

describe('an entry that does not fit', () => {
  test('is refused before it is stored, and the answer names what to shorten', async () => {
    await it.sql(
      `INSERT INTO blocked SELECT gen_random_uuid(), 'im:' || repeat('x', 600) || n || '@south', 'south', 'a test', now()
       FROM generate_series(1, 999) n`,
    );
    const address = addressOf(north, 'one-more');
    const answer = await it.call(it.operators.south, 'POST', '/v1/blocked', { address, reason });
    expect(answer).toMatchObject({
      status: 413,
      body: { detail: expect.stringMatching(/entry\.blocked\.by\.south .*unblock addresses/) as string },
    });
    expect(await it.sql('SELECT 1 FROM blocked WHERE address = $1', [address])).toEqual([]);
  });

  test('stops no other entry, also when a console is started with it', async () => {
    const second = await startConsole(it.settings, quiet);
    await second.close();
    expect((await block('frank')).status).toBe(201);
    await until('the switch knows', () => view.current.isBlocked(addressOf(south, 'frank'), north));
    await it.sql("DELETE FROM blocked WHERE network = 'south'");
  });

  test('on the bus alone is refused by the switch, and put right by the console', async () => {
    const key = registryKeys.member(south);
    const publisher = await OrderedPublisher.on(it.hub.link);
    const good = (await new Bucket(it.hub.link, publisher, 'registry').get(key)) as object;
    for (const bad of [
      'no entry',
      { version: 10 ** 9, content: { kind: 'member', member: { network: 'south' } } },
    ])
      await new Bucket(it.hub.link, publisher, 'registry').put(key, bad);
    const second = await startConsole(it.settings, quiet);
    await until('the good one is there again', async () => {
      const now = await new Bucket(it.hub.link, publisher, 'registry').get(key);
      return JSON.stringify(now) === JSON.stringify(good);
    });
    await second.close();
    publisher.close();
    expect(view.current.members.get(south)?.status).toBe('live');
  });
});

describe('while the bus is away', () => {
  test('a change is stored and answered; it is published when the bus is back', async () => {
    await it.hub.nats.crash();
    const answer = await block('grace');
    expect(answer.status).toBe(201);
    expect(await unpublished()).toEqual(['entry.blocked.by.north']);
    await until(
      'it is counted',
      async () => (await metrics.registryUnpublished.get()).values[0]?.value === 1,
    );
    await it.hub.nats.start();
    await until('the switch knows', () => view.current.isBlocked(addressOf(south, 'grace'), north));
    await until('all is confirmed', async () => (await unpublished()).length === 0);
  });

  test('also when the console ended between its transaction and the bus: the next one publishes it', async () => {
    await it.restart(quiet, async () => {
      const bus = { link: it.hub.link } as ConsoleBus;
      const registry = new RegistryService(it.database, bus, new RegistryPublisher(it.database, bus));
      await it.database.transaction(async (manager) => {
        await manager.query("INSERT INTO blocked VALUES (gen_random_uuid(), $1, 'north', 'a test', now())", [
          addressOf(south, 'heidi'),
        ]);
        await registry.changed(manager, { blockedBy: north });
      });
      expect(await unpublished()).toEqual(['entry.blocked.by.north']);
    });
    await until('the switch knows', () => view.current.isBlocked(addressOf(south, 'heidi'), north));
  });
});

test('a console starts while the bus refuses entries, says so, and publishes them when it takes them again', async () => {
  const { session } = it.hub.link;
  if (!session) throw new Error('the bus is away');
  const { config } = await session.jsm.streams.info('KV_registry');
  await session.jsm.streams.update('KV_registry', { ...config, max_msg_size: 60 });
  expect((await block('ivan')).status).toBe(201);
  const second = await startConsole(it.settings, quiet);
  expect((await fetch(`${second.url}/healthz/live`)).status).toBe(200);
  expect(await unpublished()).toEqual(['entry.blocked.by.north']);
  await until(
    'it is counted',
    async () => ((await metrics.registryUnpublished.get()).values[0]?.value ?? 0) >= 1,
  );
  await session.jsm.streams.update('KV_registry', { ...config, max_msg_size: -1 });
  await until('the switch knows', () => view.current.isBlocked(addressOf(south, 'ivan'), north));
  await second.close();
});

test('what several consoles publish at once ends as the newest, on the bus as in the database', async () => {
  const second = await startConsole(it.settings, quiet);
  const urls = [it.url, second.url];
  const answers = await Promise.all(
    Array.from({ length: 40 }, (_, n) =>
      fetch(`${urls[n % 2]}/v1/blocked`, {
        method: 'POST',
        headers: { authorization: `Bearer ${it.operators.north}`, 'content-type': 'application/json' },
        body: JSON.stringify({ address: addressOf(south, `of-many-${n}`), reason }),
      }),
    ),
  );
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
  await until('all is confirmed', async () => (await unpublished()).length === 0);
  await second.close();
  const registry: Registry = await it.hub.registry();
  const wanted = await it.sql<{ address: string }>(
    "SELECT address FROM blocked WHERE network = 'north' ORDER BY 1",
  );
  expect(registry.blocked.map(({ address }) => address).sort()).toEqual(
    wanted.map(({ address }) => address).sort(),
  );
});
