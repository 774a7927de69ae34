/** The bus on a real nats-server: order, durability, take-over, rights, poison; and what a killed server leaves. */
import { createInbox, NoRespondersError, RequestError } from '@nats-io/transport-node';
import { z } from 'zod';
import { BusConnection, type BusSession } from './bus-connection.js';
import { Bucket } from './bucket.js';
import { createdAt, createMissing } from './bus-objects.js';
import { publishDeadLetter } from './dead-letters.js';
import { lastMessage } from './direct-read.js';
import { LaneConsumer } from './lane-consumer.js';
import type { BusMessage, LaneReader } from './lane-reader.js';
import { OrderedPublisher } from './ordered-publisher.js';
import { mayReadOwnRecords, openOwnRecords, OwnRecords } from './own-records.js';
import { networkTopology } from './topology.js';
import {
  ANY,
  BUCKETS,
  consumers,
  DeadLetter,
  eventId,
  HubError,
  inStream,
  MEMBER_API,
  network,
  networkBucket,
  STREAMS,
  subjects,
  type Lane,
} from '#protocol';
import { HubFixture, quiet, until } from '../../../test/support/hub-fixture.js';

const north = network('north');
const south = network('south');
const lane = 3 as Lane;
let hub: HubFixture;

beforeAll(async () => {
  hub = await HubFixture.open();
  await hub.admit('north');
  await hub.admit('south');
});
afterAll(() => hub?.close());

/** Reads and acknowledges, and remembers. */
class Notebook implements LaneReader {
  readonly read_: string[] = [];
  timesOwner = 0;
  constructor(
    private readonly handle: (message: BusMessage, text: string) => void = (message) => message.ack(),
  ) {}
  becomeOwner(): void {
    this.timesOwner++;
  }
  read(message: BusMessage): void {
    const text = new TextDecoder().decode(message.data);
    this.read_.push(text);
    this.handle(message, text);
  }
}

function sessionOf({ session }: BusConnection): BusSession {
  if (!session) throw new Error('the bus is away');
  return session;
}

async function restart(): Promise<void> {
  await hub.nats.crash();
  await hub.nats.start();
}

describe('publishing', () => {
  test('the same message id is stored once', async () => {
    const [first, second] = await Promise.all([
      hub.publisher.publish('hub.report.north', '{"a":1}', 'same'),
      hub.publisher.publish('hub.report.north', '{"a":1}', 'same'),
    ]);
    expect([first.duplicate, second.duplicate]).toEqual([false, true]);
  });

  test('through a killed and restarted server: all stored, once, in order', async () => {
    const lines = Array.from({ length: 5000 }, (_, index) => `line ${index}`);
    const stored = lines.map((line, index) =>
      hub.publisher.publish(subjects.in(north, lane), line, `order-${index}`),
    );
    await restart();
    await Promise.all(stored);
    const { jsm } = hub.link.session ?? (await new Promise<never>(() => undefined));
    const info = await jsm.streams.info(inStream(north));
    expect(info.state.messages).toBe(lines.length);
    const found: string[] = [];
    for (let seq = info.state.first_seq; seq <= info.state.last_seq; seq++)
      found.push((await jsm.streams.getMessage(inStream(north), { seq }))?.string() ?? '');
    expect(found).toEqual(lines);
    await jsm.streams.purge(inStream(north));
  });

  test('after the restart the stream still knows the ids from before it', async () => {
    expect((await hub.publisher.publish('hub.report.north', '{"a":1}', 'same')).duplicate).toBe(true);
  });
});

