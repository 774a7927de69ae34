/** Records of calls in a real database: answer and end come from consumers of their own, in any order, and from rivals. */
import type { DataSource } from 'typeorm';
import { businessDays } from '#clearing';
import { openDatabase } from '#database';
import { DatabaseFixture } from '../../../../test/support/database-fixture.js';
import { deleteOldActs } from './call-acts.repository.js';
import { RecordLegsRepository } from './record-legs.repository.js';
import type { CallAct, RoutedLeg } from './record-legs.js';

let postgres: DatabaseFixture;
let database: DataSource;
let records: RecordLegsRepository;

beforeAll(async () => {
  postgres = await DatabaseFixture.open();
  database = await openDatabase(postgres.url());
  records = new RecordLegsRepository(database, businessDays());
});

afterAll(async () => {
  await database?.destroy();
  await postgres?.close();
});

const START = Date.parse('2026-11-22T10:00:00Z');
const after = (seconds: number) => new Date(START + seconds * 1000);

/** north calls south. */
const invitation = (reference: string): RoutedLeg => ({
  reference,
  from: 'north',
  to: 'south',
  fromParty: 'a',
  toParty: 'b',
  seq: 1,
  at: after(0),
  class: 'call',
  units: 0,
  smsUnits: 1,
});

const act = (call: string, what: CallAct['act'], at: number, other = 'south'): CallAct => ({
  call,
  one: 'north',
  other,
  act: what,
  seq: Math.floor(at),
  at: after(at),
});

async function recordOf(reference: string) {
  const rows = await database.query<Record<string, unknown>[]>(
    `SELECT units::int, call_end, outcome, business_date IS NOT NULL AS final FROM detail_record WHERE reference = $1`,
    [reference],
  );
  return rows[0];
}

const steps = {
  invitation: (call: string) => records.routed([invitation(call)], []),
  answer: (call: string) => records.routed([], [act(call, 'answered', 5)]),
  end: (call: string) => records.routed([], [act(call, 'ended', 35.2)]),
};
type Step = keyof typeof steps;
const ORDERS: Step[][] = [
  ['invitation', 'answer', 'end'],
  ['invitation', 'end', 'answer'],
  ['answer', 'invitation', 'end'],
  ['answer', 'end', 'invitation'],
  ['end', 'invitation', 'answer'],
  ['end', 'answer', 'invitation'],
];

test.each(ORDERS)('a call of 30.2 s counts 31 seconds: %s, %s, %s', async (...order) => {
  const call = order.join('-');
  const complete = [];
  for (const step of order) complete.push(await steps[step](call));
  expect(complete).toEqual([0, 0, 1]);
  expect(await recordOf(call)).toEqual({ units: 31, call_end: 'ended', outcome: 'delivered', final: true });
});

test('a call that nobody answers counts no second', async () => {
  await records.routed([invitation('missed')], [act('missed', 'missed', 60)]);
  expect(await recordOf('missed')).toMatchObject({ units: 0, call_end: 'missed', final: true });
});

test('the first end counts, and what is read twice changes nothing', async () => {
  await records.routed([invitation('twice')], [act('twice', 'answered', 1), act('twice', 'ended', 11)]);
  await records.routed([invitation('twice')], [act('twice', 'answered', 2), act('twice', 'ended', 600)]);
  expect(await recordOf('twice')).toMatchObject({ units: 10, final: true });
});

test('a third network ends no call of two others', async () => {
  await records.routed([invitation('foreign')], [act('foreign', 'answered', 1)]);
  await records.routed([], [act('foreign', 'ended', 2, 'west')]);
  expect(await recordOf('foreign')).toMatchObject({ units: 0, final: false });
  await records.routed([], [act('foreign', 'ended', 9)]);
  expect(await recordOf('foreign')).toMatchObject({ units: 8, final: true });
});

test('a call that its network refused is a failed record without seconds', async () => {
  await records.routed([invitation('refused')], []);
  const { class: _class, units: _units, smsUnits: _smsUnits, ...leg } = invitation('refused');
  await records.ended([], [{ ...leg, outcome: 'failed', code: '40', atSwitch: false }]);
  expect(await recordOf('refused')).toMatchObject({ units: 0, outcome: 'failed', final: true });
});

test('one batch may hold the acts of many calls, and several of each', async () => {
  const calls = Array.from({ length: 50 }, (_, index) => `batch-${index}`);
  const acts = calls.flatMap((call, index) => [
    act(call, 'answered', 1),
    act(call, 'answered', 3),
    act(call, 'ended', 2 + index),
    act(call, 'ended', 900),
  ]);
  expect(await records.routed(calls.map(invitation), acts)).toBe(calls.length);
  expect(await recordOf('batch-0')).toMatchObject({ units: 1, final: true });
  expect(await recordOf('batch-49')).toMatchObject({ units: 50, final: true });
});

test('what became of a call that was never routed is deleted after a week', async () => {
  await records.routed([], [act('never', 'ended', 1), act('soon', 'ended', 1)]);
  await database.query(`UPDATE call_act SET written_at = now() - interval '8 days' WHERE call = 'never'`);
  expect(await deleteOldActs(database)).toBe(1);
  const left = await database.query<{ call: string }[]>(
    `SELECT call FROM call_act WHERE call IN ('never', 'soon')`,
  );
  expect(left).toEqual([{ call: 'soon' }]);
});
