/** A message that became three native messages: what a network reports of each of them, in any order, and in two processes. */
import { addressOf, direct, directConversation, network, type EventId, type Outcome } from '#protocol';
import type { MessageRef } from './delivered.contract.js';
import type { LateOutcomes, LateReport } from './late-outcomes.js';
import { LateOutcomesStage } from './testing/late-outcomes-stage.js';

const here = network('whatsapp');
const far = network('far');
const [sue, ann] = [addressOf(far, 'sue'), addressOf(here, '8613800138000')];
const id = 'A'.repeat(27) as EventId;
const event = { id, author: far };

const submitted: Outcome = {
  event: id,
  conversation: directConversation(sue, ann),
  kind: 'message',
  by: 'adapter',
  stage: 'submitted',
  basis: 'network',
  code: '00',
  from: { address: sue },
  to: ann,
  native: ['a', 'b', 'c'],
  at: '2026-11-28T10:00:00.000Z',
};
const ref: MessageRef = { id, author: sue, within: direct(sue, ann), native: ['a', 'b', 'c'], at: 0 };

const ARRIVED: LateReport = { stage: 'delivered', basis: 'user-device' };
const READ: LateReport = { stage: 'read', basis: 'user-device' };
const AS_SMS: LateReport = { stage: 'delivered', basis: 'network', code: '104' };
const LOST: LateReport = { stage: 'failed', basis: 'network', code: '100', detail: 'undeliverable' };

let stage: LateOutcomesStage;
const told = () => stage.told();

beforeEach(() => {
  stage = new LateOutcomesStage(here);
  stage.known = ref;
});

test.each<[string, [string, LateReport][], string[]]>([
  [
    'one of them has not arrived',
    [
      ['a', ARRIVED],
      ['b', ARRIVED],
      ['b', ARRIVED],
    ],
    [],
  ],
  [
    'all have arrived',
    [
      ['c', ARRIVED],
      ['a', ARRIVED],
      ['b', ARRIVED],
    ],
    ['delivered 00'],
  ],
  [
    'the second is lost after the first',
    [
      ['a', ARRIVED],
      ['b', LOST],
      ['c', ARRIVED],
    ],
    ['failed 100'],
  ],
  [
    'the first is lost after the others',
    [
      ['c', READ],
      ['b', ARRIVED],
      ['a', LOST],
    ],
    ['failed 100'],
  ],
  [
    'two are lost',
    [
      ['b', LOST],
      ['a', LOST],
    ],
    ['failed 100'],
  ],
  [
    'one is lost after its device had it',
    [
      ['b', ARRIVED],
      ['b', LOST],
      ['a', ARRIVED],
      ['c', ARRIVED],
    ],
    ['delivered 00'],
  ],
  [
    'only the last is read',
    [
      ['a', ARRIVED],
      ['b', READ],
      ['c', READ],
    ],
    ['read 00'],
  ],
  [
    'only the first is read',
    [
      ['a', READ],
      ['b', ARRIVED],
      ['c', ARRIVED],
    ],
    ['delivered 00'],
  ],
  [
    'the last is read later',
    [
      ['a', ARRIVED],
      ['b', ARRIVED],
      ['c', ARRIVED],
      ['c', READ],
    ],
    ['delivered 00', 'read 00'],
  ],
  [
    'one went as an SMS',
    [
      ['a', READ],
      ['b', AS_SMS],
      ['c', READ],
    ],
    ['delivered 104'],
  ],
])('%s', async (_, reports, expected) => {
  const outcomes = stage.process();
  await outcomes.ended(submitted, false);
  for (const [native, report] of reports) await outcomes.report(event, report, native);
  expect(told()).toEqual(['submitted 00', ...expected]);
});

test('the operator reads which part was lost', async () => {
  const outcomes = stage.process();
  await outcomes.ended(submitted, false);
  await outcomes.report(event, LOST, 'b');
  expect(stage.reported.at(-1)?.detail).toBe('part 2 of 3: undeliverable');
});

test('a report without a native message holds for all of them', async () => {
  const outcomes = stage.process();
  await outcomes.ended(submitted, false);
  await outcomes.report(event, ARRIVED, 'a');
  await outcomes.report(event, ARRIVED);
  expect(told()).toEqual(['submitted 00', 'delivered 00']);
});