describe('ordered consumption', () => {
  const options = { stream: STREAMS.out, durable: consumers.adapter(south), window: 100 };
  const put = (text: string) =>
    hub.publisher.publish(subjects.out(south, lane), text, `${text}-${Math.random()}`);

  test('after a failover unacknowledged messages are redelivered first, in order', async () => {
    for (const text of ['1', '2', '3', '4']) await put(text);
    const first = new Notebook((message, text) => text === '1' && message.ack());
    const one = await LaneConsumer.on(hub.link, options, first);
    await until('four messages', () => first.read_.length === 4);
    await one.stop();
    await put('5');
    const second = new Notebook();
    const other = await LaneConsumer.on(hub.link, options, second);
    await until('the rest', () => second.read_.length >= 4);
    expect(second.read_).toEqual(['2', '3', '4', '5']);
    expect(second.timesOwner).toBe(1);
    await other.stop();
  });

  test('after an orderly stop the next owner need not wait: nobody is pinned, and what was not acknowledged is pending', async () => {
    for (const text of ['1', '2', '3']) await put(text);
    const first = new Notebook((message, text) => text === '1' && message.ack());
    const one = await LaneConsumer.on(hub.link, options, first);
    await until('three messages', () => first.read_.length === 3);
    await one.stop();
    await one.release();
    const info = await sessionOf(hub.link).jsm.consumers.info(options.stream, options.durable);
    expect(info).toMatchObject({ num_ack_pending: 0, num_pending: 2 });
    // The library does not declare this field of the server.
    const { priority_groups: groups } = info as { priority_groups?: { pinned_client_id?: string }[] };
    expect(groups?.map(({ pinned_client_id: pinned = '' }) => pinned)).toEqual(['']);
    const second = new Notebook((message) => message.ack());
    const other = await LaneConsumer.on(hub.link, options, second);
    await until('the rest', () => second.read_.length === 2);
    expect(second.read_).toEqual(['2', '3']);
    await other.stop();
  });

  test('what a process that is killed had read comes to one that has waited for long, also if nothing new follows', async () => {
    const creds = await hub.authority.hubCredentials('killed');
    const link = await BusConnection.open({ url: hub.natsUrl, creds, name: 'killed' }, quiet);
    const killed = new Notebook((message, text) => text === '1' && message.ack());
    await LaneConsumer.on(link, options, killed);
    await put('1');
    await until('the first message', () => killed.read_.length === 1);
    const waiting = new Notebook();
    const other = await LaneConsumer.on(hub.link, options, waiting);
    await until('it has seen that nothing is left over', () => other['owner']?.['isSettled'] === true);
    await put('2');
    await until('the second message', () => killed.read_.length === 2);
    await link.close();
    await until('the second message at the other one', () => waiting.read_.includes('2'));
    expect([waiting.read_, waiting.timesOwner]).toEqual([['2'], 1]);
    await other.stop();
  });

  test('who lost the pin to another process, which read as many messages, knows that it becomes the owner anew', async () => {
    const creds = await hub.authority.hubCredentials('between');
    const link = await BusConnection.open({ url: hub.natsUrl, creds, name: 'between' }, quiet);
    const first = new Notebook((message, text) => text === '3' && message.ack());
    const between = new Notebook();
    const one = await LaneConsumer.on(hub.link, options, first);
    for (const text of ['1', '2']) await put(text);
    await until('two messages', () => first.read_.length === 2);
    // As if it stood still: its pulls stop, and the other one is pinned.
    const { messages } = one as unknown as { messages: { pull: (request: object) => void } };
    const pull = messages.pull.bind(messages);
    messages.pull = () => undefined;
    await LaneConsumer.on(link, options, between);
    await until('them at the other one', () => between.read_.length === 2);
    await link.close();
    messages.pull = pull;
    await put('3');
    await until('the third message', () => first.read_.includes('3'));
    expect([first.read_, first.timesOwner]).toEqual([['1', '2', '3'], 2]);
    await one.stop();
  });

  test('a message that is put back comes again after its delay, counted', async () => {
    const deliveries: number[] = [];
    const reader = new Notebook((message) => {
      deliveries.push(message.deliveries);
      if (message.deliveries < 3) message.retry(50);
      else message.ack();
    });
    await put('again');
    const consumer = await LaneConsumer.on(hub.link, options, reader);
    await until('three deliveries', () => deliveries.length === 3);
    expect(deliveries).toEqual([1, 2, 3]);
    await consumer.stop();
  });

  test('goes on after the server was killed; a deleted consumer is not made anew but waited for', async () => {
    const reader = new Notebook();
    const consumer = await LaneConsumer.on(hub.link, options, reader);
    await put('before');
    await until('the first', () => reader.read_.includes('before'));
    await restart();
    await put('after the crash');
    await until('the second', () => reader.read_.includes('after the crash'));
    await hub.link.session?.jsm.consumers.delete(STREAMS.out, consumers.adapter(south));
    await put('after the deletion');
    await until('the alarm', () => !consumer.isThere);
    const { session } = hub.link;
    if (!session) throw new Error('the bus is away');
    expect(await createdAt(session, `${STREAMS.out}/${consumers.adapter(south)}`)).toBeUndefined();
    await createMissing(session, networkTopology(south));
    await until('the third', () => reader.read_.includes('after the deletion'));
    await consumer.stop();
  });

  test('continues when the client library no longer receives what the server sends', async () => {
    const notebook = new Notebook();
    const reader = await LaneConsumer.on(hub.link, options, notebook);
    await put('heard');
    await until('the first', () => notebook.read_.length === 1);
    (reader['messages'] as unknown as { sub: { unsubscribe(): void } }).sub.unsubscribe();
    await put('not heard');
    await until('the second', () => notebook.read_.length === 2);
    expect(notebook.read_).toEqual(['heard', 'not heard']);
    await reader.stop();
  });

  test('a poison message is dead-lettered completely, and the messages behind it are read', async () => {
    const good: string[] = [];
    const reader = new Notebook((message, text) => {
      if (text === 'poison')
        void publishDeadLetter(hub.publisher, south, message, new HubError('30', 'not readable')).then(() =>
          message.ack(),
        );
      else {
        good.push(text);
        message.ack();
      }
    });
    await put('poison');
    await put('good');
    const consumer = await LaneConsumer.on(hub.link, options, reader);
    await until('the good one', () => good.includes('good'));
    await until(
      'a dead letter',
      async () => ((await hub.link.session?.jsm.streams.info(STREAMS.dead))?.state.messages ?? 0) === 1,
    );
    const letter = DeadLetter.parse(
      (
        await hub.link.session?.jsm.streams.getMessage(STREAMS.dead, { last_by_subj: subjects.dead(south) })
      )?.json(),
    );
    expect(letter).toMatchObject({ reason: '30', network: 'south', subject: subjects.out(south, lane) });
    expect(Buffer.from(letter.payload, 'base64').toString()).toBe('poison');
    await consumer.stop();
  });
});

