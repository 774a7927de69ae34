/**
 * Finding among many messages: every look-up and search of the API reads its tables by an index. `npm run torture` takes 10 million
 * messages and prints how long each takes; durations are never asserted.
 */
import { DataSource, type EntityManager } from 'typeorm';
import { amount, TORTURE } from '../../../../test/support/amounts.js';
import { ConsoleFixture, FIRST_ADMIN } from '../../../../test/support/console-fixture.js';
import { messageAt, seedMessages, type OneMessage } from '../../../../test/support/many-messages.js';
import { Statements } from '../../../../test/support/statements.js';

const COUNT = amount({ test: 20_000, torture: 10_000_000 });
const SAMPLES = amount({ test: 1, torture: 30 });
const SEED_TIMEOUT_MS = amount({ test: 120_000, torture: 3_600_000 });
/** Tables with a row for each message, or nearly so. */
const LARGE = ['checkpoint', 'native_ref', 'detail_record', 'rated_record', 'link'];

let house: ConsoleFixture;
let statements: Statements;
const until = new Date('2026-11-28T04:00:00.000Z');
/** 9:00 of the last day in Shanghai. */
const NINE = '2026-11-28T01:00:00.000Z';

interface Found {
  items: { kind?: string; id: string }[];
  next: string | null;
}
type Answer = Found & { id?: string; previous?: string | null; next: string | null; price?: object | null };

/** A question to the API, about one message of the seed, with the key of somebody. */
interface Question {
  name: string;
  path: (about: OneMessage) => string;
  key?: () => string;
  /** Must be true of the answer. */
  finds: (answer: Answer, about: OneMessage) => boolean;
}

const q = (text: string) => `/v1/find?q=${encodeURIComponent(text)}`;
const search = (terms: Record<string, string>) => `/v1/messages?${new URLSearchParams(terms).toString()}`;
const isFull = ({ items }: Found) => items.length === 50;
const has = ({ items }: Found, kind: string, id: string) =>
  items.some((item) => item.kind === kind && item.id === id);
const numberOf = ({ native }: OneMessage) =>
  `86138${String(Number(native.slice('native '.length)) % 50_000 || 1).padStart(8, '0')}`;

const QUESTIONS: Question[] = [
  {
    name: 'event id',
    path: ({ eventId }) => q(eventId),
    finds: (all, { eventId }) => has(all, 'message', eventId),
  },
  {
    name: 'native id',
    path: ({ native }) => q(native),
    finds: (all, { eventId }) => has(all, 'message', eventId),
  },
  { name: 'address', path: ({ from }) => q(from), finds: (all, { from }) => has(all, 'address', from) },
  {
    name: 'number',
    path: (about) => q(`+${numberOf(about)}`),
    finds: (all, about) => has(all, 'number', `+${numberOf(about)}`),
  },
  {
    name: 'network',
    path: ({ network }) => q(network),
    finds: (all, { network }) => has(all, 'network', network),
  },
  { name: 'business day', path: () => q('2026-11-28'), finds: ({ items }) => items.length <= 1 },
  { name: 'dead letter', path: () => q('4711'), finds: ({ items }) => items.length === 0 },
  {
    name: 'agreement, change, dispute or person',
    path: () => q('0194f3a2-7c1e-7b60-9d53-2f8e4c6a1b90'),
    finds: ({ items }) => items.length === 0,
  },
  { name: 'nothing', path: ({ at }) => q(`no such thing ${at}`), finds: ({ items }) => items.length === 0 },
  {
    name: 'trace',
    path: ({ eventId }) => `/v1/messages/${eventId}/trace`,
    finds: ({ id, price }, { eventId }) => id === eventId && price !== null,
  },
  {
    name: 'trace by native id',
    path: ({ network, native }) =>
      `/v1/messages/trace?${new URLSearchParams({ network, native }).toString()}`,
    finds: ({ id }, { eventId }) => id === eventId,
  },
  { name: 'newest', path: () => search({}), finds: isFull },
  {
    name: 'person',
    path: ({ from: address }) => search({ address }),
    finds: ({ items }) => items.length > 0,
  },
  { name: 'the busiest person', path: () => search({ address: 'im:p0@wechat' }), finds: isFull },
  {
    name: 'failed of the busiest person',
    path: () => search({ failed: 'true', address: 'im:p0@wechat' }),
    finds: isFull,
  },
  { name: 'large network', path: () => search({ network: 'wechat' }), finds: isFull },
  { name: 'small network', path: () => search({ network: 'yunxin' }), finds: isFull },
  {
    name: 'a minute',
    path: ({ at }) => search({ since: at, until: minuteAfter(at) }),
    finds: ({ items }) => items.length > 0,
  },
  {
    name: 'failed since 9:00',
    path: () => search({ failed: 'true', since: NINE }),
    finds: ({ items }) => items.length > 0,
  },
  { name: 'a rare code', path: () => search({ code: '61' }), finds: ({ items }) => items.length > 0 },
  {
    name: 'failed of a small network',
    path: () => search({ failed: 'true', network: 'yunxin' }),
    finds: ({ items }) => items.length > 0,
  },
  {
    name: 'failed of a person',
    path: ({ from: address }) => search({ failed: 'true', address }),
    finds: ({ items }) => Array.isArray(items),
  },
  {
    name: 'operator of a small network: newest',
    path: () => search({}),
    key: () => house.operators['yunxin'] ?? '',
    finds: isFull,
  },
  {
    name: 'operator of a small network: failed since 9:00',
    path: () => search({ failed: 'true', since: NINE }),
    key: () => house.operators['yunxin'] ?? '',
    finds: ({ items }) => Array.isArray(items),
  },
];

