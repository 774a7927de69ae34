/** What was created once is not created again unless a person accepts the loss. Real nats-server and PostgreSQL. */
import type { DataSource } from 'typeorm';
import {
  adapterConsumer,
  BusConnection,
  createdOnBus,
  hubTopology,
  LaneConsumer,
  networkTopology,
  partitionConsumers,
  RETIRED_CONSUMERS,
  type BusObject,
  type BusSession,
  type Created,
} from '#bus';
import { openDatabase } from '#database';
import {
  ALL_LANES,
  consumers,
  eventId,
  inStream,
  network,
  reportSubjects,
  STREAMS,
  subjects,
  type Lane,
} from '#protocol';
import { metricsRegistry, StartRefused } from '#service';
import { DatabaseFixture } from '../../../../test/support/database-fixture.js';
import { HubFixture, quiet, until } from '../../../../test/support/hub-fixture.js';
import { AuditService } from '../audit/audit.service.js';
import { BusInventory } from './bus-inventory.js';

const north = networkTopology(network('north'));
const everything = [...hubTopology(), ...north];
let hub: HubFixture;
let engine: DatabaseFixture;
let database: DataSource;

/** Starts like the console, with a connection of its own. */
class ConsoleStart {
  private constructor(
    readonly link: BusConnection,
    readonly inventory: BusInventory,
  ) {}

  static async now(acceptedLoss?: string): Promise<ConsoleStart> {
    const options = { url: hub.natsUrl, creds: await hub.authority.hubCredentials('test'), name: 'test' };
    const link = await BusConnection.open(options, quiet);
    try {
      const inventory = await BusInventory.on(link, database, { replicas: 1, acceptedLoss }, quiet);
      if (link.session) await inventory.provide(link.session, north);
      return new ConsoleStart(link, inventory);
    } catch (error) {
      await link.close();
      throw error;
    }
  }

  async end(): Promise<void> {
    await this.inventory.stop();
    await this.link.close();
  }
}

function session(): BusSession {
  if (!hub.link.session) throw new Error('the bus is away');
  return hub.link.session;
}

function created(): Promise<Created> {
  return createdOnBus(session());
}

async function remove({ kind, name }: BusObject): Promise<void> {
  const [stream = '', consumer = ''] = name.split('/');
  if (kind === 'consumer') await session().jsm.consumers.delete(stream, consumer);
  else await session().jsm.streams.delete(stream);
}

/** @returns the code that accepts the loss */
async function refusal(): Promise<{ text: string; code: string }> {
  const error = await ConsoleStart.now().then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(StartRefused);
  const text = (error as Error).message;
  return { text, code: /BUS_ACCEPT_LOSS=([0-9a-f]{12})/.exec(text)?.[1] ?? '' };
}

beforeAll(async () => {
  [hub, engine] = [await HubFixture.open(), await DatabaseFixture.open()];
  database = await openDatabase(engine.url());
  await (await ConsoleStart.now()).end();
});

afterAll(async () => {
  await database?.destroy();
  await engine?.close();
  await hub?.close();
});

test('everything that the hub and a network need is created and recorded', async () => {
  const rows = await database.query<{ name: string; bus_created: string }[]>('SELECT * FROM bus_inventory');
  const there = await created();
  expect(rows.map(({ name }) => name).sort()).toEqual(everything.map(({ name }) => name).sort());
  for (const { name, bus_created } of rows) expect(there.get(name)).toBe(bus_created);
});

test('a server that was killed and started again has lost nothing', async () => {
  const before = await created();
  await hub.nats.crash();
  await hub.nats.start();
  await until('the bus to be back', () => hub.link.connected);
  await (await ConsoleStart.now()).end();
  const after = await created();
  for (const { name } of everything) expect(after.get(name)).toBe(before.get(name));
});

test.each(everything.map((object) => [`${object.kind} ${object.name}`, object] as const))(
  '%s, deleted: the start is refused, nothing is created until a person accepts that loss',
  async (_, object) => {
    await remove(object);
    const { text, code } = await refusal();
    expect(text).toContain(`${object.kind} ${object.name}, created`);
    expect((await created()).has(object.name)).toBe(false);
    await (await ConsoleStart.now(code)).end();
    expect((await created()).has(object.name)).toBe(true);
    await (await ConsoleStart.now()).end();
  },
);

