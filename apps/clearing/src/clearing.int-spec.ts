/** Clearing as a process, on a real bus and a real database: killed at any moment, and days that are over. */
import type { DataSource } from 'typeorm';
import { ask } from '#bus';
import { businessDays, dayAfter } from '#clearing';
import { closedDay, verifyDay } from '#clearing-store';
import { openDatabase } from '#database';
import {
  pathOf,
  consumers,
  HUB,
  addressOf,
  ALL_LANES,
  directConversation,
  eventId,
  laneOf,
  network,
  networkOf,
  plainText,
  STREAMS,
  requests,
  subjects,
  type Address,
  type Outcome,
} from '#protocol';
import { DatabaseFixture } from '../../../test/support/database-fixture.js';
import { farCutover } from '../../../test/support/far-cutover.js';
import { HubFixture, until, type App } from '../../../test/support/hub-fixture.js';
import { ledgerHasRead } from './records/ledger.js';

const NETS = ['north', 'south', 'west'].map((slug) => network(slug));
const CUTOVER = farCutover();
const today = () => businessDays(CUTOVER).dateOf(new Date());

let hub: HubFixture;
let postgres: DatabaseFixture;
let database: DataSource;
let clearing: App;
let sent = 0;

beforeAll(async () => {
  [hub, postgres] = await Promise.all([HubFixture.open(), DatabaseFixture.open()]);
  database = await openDatabase(postgres.url());
  for (const net of NETS) {
    await hub.admit(net);
    await database.query(
      `INSERT INTO network (slug, name, status, created_at) VALUES ($1, $1, 'live', now())`,
      [net],
    );
  }
  await database.query(
    `INSERT INTO tariff VALUES (gen_random_uuid(), '*', '*', 'message', '2020-01-01', 10000, 1000, NULL, '[]', now())`,
  );
  clearing = await hub.app('clearing', 'dist/apps/clearing/src/main.js', {
    NATS_CREDS: hub.credentials('clearing', await hub.authority.hubCredentials('clearing')),
    DATABASE_URL: postgres.url(),
    CLEARING_PARTY_KEY: 'a key of at least thirty-two characters',
    CLEARING_CUTOVER: CUTOVER,
  });
});

afterAll(async () => {
  await hub?.close();
  await database?.destroy();
  await postgres?.close();
});

function message(name: string, from: Address, to: Address, text: string) {
  const now = new Date().toISOString();
  const net = networkOf(from);
  return {
    specversion: '1.0',
    id: eventId(net, 'message', name),
    source: `/network/${net}`,
    type: 'im.hutong.message.v1',
    time: now,
    subject: directConversation(from, to),
    datacontenttype: 'application/json',
    path: pathOf(net),
    data: { from: { address: from }, to, sentAt: now, content: { body: plainText(text) } },
  };
}

/** One message and how it ends, in either order; now and then not at all, twice, as SMS, or at the switch. */
async function exchange(n: number): Promise<void> {
  const [from, to] = [NETS[n % 3] ?? network('x'), NETS[(n + 1 + (n % 2)) % 3] ?? network('x')];
  const [ann, bob] = [addressOf(from, `a${n % 7}`), addressOf(to, `b${n % 7}`)];
  const event = message(`m${n}`, ann, bob, '字'.repeat(n % 150));
  const { id, subject: conversation, time: now } = event;
  const atSwitch = n % 11 === 0;
  const failed = atSwitch || n % 5 === 0;
  const outcome: Outcome = {
    event: id,
    conversation,
    kind: 'message',
    by: atSwitch ? 'switch' : 'adapter',
    stage: failed ? 'failed' : 'delivered',
    code: failed ? '14' : n % 6 === 0 ? '104' : '00',
    from: { address: ann },
    to: bob,
    at: now,
  };
  const lane = ALL_LANES[n % ALL_LANES.length] ?? ALL_LANES[0];
  const route = (msgId: string) =>
    hub.publisher.publish(subjects.out(to, lane as never), JSON.stringify(event), msgId);
  const report = (msgId: string) =>
    hub.publisher.publish(subjects.report(atSwitch ? HUB : to), JSON.stringify(outcome), msgId);
  const steps = [
    ...(atSwitch ? [] : [() => route(`${id}:r`)]),
    ...(n % 17 === 0 ? [] : [() => report(`${id}:o`)]),
    ...(n % 13 === 0 && !atSwitch ? [() => route(`${id}:again`)] : []),
    ...(n % 19 === 0 ? [() => report(`${id}:o-again`)] : []),
  ];
  if (n % 4 === 0) steps.reverse();
  for (const step of steps) await step();
}

async function exchanges(count: number): Promise<void> {
  const numbers = Array.from({ length: count }, () => sent++);
  await Promise.all(numbers.map(exchange));
}

