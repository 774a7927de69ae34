/** What became of a message: delivered with its last segment, failed with the first that failed, whenever the reports come. */
import type { MessageRef } from '#adapter-kit';
import type { EventId } from '#protocol';
import { HubDouble } from '../../../libs/bot-contacts/src/testing/hub-double.js';
import { alice, ann } from './testing/closed-carrier.js';
import type { DeliveryReport, ReportState } from './sms.link.js';
import { Reports } from './reports.js';

function message(native: string[], more: Partial<MessageRef> = {}): MessageRef {
  const within = { kind: 'direct', parties: [alice, ann] } as unknown as MessageRef['within'];
  return { id: 'event' as EventId, author: alice, within, native, at: 0, ...more };
}

function someReports(crossed: Record<string, MessageRef> = {}) {
  const double = new HubDouble({ crossed });
  const waits: number[] = [];
  const clock = { now: 0 };
  let onWait = () => {};
  const reports = new Reports({
    hub: double.hub,
    stopping: new AbortController().signal,
    now: () => clock.now,
    wait(ms) {
      waits.push(ms);
      onWait();
      return Promise.resolve();
    },
  });
  const take = (messageId: string, state: ReportState = 'delivered', detail = 'DELIVRD') =>
    reports.take({ messageId, state, detail, person: '8613800138000' } satisfies DeliveryReport);
  const outcomes = () =>
    double.outcomes.map(({ of, report }) => ['native' in of ? of.native : '', report.stage]);
  return {
    clock,
    double,
    reports,
    take,
    outcomes,
    crossed,
    waits,
    whileWaiting: (work: () => void) => (onWait = work),
  };
}

const three = (more: Partial<MessageRef> = {}) => {
  const ref = message(['a', 'b', 'c'], more);
  return { a: ref, b: ref, c: ref };
};

test('one segment: its report is the outcome', async () => {
  const { take, outcomes } = someReports({ a: message(['a']) });
  await take('a');
  expect(outcomes()).toEqual([['a', 'delivered']]);
});

test('three segments, in any order: delivered with the last', async () => {
  const { take, outcomes } = someReports(three());
  await take('c');
  await take('a');
  await take('a');
  expect(outcomes()).toEqual([]);
  await take('b');
  expect(outcomes()).toEqual([['b', 'delivered']]);
});

test('one of three fails: failed, at once and whatever the others do', async () => {
  const { take, outcomes } = someReports(three());
  await take('a');
  await take('b', 'failed', 'UNDELIV');
  await take('c');
  expect(outcomes()).toEqual([['b', 'failed']]);
});

test('reports before the message was sent to its end are counted when it is', async () => {
  const { take, outcomes, reports, crossed } = someReports(three({ unfinished: ['a', 'b'] }));
  for (const native of ['a', 'b', 'c']) await take(native);
  await reports.sweep();
  expect(outcomes()).toEqual([]);
  Object.assign(crossed, three());
  await reports.sweep();
  expect(outcomes().map(([, stage]) => stage)).toEqual(expect.arrayContaining(['delivered']));
});

test('a message whose rest is never sent is forgotten after a while', async () => {
  const { take, outcomes, reports, crossed, clock } = someReports(three({ unfinished: ['a', 'b'] }));
  await take('a');
  for (clock.now = 0; clock.now <= 3_600_000; clock.now += 60_000) await reports.sweep();
  Object.assign(crossed, { a: message(['a']) });
  await reports.sweep();
  expect(outcomes()).toEqual([]);
});

test('a report before the answer to its segment waits for the message', async () => {
  const { take, outcomes, crossed, whileWaiting, waits } = someReports();
  whileWaiting(() => waits.length === 3 && Object.assign(crossed, three()));
  await take('a');
  expect([waits.length, outcomes()]).toEqual([3, []]);
  await take('b');
  await take('c');
  expect(outcomes()).toEqual([['c', 'delivered']]);
});

test('a report of a message that nobody knows is left to the hub, which keeps it', async () => {
  const { take, outcomes } = someReports();
  await take('z');
  expect(outcomes()).toEqual([['z', 'delivered']]);
});

test('an edit that was sent in words has an outcome of its own', async () => {
  const pieces = [
    { id: 'a', words: 0 },
    { id: 'b', words: 1 },
    { id: 'e', changedBy: 'edit' as never },
    { id: 'f', changedBy: 'edit' as never },
  ];
  const ref = message(['a', 'b', 'e', 'f'], { pieces });
  const { take, outcomes } = someReports({ a: ref, b: ref, e: ref, f: ref });
  await take('e');
  await take('f');
  expect(outcomes()).toEqual([['f', 'delivered']]);
  await take('a');
  await take('b');
  expect(outcomes()).toEqual([
    ['f', 'delivered'],
    ['b', 'delivered'],
  ]);
});

test('words of the account itself have no outcome', async () => {
  const { take, outcomes, reports } = someReports();
  reports.areOfAccount(['own']);
  await take('own');
  await take('own', 'failed', 'UNDELIV');
  expect(outcomes()).toEqual([]);
});

test.each<[ReportState, string, string]>([
  ['failed', 'UNDELIV', '100'],
  ['failed', 'MK:0001', '14'],
  ['failed', 'MB:0001', '14'],
  ['failed', 'UNDELIV err:001', '14'],
  ['failed', 'UNDELIV err:010', '100'],
  ['failed', 'MK:0012', '100'],
  ['expired', 'EXPIRED', '68'],
  ['rejected', 'REJECTD', '100'],
  ['unknown', 'UNKNOWN', '103'],
])('%s, %s: %s', async (state, detail, code) => {
  const { take, double } = someReports({ a: message(['a']) });
  await take('a', state, detail);
  expect(double.outcomes[0]?.report).toMatchObject({ stage: 'failed', code, basis: 'network' });
});