function minuteAfter(at: string): string {
  return new Date(Date.parse(at) + 60_000).toISOString();
}

beforeAll(async () => {
  house = await ConsoleFixture.of(['wechat', 'yunxin']);
  await seedMessages(house.database, COUNT, until);
  statements = Statements.of(house.app.get(DataSource));
}, SEED_TIMEOUT_MS);
afterAll(() => house?.close(), SEED_TIMEOUT_MS);

/** Numbers of messages, spread over the whole time, none of them failed, and each with a price. */
const sample = (index: number) => Math.floor(((index + 0.5) / SAMPLES) * (COUNT / 10)) * 10 + 1;

test.each(QUESTIONS)('$name', async ({ name, path, key = () => FIRST_ADMIN, finds }) => {
  const tookMs: number[] = [];
  for (let index = 0; index < SAMPLES; index++) {
    const about = await messageAt(house.database, sample(index));
    statements.forget();
    const began = performance.now();
    const { status, body } = await house.call<Answer>(key(), 'GET', path(about));
    tookMs.push(performance.now() - began);
    expect({ status, path: path(about), finds: finds(body, about) }).toMatchObject({
      status: 200,
      finds: true,
    });
  }
  if (TORTURE) say(name, tookMs);
  for (const { sql, parameters } of statements.about(LARGE)) await readsByIndex(sql, parameters);
});

test('previous and next lead through a conversation and back', async () => {
  const { eventId } = await messageAt(house.database, sample(0));
  const trace = (id: string) => house.call<Answer>(FIRST_ADMIN, 'GET', `/v1/messages/${id}/trace`);
  const { body: here } = await trace(eventId);
  const neighbour = here.next ?? here.previous;
  if (!neighbour) return expect(await conversationSize(eventId)).toBe(1);
  const { body: there } = await trace(neighbour);
  expect(here.next ? there.previous : there.next).toBe(eventId);
});

async function conversationSize(eventId: string): Promise<number> {
  const [row] = await house.sql<{ count: number }>(
    `SELECT count(*)::int AS count FROM checkpoint WHERE stage = 'accepted'
       AND conversation = (SELECT conversation FROM checkpoint WHERE event_id = $1 LIMIT 1)`,
    [eventId],
  );
  return row?.count ?? 0;
}

/** The plan of a statement with its parameters, as PostgreSQL makes it for the console. */
async function readsByIndex(sql: string, parameters: unknown[]): Promise<void> {
  const plan = await house.database.transaction(async (manager: EntityManager) => {
    // A small table is read as a whole rather than by its index.
    if (!TORTURE) await manager.query('SET LOCAL enable_seqscan = off');
    const rows = await manager.query<{ 'QUERY PLAN': string }[]>(`EXPLAIN ${sql}`, parameters);
    return rows.map((row) => row['QUERY PLAN']).join('\n');
  });
  expect({ sql, plan }).toEqual({
    sql,
    plan: expect.not.stringMatching(`Seq Scan on (${LARGE.join('|')})\\b`) as string,
  });
}

function say(name: string, tookMs: number[]): void {
  const sorted = [...tookMs].sort((a, b) => a - b);
  const ms = (share: number) => (sorted[Math.floor(share * (sorted.length - 1))] ?? 0).toFixed(1).padStart(8);
  process.stderr.write(`find  p50 ${ms(0.5)} ms  max ${ms(1)} ms  ${name}\n`);
}
