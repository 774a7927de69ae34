/** Reports of segments, whenever they come. */
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
  let onWait = () => {};
  const reports = new Reports({
    hub: double.hub,
    stopping: new AbortController().signal,
    wait(ms) {
      waits.push(ms);
      onWait();
      return Promise.resolve();
    },
  });
  const take = (messageId: string, state: ReportState = 'delivered', detail = 'DELIVRD') =>
    reports.take({ messageId, state, detail, person: '8613800138000' } satisfies DeliveryReport);
  const outcomes = () => double.outcomes.map(({ of, report }) => [of.native, report.stage]);
  return {
    double,
    reports,
    take,
    outcomes,
    crossed,
    waits,
    whileWaiting: (work: () => void) => (onWait = work),
  };
}

test('each segment is reported to the kit', async () => {
  const ref = message(['a', 'b']);
  const { take, outcomes } = someReports({ a: ref, b: ref });
  await take('b');
  await take('a', 'failed', 'UNDELIV');
  expect(outcomes()).toEqual([
    ['b', 'delivered'],
    ['a', 'failed'],
  ]);
});

test('a report before the answer to its segment waits for the message', async () => {
  const { take, outcomes, crossed, whileWaiting, waits } = someReports();
  whileWaiting(() => waits.length === 3 && Object.assign(crossed, { a: message(['a']) }));
  await take('a');
  expect([waits.length, outcomes()]).toEqual([3, [['a', 'delivered']]]);
});

test('a report of a message that nobody knows is left to the hub, which keeps it', async () => {
  const { take, outcomes } = someReports();
  await take('z');
  expect(outcomes()).toEqual([['z', 'delivered']]);
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