/** Everything in a stream, as JSON. */
async function streamed(
  stream: string,
): Promise<{ subject: string; seq: number; json: Record<string, never> }[]> {
  const session = hub.link.session;
  if (!session) throw new Error('the bus is away');
  const { state } = await session.jsm.streams.info(stream);
  const all = [];
  for (let seq = state.first_seq; seq <= state.last_seq; seq++) {
    const found = await session.jsm.streams.getMessage(stream, { seq });
    if (found) all.push({ subject: found.subject, seq, json: found.json<Record<string, never>>() });
  }
  return all;
}

type Row = Record<string, string | null>;

/** What the ledger must say, from the streams alone. */
async function expectedRows(): Promise<Row[]> {
  const rows = new Map<string, Row>();
  const rowOf = (reference: string, from: string, to: string) => {
    const key = `${reference} ${to}`;
    const none = { class: null, units: null, routed_seq: null, outcome: null, code: null, outcome_seq: null };
    const row = rows.get(key) ?? { reference, from_network: from, to_network: to, ...none };
    rows.set(key, row);
    return row;
  };
  const netOf = (address: string) => address.split('@').at(-1) ?? '';
  const words = new Map<string, number>();
  for (const { subject, seq, json } of await streamed(STREAMS.out)) {
    const { id, data } = json as unknown as {
      id: string;
      data: { from: { address: string }; content: { body: { content: string } } };
    };
    const row = rowOf(id, netOf(data.from.address), subject.split('.')[2] ?? '');
    if (row['routed_seq'] !== null) continue;
    words.set(id, data.content.body.content.length);
    Object.assign(row, { class: 'message', units: '1', routed_seq: String(seq) });
  }
  for (const { seq, json } of await streamed(STREAMS.report)) {
    const outcome = json as unknown as Outcome;
    const row = rowOf(outcome.event, netOf(outcome.from.address), netOf(outcome.to));
    if (row['outcome_seq'] !== null) continue;
    Object.assign(row, { outcome: outcome.stage, code: outcome.code, outcome_seq: String(seq) });
    const length = words.get(outcome.event) ?? 0;
    if (outcome.code === '104')
      Object.assign(row, { class: 'sms', units: String(length <= 70 ? 1 : Math.ceil(length / 67)) });
  }
  return [...rows.values()].sort((one, other) =>
    String(one['reference']) < String(other['reference']) ? -1 : 1,
  );
}

const actualRows = () =>
  database.query<Row[]>(
    `SELECT reference, from_network, to_network, class, units::text, routed_seq::text, outcome, code, outcome_seq::text
     FROM detail_record ORDER BY reference`,
  );

async function settled(): Promise<void> {
  await until('the ledger to have read everything', async () => {
    const read = [
      ...NETS.map((net) => [STREAMS.out, net] as const),
      ...[...NETS, HUB].map((net) => [STREAMS.report, net] as const),
    ];
    const infos = await Promise.all(
      read.map(async ([stream, net]) =>
        hub.link.session?.jsm.consumers.info(stream, consumers.clearingOf(net)),
      ),
    );
    return infos.every((info) => info?.num_pending === 0 && info.num_ack_pending === 0);
  });
}

describe('the ledger', () => {
  it('is what the streams say, however often clearing is killed meanwhile', async () => {
    for (let round = 0; round < 4; round++) {
      const writing = exchanges(400);
      await new Promise((resolve) => setTimeout(resolve, 50 + Math.random() * 300));
      await clearing.child.crash();
      await writing;
      await clearing.child.start();
    }
    await exchanges(200);
    await settled();
    expect(await actualRows()).toEqual(await expectedRows());
    const complete = await database.query<{ count: number }[]>(
      'SELECT count(*)::int FROM detail_record WHERE business_date IS NOT NULL AND (at_switch OR routed_seq IS NOT NULL)',
    );
    expect(complete[0]?.count).toBeGreaterThan(1500);
    const unfinished = await database.query(
      `SELECT 1 FROM detail_record WHERE business_date IS NULL AND outcome_seq IS NOT NULL AND (at_switch OR routed_seq IS NOT NULL)`,
    );
    expect(unfinished).toEqual([]);
  });

  it('holds hashes, not people', async () => {
    const rows = await database.query('SELECT from_party, to_party FROM detail_record LIMIT 50');
    expect(JSON.stringify(rows)).not.toContain('im:');
  });
});