describe('a bucket that is watched whole', () => {
  test('reports existing entries, the end of them, and changes; and again after the server was killed', async () => {
    const bucket = new Bucket(hub.link, hub.publisher, BUCKETS.subscribers);
    const told: string[] = [];
    const watching = () =>
      bucket.watchAll(
        '>',
        z.unknown(),
        (key, value) => told.push(`${key}=${JSON.stringify(value)}`),
        () => told.push('all'),
      );
    await watching();
    await until('an empty bucket', () => told.includes('all'));
    await bucket.put('north.a', 1);
    await bucket.put('south.b', 2);
    await until('both', () => told.includes('south.b=2'));
    await bucket.delete('north.a');
    await until('the deletion', () => told.includes('north.a=null'));
    told.length = 0;
    await restart();
    await until('all of it again', () => told.includes('all'));
    expect(told).toEqual(['south.b=2', 'north.a=null', 'all']);
  });
});

describe('a network’s credentials', () => {
  let link: BusConnection;
  let publisher: OrderedPublisher;

  beforeAll(async () => {
    const { credentials: creds } = await hub.authority.networkCredentials(north);
    link = await BusConnection.open({ url: hub.natsUrl, creds, name: 'north', member: north }, quiet);
    publisher = await OrderedPublisher.on(link);
  });
  afterAll(async () => {
    publisher.close();
    await link.close();
  });

  test('let it speak for itself', async () => {
    expect((await publisher.publish(subjects.in(north, lane), '{}', 'own')).duplicate).toBe(false);
  });

  test.each([
    subjects.in(south, lane),
    subjects.out(south, lane),
    subjects.report(south),
    '$KV.registry.snapshot',
    '$KV.subscribers.south.someone',
    subjects.directory,
    subjects.directoryChanged,
    `$KV.${networkBucket(south)}.x`,
  ])('do not let it publish to %s: 31', async (subject) => {
    await expect(publisher.publish(subject, '{}')).rejects.toMatchObject({ code: '31' });
  });

  test.each([subjects.signalOut(south), 'hub.>', '$SYS.>'])('do not let it receive %s', async (subject) => {
    const session = link.session;
    const refused = new Promise<string>((resolve) =>
      session?.nc.subscribe(subject, { callback: (error) => resolve(error ? error.message : 'a message') }),
    );
    expect(await refused).toMatch(/permissions violation/i);
  });

  test('let it read its own events by their ids, and none of another network', async () => {
    const [id, other] = [eventId(north, 'message', '1'), eventId(south, 'message', '1')];
    await publisher.publish(subjects.event(north, id), 'my event', 'mine');
    await hub.publisher.publish(subjects.event(south, other), 'of the south', 'theirs');
    const found = await new OwnRecords(link, north).event(id);
    expect(found && new TextDecoder().decode(found)).toBe('my event');
    expect(await new OwnRecords(link, north).event(other)).toBeUndefined();
    const refused = link.session?.jsm.streams.getMessage(inStream(south), {
      last_by_subj: subjects.event(south, other),
    });
    await expect(refused).rejects.toThrow(/permissions violation/i);
  });

  test('let it read its own outcomes by key and by native id, and none of another network', async () => {
    const [key, digest] = [eventId(south, 'message', '2'), eventId(north, 'native', '2')];
    const records = new OwnRecords(link, north);
    await publisher.publish(subjects.delivered(north, key, digest), 'my outcome', 'mine');
    await hub.publisher.publish(subjects.delivered(south, key, digest), 'of the south', 'of the south');
    const text = (found: Uint8Array | undefined) => found && new TextDecoder().decode(found);
    expect(text(await records.outcomeOf(key))).toBe('my outcome');
    expect(text(await records.outcomeWith(digest))).toBe('my outcome');
    expect(await records.outcomeOf(eventId(south, 'message', '3'))).toBeUndefined();
    expect(await records.outcomeWith(eventId(north, 'native', '3'))).toBeUndefined();
    expect(text(await records.certainOutcomeOf(key))).toBe('my outcome');
    expect(text(await records.certainOutcomeWith(digest))).toBe('my outcome');
    const others = lastMessage(sessionOf(link), STREAMS.report, subjects.delivered(south, key, ANY));
    await expect(others).rejects.toThrow(/permissions violation/i);
    await expect(publisher.publish(subjects.delivered(south, key, digest), 'forged')).rejects.toMatchObject({
      code: '31',
    });
  });

  test('let it ask the leader whether it has published an outcome, which stores nothing', async () => {
    const [key, digest] = [eventId(south, 'message', '5'), eventId(north, 'native', '5')];
    const records = new OwnRecords(link, north);
    const count = async () => (await sessionOf(hub.link).jsm.streams.info(STREAMS.report)).state.messages;
    const before = await count();
    expect(await records.certainOutcomeOf(key)).toBeUndefined();
    expect(await records.certainOutcomeWith(digest)).toBeUndefined();
    expect(await count()).toBe(before);
  });

  test('let it wait for a replica that does not have its outcome yet', async () => {
    const [key, digest] = [eventId(south, 'message', '6'), eventId(north, 'native', '6')];
    await publisher.publish(subjects.delivered(north, key, digest), 'the sixth', 'the sixth');
    const session = sessionOf(link);
    const reads: unknown[] = [];
    const direct = {
      getMessage: async (...read: Parameters<typeof session.jsm.direct.getMessage>) => {
        reads.push(read);
        return reads.length === 1 ? null : session.jsm.direct.getMessage(...read);
      },
    };
    const behind = { session: { ...session, jsm: { direct } } } as unknown as BusConnection;
    const found = await new OwnRecords(behind, north).certainOutcomeOf(key);
    expect(new TextDecoder().decode(found)).toBe('the sixth');
    expect(reads).toHaveLength(2);
  });

  test.each<[string, object]>([
    ['the last of a subject', { last_by_subj: 'hub.report.south' }],
    ['the next of a subject', { seq: 1, next_by_subj: 'hub.report.south' }],
    ['a number of the stream', { seq: 1 }],
    ['the last of several subjects', { multi_last: ['hub.report.south'], batch: 10 }],
    ['a batch', { seq: 1, batch: 10, next_by_subj: 'hub.report.>' }],
  ])(
    'a request for an outcome of its own that names in its body %s is answered without it',
    async (_what, body) => {
      const [key, digest] = [eventId(south, 'message', '4'), eventId(north, 'native', '4')];
      await hub.publisher.publish(
        subjects.report(south),
        'of the south',
        `of the south ${JSON.stringify(body)}`,
      );
      await publisher.publish(
        subjects.delivered(north, key, digest),
        'my outcome',
        `mine ${JSON.stringify(body)}`,
      );
      const { nc } = sessionOf(link);
      const call = `${MEMBER_API}.DIRECT.GET.${STREAMS.report}.${subjects.delivered(north, key, ANY)}`;
      const inbox = createInbox();
      const answers: string[] = [];
      nc.subscribe(inbox, { callback: (_error, message) => void answers.push(message.string()) });
      nc.publish(call, JSON.stringify(body), { reply: inbox });
      // Answered after it, by the same server.
      await nc.request(call, '');
      expect(answers.filter((text) => text !== '' && text !== 'my outcome')).toEqual([]);
    },
  );

  test('are of no use for reading on a server that an earlier release configured, which exports no outcomes', async () => {
    expect(await openOwnRecords(link, north, undefined)).toBeInstanceOf(OwnRecords);
    const nobody = () => Promise.reject(new RequestError('', { cause: new NoRespondersError('hub.js') }));
    const unserved = { log: quiet, session: { jsm: { direct: { getMessage: nobody } } } };
    expect(await openOwnRecords(unserved as unknown as BusConnection, north, undefined)).toBeUndefined();
  });

  test('say whether they permit to read its events, which those of earlier releases do not', async () => {
    const { credentials } = await hub.authority.networkCredentials(north);
    expect(mayReadOwnRecords(credentials, north)).toBe(true);
    expect(mayReadOwnRecords(credentials, south)).toBe(false);
    expect(mayReadOwnRecords(undefined, north)).toBe(true);
  });

  test('its own bucket is its own: written, read, listed', async () => {
    const bucket = new Bucket(link, publisher, networkBucket(north));
    await bucket.put('portal.a', { room: 1 });
    expect(await bucket.get('portal.a')).toEqual({ room: 1 });
    expect(await bucket.get('portal.b')).toBeUndefined();
    expect(await bucket.keys('portal.>')).toEqual(['portal.a']);
    await expect(bucket.put('no spaces', 1)).rejects.toMatchObject({ code: '30' });
  });
});
