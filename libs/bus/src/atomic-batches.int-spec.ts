/** Atomic batches on a real nats-server, from a network's own account: order, duplicates, streams of earlier releases, kills. */
import { inStream, network, networkBucket, subjects, type Lane } from '#protocol';
import { HubFixture, quiet, until } from '../../../test/support/hub-fixture.js';
import { allowBatchesOf } from './batches-allowed.js';
import { Bucket } from './bucket.js';
import { BusConnection, type BusSession } from './bus-connection.js';
import { OrderedPublisher } from './ordered-publisher.js';
import { SMALLEST_BATCH } from './stream-queue.js';

const north = network('north');
const stream = inStream(north);
const subject = subjects.in(north, 3 as Lane);
let hub: HubFixture;
let link: BusConnection;
let publisher: OrderedPublisher;

beforeAll(async () => {
  hub = await HubFixture.open();
  await hub.admit(north);
  const { credentials: creds } = await hub.authority.networkCredentials(north);
  link = await BusConnection.open({ url: hub.natsUrl, creds, name: north, member: north }, quiet);
  publisher = await OrderedPublisher.on(link);
});
beforeEach(() => session().jsm.streams.purge(stream));
afterAll(async () => {
  publisher?.close();
  await link?.close();
  await hub?.close();
});

function session(): BusSession {
  if (!hub.link.session) throw new Error('the bus is away');
  return hub.link.session;
}

function texts(run: string, count: number): string[] {
  return Array.from({ length: count }, (_, at) => `${run} ${at}`);
}

function publish(all: readonly string[]) {
  return Promise.all(all.map((text) => publisher.publish(subject, text, text)));
}

interface InStream {
  seq: number;
  text: string;
  /** Batch in which it was stored; '': singly. */
  batch: string;
}

async function storedIn(name: string): Promise<InStream[]> {
  const { first_seq, messages } = (await session().jsm.streams.info(name)).state;
  if (messages === 0) return [];
  const stored: InStream[] = [];
  const found = await session().jsm.direct.getBatch(name, { seq: first_seq, batch: messages });
  for await (const message of found)
    stored.push({
      seq: message.seq,
      text: message.string(),
      batch: message.header?.get('Nats-Batch-Id') ?? '',
    });
  return stored;
}

test('what is published at once is stored in batches, in order, each with its sequence', async () => {
  const all = texts('at once', 300);
  const acknowledged = await publish(all);
  const stored = await storedIn(stream);
  expect(stored.map(({ text }) => text)).toEqual(all);
  expect(acknowledged.map(({ seq }) => seq)).toEqual(stored.map(({ seq }) => seq));
  expect(new Set(stored.map(({ batch }) => batch)).size).toBe(2);
});

test('a known id in the middle: all others are stored, once, in order', async () => {
  const all = texts('known', 3 * SMALLEST_BATCH);
  const known = all[SMALLEST_BATCH] ?? '';
  await publish([known]);
  const acknowledged = await publish(all);
  expect(acknowledged.flatMap(({ duplicate }, at) => (duplicate ? [all[at]] : []))).toEqual([known]);
  expect((await storedIn(stream)).map(({ text }) => text)).toEqual([
    known,
    ...all.filter((text) => text !== known),
  ]);
});

test('values of a bucket are stored in batches, and the last one counts', async () => {
  const bucket = new Bucket(link, publisher, networkBucket(north));
  await Promise.all(texts('value', 40).map((text, at) => bucket.put(`key.${at % 4}`, text)));
  expect(await bucket.get('key.3')).toBe('value 39');
  expect((await storedIn(`KV_${networkBucket(north)}`)).some(({ batch }) => batch !== '')).toBe(true);
});

test('of two processes that store the first value of a key at once, one does, also in batches', async () => {
  const other = await OrderedPublisher.on(link);
  const processes = [publisher, other].map((one) => new Bucket(link, one, networkBucket(north)));
  const keys = texts('once', 300).map((text) => text.replace(' ', '.'));
  const [taken = '', free = ''] = keys;
  await processes[0]?.put(taken, 'before');
  const stored = await Promise.all(
    processes.map((bucket, n) => Promise.all(keys.map((key) => bucket.putFirst(key, n)))),
  );
  const times = keys.map((_, at) => stored.filter((ofProcess) => ofProcess[at]).length);
  expect(times).toEqual(keys.map((key) => (key === taken ? 0 : 1)));
  expect(await processes[0]?.get(taken)).toBe('before');
  expect(await processes[0]?.get(free)).toBe(stored[0]?.[1] ? 0 : 1);
  other.close();
});

test('a stream of an earlier release takes them singly, and in batches when it was brought up to date', async () => {
  const { config } = await session().jsm.streams.info(stream);
  await session().jsm.streams.update(stream, { ...config, allow_atomic: false });
  const [before, after] = [texts('before', 50), texts('after', 50)];
  await publish(before);
  expect((await storedIn(stream)).every(({ batch }) => batch === '')).toBe(true);

  await allowBatchesOf(session(), new Set([stream]));
  // A publisher asks a stream once in each session.
  const sessionBefore = link.session;
  link.restart('a new session');
  await until('a new session', () => link.session !== undefined && link.session !== sessionBefore);
  await publish(after);
  const stored = await storedIn(stream);
  expect(stored.map(({ text }) => text)).toEqual([...before, ...after]);
  expect(stored.at(-1)?.batch).not.toBe('');
});

test('the server is killed again and again in the middle: nothing is lost, doubled or out of order', async () => {
  const all = texts('kill', 6000);
  const pending: Promise<unknown>[] = [];
  for (let turn = 0; turn < 3; turn++) {
    for (const text of all.slice(turn * 2000, (turn + 1) * 2000))
      pending.push(publisher.publish(subject, text, text));
    // Some of this turn is stored, and the rest is on its way.
    await until('some to be stored', () => publisher.backlog < 1900);
    await hub.nats.crash();
    await hub.nats.start();
  }
  await Promise.all(pending);
  await until('the hub to be back', () => hub.link.session !== undefined);
  const stored = await storedIn(stream);
  expect(stored.map(({ text }) => text)).toEqual(all);
  expect(stored.some(({ batch }) => batch !== '')).toBe(true);
});