test('streams and buckets of an earlier release take atomic batches after the start', async () => {
  const streams = everything.filter(({ kind }) => kind !== 'consumer').map(({ name }) => name);
  const { jsm } = session();
  for (const name of streams) {
    const { config } = await jsm.streams.info(name);
    await jsm.streams.update(name, { ...config, allow_atomic: false });
  }
  await (await ConsoleStart.now()).end();
  const taking = await Promise.all(
    streams.map(async (name) => (await jsm.streams.info(name)).config.allow_atomic),
  );
  expect(taking).toEqual(streams.map(() => true));
});

test('made anew by somebody else: refused, too', async () => {
  const [stream] = hubTopology();
  if (!stream) throw new Error('no stream');
  await remove(stream);
  await stream.create(session());
  const { text, code } = await refusal();
  expect(text).toMatch(/replaced by one created/);
  await (await ConsoleStart.now(code)).end();
});

test('a code accepts the loss that it was printed for, and no later one; the audit log has it', async () => {
  const [bucket] = north.filter(({ kind }) => kind === 'bucket');
  if (!bucket) throw new Error('no bucket');
  await remove(bucket);
  const { code } = await refusal();
  await (await ConsoleStart.now(code)).end();
  const entries = await new AuditService(database).list('oldest', 0, 1000, { subject: 'bus/inventory' });
  expect(entries.at(-1)).toMatchObject({
    action: 'bus.loss-accepted',
    reason: `BUS_ACCEPT_LOSS=${code}`,
    change: [{ name: bucket.name }],
  });
  await remove(bucket);
  await expect(ConsoleStart.now(code)).rejects.toThrow(StartRefused);
  await (await ConsoleStart.now((await refusal()).code)).end();
});

test('lost while the console runs: an alarm, and nothing is created', async () => {
  const running = await ConsoleStart.now();
  const [bucket] = north.filter(({ kind }) => kind === 'bucket');
  if (!bucket) throw new Error('no bucket');
  await remove(bucket);
  await until('the alarm', () => !running.inventory.isWhole);
  expect(await metricsRegistry.getSingleMetricAsString('hutong_bus_missing')).toContain(
    `{name="${bucket.name}"} 1`,
  );
  if (running.link.session) await running.inventory.provide(running.link.session, north);
  expect((await created()).has(bucket.name)).toBe(false);
  await running.end();
  await (await ConsoleStart.now((await refusal()).code)).end();
});

test('a bus of an earlier version is refused, with what to do', async () => {
  await session().jsm.streams.add({ name: 'HUB_MEDIA', subjects: ['of-an-earlier-version'] });
  expect((await refusal()).text).toMatch(/holds HUB_MEDIA.*nats stream rm HUB_MEDIA/);
  await session().jsm.streams.delete('HUB_MEDIA');
  await (await ConsoleStart.now()).end();
});

test('a stream of an earlier release is adapted: it keeps its messages, and from now on for 30 days', async () => {
  const { jsm } = session();
  const name = inStream(network('north'));
  const { config, created: at } = await jsm.streams.info(name);
  const week = (config.max_age / 30) * 7;
  await jsm.streams.update(name, { ...config, max_age: week });
  await hub.publisher.publish(subjects.in(network('north'), 3 as Lane), 'of the earlier release', 'earlier');

  await (await ConsoleStart.now()).end();
  const adapted = await jsm.streams.info(name);
  expect(adapted).toMatchObject({ config, created: at });
  expect((await jsm.streams.getMessage(name, { seq: adapted.state.last_seq }))?.string()).toBe(
    'of the earlier release',
  );
});