describe('a day', () => {
  const close = (body: { date: string; force?: boolean }) => ask(hub.link, requests.closeDay(), body, 30_000);

  it('is not closed before it is over, nor on a request that makes no sense', async () => {
    await expect(close({ date: today() })).rejects.toMatchObject({
      code: '30',
      detail: expect.stringContaining('not over'),
    });
    await expect(close({ date: 'yesterday' })).rejects.toMatchObject({ code: '30', field: 'date' });
    for (const date of [dayAfter(today()), '2001-01-01'])
      await expect(close({ date, force: true })).rejects.toMatchObject({ code: '30' });
  });

  it('that is closed takes nothing more: what is late is of the next', async () => {
    const date = today();
    const reply = await close({ date, force: true });
    expect(reply).toMatchObject({ code: '00', date, netSum: '0.000000' });
    const before = await closedDay(database, date);
    expect(reply.records).toBe(before?.records);

    await exchanges(100);
    await settled();
    expect(await close({ date, force: true })).toMatchObject({ code: '94', records: reply.records });
    expect(await closedDay(database, date)).toEqual(before);
    expect(await verifyDay(database, date)).toMatchObject({ identical: true });
    const days = await database.query<{ date: string; count: number }[]>(
      `SELECT business_date::text AS date, count(*)::int FROM detail_record WHERE business_date IS NOT NULL GROUP BY 1 ORDER BY 1`,
    );
    expect(days.map((day) => day.date)).toEqual([date, dayAfter(date)]);
    expect(days[0]?.count).toBe(reply.records);
    expect(await actualRows()).toEqual(await expectedRows());
  });
});

test('a day waits until the ledger has read all that the bus took in it', async () => {
  await until('the ledger to be level', () => ledgerHasRead(hub.link, new Date()));
  await clearing.child.crash();
  const before = new Date();
  await exchanges(20);
  expect(await ledgerHasRead(hub.link, before)).toBe(true);
  expect(await ledgerHasRead(hub.link, new Date())).toBe(false);
  await clearing.child.start();
  await until('it to be level again', () => ledgerHasRead(hub.link, new Date()));
});

describe('an id that is used again is paid for again', () => {
  const [north, south] = [network('north'), network('south')];
  const [ann, bob] = [addressOf(north, 'ann'), addressOf(south, 'bob')];
  const route = (event: ReturnType<typeof message>, msgId: string) =>
    hub.publisher.publish(subjects.out(south, laneOf(event.subject)), JSON.stringify(event), msgId);
  const records = (reference: string) =>
    database.query(
      `SELECT outcome, code, class, units::text, business_date IS NOT NULL AS dated FROM detail_record
       WHERE reference LIKE $1 || '%' ORDER BY reference`,
      [reference],
    );
  const REFUSED = { outcome: 'failed', code: '57', class: null, units: null, dated: true };
  const PAID = { outcome: 'delivered', code: '00', class: 'message', units: '1', dated: true };

  it('when the switch had refused it before', async () => {
    const event = message('refused first', ann, bob, 'free?');
    const { id, subject: conversation, time: at } = event;
    const between = { from: { address: ann }, to: bob };
    const refusal = {
      event: id,
      conversation,
      kind: 'message',
      by: 'switch',
      stage: 'failed',
      code: '57',
      at,
    };
    await hub.publisher.publish(subjects.report(HUB), JSON.stringify({ ...refusal, ...between }), 'refusal');
    await until('the refusal', async () => (await records(id)).length === 1);
    await route(event, 'first');
    await until('its own record', async () => (await records(id)).length === 2);
    await route(event, 'second');
    await settled();
    expect(await records(id)).toEqual([REFUSED, PAID]);
  });

  it('when it is another network’s', async () => {
    const west = network('west');
    const event = message('of north', ann, bob, 'mine');
    await route(event, 'of north');
    await until('its record', async () => (await records(event.id)).length === 1);
    const borrowed = { ...message('of west', addressOf(west, 'will'), bob, 'not mine'), id: event.id };
    await route(borrowed, 'of west');
    await until('its own record', async () => (await records(event.id)).length === 2);
    const senders = await database.query(
      `SELECT from_network FROM detail_record WHERE reference LIKE $1 || '%' ORDER BY reference`,
      [event.id],
    );
    expect(senders).toEqual([{ from_network: 'north' }, { from_network: 'west' }]);
  });

  it('when the bus had forgotten it', async () => {
    const event = message('of last week', ann, bob, 'free?');
    await database.query(
      `INSERT INTO detail_record (reference, from_network, to_network, from_party, to_party, class, units, accepted_at, routed_seq, outcome,
         code, ended_at, outcome_seq, business_date)
       VALUES ($1, 'north', 'south', 'a', 'b', 'message', 1, now() - interval '8 days', 1, 'delivered', '00', now() - interval '8 days', 1, '2020-01-01')`,
      [event.id],
    );
    await route(event, 'a week later');
    await until('its own record', async () => (await records(event.id)).length === 2);
    expect(await records(event.id)).toEqual([PAID, PAID]);
  });
});