describe('while the rest is still being sent', () => {
  test.each<[string, [string, LateReport][], string[]]>([
    ['the first arrives', [['a', ARRIVED]], ['submitted 00']],
    [
      'the first arrives, and the second is lost',
      [
        ['a', ARRIVED],
        ['b', LOST],
      ],
      ['failed 100'],
    ],
    [
      'the first is lost, and the second arrives',
      [
        ['a', LOST],
        ['b', ARRIVED],
      ],
      ['failed 100'],
    ],
    [
      'all arrive',
      [
        ['b', ARRIVED],
        ['c', ARRIVED],
        ['a', ARRIVED],
      ],
      ['delivered 00'],
    ],
  ])('%s', async (_, reports, expected) => {
    stage.known = { ...ref, unfinished: ['one'] };
    for (const [native, report] of reports) await stage.process().report(event, report, native);
    expect(told()).toEqual([]);
    stage.known = ref;
    await stage.process().ended(submitted, false);
    expect(told()).toEqual(expected);
  });

  test('and what arrives later counts together with it', async () => {
    stage.known = undefined;
    await stage.process().report(event, ARRIVED, 'a');
    await stage.process().ended(submitted, false);
    for (const native of ['b', 'c']) await stage.process().report(event, ARRIVED, native);
    expect(told()).toEqual(['submitted 00', 'delivered 00']);
  });
});

test('two processes get the reports: none is lost', async () => {
  const [one, other] = [stage.process(), stage.process()];
  await one.ended(submitted, false);
  await Promise.all([
    one.report(event, ARRIVED, 'a'),
    other.report(event, ARRIVED, 'b'),
    one.report(event, ARRIVED, 'c'),
  ]);
  // The bus stores one of two that are the same.
  expect(new Set(told())).toEqual(new Set(['submitted 00', 'delivered 00']));
});

describe('the delivery ends in one process while another one stores a report of it, which is not lost', () => {
  const only = { ...submitted, native: ['a'] };
  beforeEach(() => (stage.known = undefined));

  test.each(['open', 'late', 'piece'])('just before %s is stored', async (entry) => {
    let others = async () => {};
    const once = async (key: string) => {
      const work = others;
      if (!key.startsWith(`${entry}.`)) return;
      others = async () => {};
      await work();
    };
    const ends = stage.process(entry === 'open' ? once : undefined);
    const reports = stage.process(entry === 'open' ? undefined : once);
    if (entry === 'open') {
      others = async () => void (await reports.report(event, LOST, 'a'));
      await ends.ended(only, false);
    } else {
      others = () => ends.ended(only, false);
      await reports.report(event, LOST, 'a');
    }
    expect(told().at(-1)).toBe('failed 100');
  });
});

test('more than an outcome can name', async () => {
  const native = Array.from({ length: 70 }, (_, n) => `n${n}`);
  stage.known = { ...ref, native };
  const outcomes = stage.process();
  await outcomes.ended({ ...submitted, native: native.slice(0, 64) }, false);
  for (const one of native.slice(0, 69)) await outcomes.report(event, ARRIVED, one);
  expect(told()).toEqual(['submitted 00']);
  await outcomes.report(event, ARRIVED, 'n69');
  expect(told()).toEqual(['submitted 00', 'delivered 00']);
});

describe('reports that come when the reference is stored, and the outcome is not yet', () => {
  const arrive = async (late: LateOutcomes, natives: (string | undefined)[]) => {
    for (const native of natives) await late.report(event, ARRIVED, native);
  };

  test.each<[string, (string | undefined)[], (string | undefined)[]]>([
    ['of the last part', ['c'], ['a', 'b']],
    ['of all parts', ['a', 'b', 'c'], []],
    ['of the whole message', [undefined], []],
  ])('%s', async (_, before, after) => {
    stage.known = { ...ref, submitted: true };
    const late = stage.process();
    await arrive(late, before);
    expect(told()).toEqual([]);
    await late.ended(submitted, false);
    await arrive(late, after);
    expect(told().at(-1)).toBe('delivered 00');
  });
});