describe('the consumers of an adapter', () => {
  const [single, partitions] = [[adapterConsumer(network('north'))], partitionConsumers(network('north'))];

  async function put(text: string): Promise<void> {
    const lane = ALL_LANES[text.charCodeAt(0) % ALL_LANES.length] ?? ALL_LANES[0];
    if (lane !== undefined) await hub.publisher.publish(subjects.out(network('north'), lane), text, text);
  }

  /** Reads this many messages, and acknowledges those that are named. @returns all of them, sorted */
  async function read(
    from: readonly Pick<BusObject, 'name'>[],
    count: number,
    acknowledged: string,
  ): Promise<string[]> {
    const texts: string[] = [];
    const readers = await Promise.all(
      from.map(({ name }) => {
        const [stream = '', durable = ''] = name.split('/');
        return LaneConsumer.on(
          hub.link,
          { stream, durable, window: 10 },
          {
            becomeOwner: () => undefined,
            read: (message) => {
              const text = Buffer.from(message.data).toString();
              texts.push(text);
              if (acknowledged.includes(text)) message.ack();
            },
          },
        );
      }),
    );
    await until(`${count} messages`, () => texts.length === count);
    await hub.link.session?.nc.flush();
    for (const reader of readers) await reader.stop();
    return texts.sort();
  }

  test('those of the partitions continue where the one consumer stopped, and the one where those stopped', async () => {
    const running = await ConsoleStart.now();
    const { inventory } = running;
    for (const text of 'abcdef') await put(text);
    expect(await read(single, 6, 'ab')).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);

    expect(await inventory.replace(session(), single, partitions, 'unread')).toBe(false);
    expect(await inventory.replace(session(), single, partitions, 'read')).toBe(true);
    expect(await inventory.replace(session(), single, partitions, 'read')).toBe(true);
    expect(await read(partitions, 4, 'cdef')).toEqual(['c', 'd', 'e', 'f']);

    // Neither a loss at the next start, nor is the one consumer created again.
    await (await ConsoleStart.now()).end();
    const there = await created();
    expect(single.some(({ name }) => there.has(name))).toBe(false);
    expect(partitions.every(({ name }) => there.has(name))).toBe(true);

    expect(await inventory.replace(session(), partitions, single, 'read')).toBe(true);
    await put('g');
    expect(await read(single, 1, 'g')).toEqual(['g']);
    await (await ConsoleStart.now()).end();
    await running.end();
  });

  test('those of an earlier release, which all networks shared, are continued by one for each network', async () => {
    const shared = `${STREAMS.report}/recorder`;
    const ofNorth = { name: `${STREAMS.report}/${consumers.recorderOf(network('north'))}` };
    const { jsm } = session();
    const { config } = await jsm.consumers.info(STREAMS.report, consumers.recorderOf(network('north')));
    const { filter_subjects: _own, ...ofAll } = config;
    await jsm.consumers.add(STREAMS.report, { ...ofAll, name: 'recorder', durable_name: 'recorder' });
    await database.query("INSERT INTO bus_inventory (kind, name, bus_created) VALUES ('consumer', $1, $2)", [
      shared,
      (await created()).get(shared),
    ]);
    for (const text of ['h', 'i', 'j'])
      await hub.publisher.publish(subjects.report(network('north')), text, text);
    expect(await read([{ name: shared }], 3, 'hi')).toEqual(['h', 'i', 'j']);
    // The release that is installed now has not created its own yet.
    await jsm.consumers.delete(STREAMS.report, consumers.recorderOf(network('north')));
    await database.query('DELETE FROM bus_inventory WHERE name = $1', [ofNorth.name]);

    const running = await ConsoleStart.now();
    await running.inventory.retire(session(), RETIRED_CONSUMERS);
    expect((await created()).has(shared)).toBe(false);
    expect(await read([ofNorth], 1, 'j')).toEqual(['j']);
    await running.end();
    await (await ConsoleStart.now()).end();
  });

  test('outcomes of networks get further subjects: an existing stream takes them, and existing consumers read them in order', async () => {
    const { jsm } = session();
    const slug = network('north');
    const durable = consumers.recorderOf(slug);
    const stream = await jsm.streams.info(STREAMS.report);
    const consumer = await jsm.consumers.info(STREAMS.report, durable);
    const earlier = { filter_subject: subjects.report(slug), filter_subjects: [] };
    await jsm.consumers.update(STREAMS.report, durable, earlier);
    await jsm.streams.update(STREAMS.report, { ...stream.config, subjects: ['hub.report.*'] });
    await hub.publisher.publish(subjects.report(slug), 'earlier', 'earlier outcome');

    await (await ConsoleStart.now()).end();
    expect((await jsm.streams.info(STREAMS.report)).config).toEqual(stream.config);
    const adapted = await jsm.consumers.info(STREAMS.report, durable);
    expect(adapted).toMatchObject({
      created: consumer.created,
      config: { filter_subjects: reportSubjects(slug) },
    });
    const found = subjects.delivered(slug, eventId(slug, 'message', '1'), 'digest');
    await hub.publisher.publish(found, 'newer', 'newer outcome');
    expect(await read([{ name: `${STREAMS.report}/${durable}` }], 2, 'earlier newer')).toEqual([
      'earlier',
      'newer',
    ]);
  });
});
