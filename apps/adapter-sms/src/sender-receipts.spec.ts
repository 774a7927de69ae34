/** Receipts about messages of people: what is asked, what is told, and what happens when the gateway is away for a while. */
import { pino } from 'pino';
import { Connectivity } from '#adapter-kit';
import { HubError } from '#protocol';
import { until } from '../../../test/support/until.js';
import { memoryDouble } from '../../../libs/bot-contacts/src/testing/memory-double.js';
import { SenderReceipts } from './sender-receipts.js';
import type { IncomingSegment, SenderReceipt } from './sms.link.js';

const ANN = '8613800138000';
const log = pino({ level: 'silent' });

function aGateway(kept = new Map<string, unknown>()) {
  const told: SenderReceipt[] = [];
  const refusals: HubError[] = [];
  const connectivity = new Connectivity(true);
  const time = { now: 1_800_000_000_000, whenRefused: () => time.now };
  const givenUp: string[] = [];
  const memory = memoryDouble(kept);
  const tellSender = (receipt: SenderReceipt) => {
    const refusal = refusals.shift();
    if (refusal) {
      time.whenRefused();
      return Promise.reject(refusal);
    }
    told.push(receipt);
    return Promise.resolve();
  };
  const receipts = new SenderReceipts({
    memory,
    link: { tellSender, connectivity },
    log,
    stopping: new AbortController().signal,
    wait: () => Promise.resolve(),
    now: () => time.now,
    gaveUp: (id) => givenUp.push(id),
  });
  const said = () => told.map(({ id, state, error }) => `${id} ${state} ${error}`);
  return { receipts, refusals, connectivity, memory, time, givenUp, told, said };
}

function aSegment(id: string, receipt?: 'always' | 'failures', more: Partial<IncomingSegment> = {}) {
  const text = Buffer.from('hello');
  const asked = receipt ? { receipt } : {};
  return {
    id,
    person: ANN,
    service: '1069000107',
    alphabet: 'ascii' as const,
    text,
    native: '',
    ...asked,
    ...more,
  };
}

const part = (number: number) => ({
  concatenation: { bits: 8 as const, reference: 1, total: 3, part: number },
});

test.each([
  ['00', 'delivered 000'],
  ['105', 'delivered 000'],
  ['14', 'failed 001'],
  ['91', 'failed 091'],
  ['100', 'failed 100'],
  ['36', 'rejected 036'],
  ['68', 'expired 068'],
  ['103', 'unknown 103'],
] as const)('an end with %s is %s, for the number to which the person wrote', async (code, words) => {
  const { receipts, told, said } = aGateway();
  await receipts.remember(aSegment('mo-1', 'always'));
  await receipts.tell('mo-1', code);
  expect(said()).toEqual([`mo-1 ${words}`]);
  expect(told[0]).toMatchObject({ person: ANN, service: '1069000107' });
});

test.each(['08', '104'] as const)('%s is no end', async (code) => {
  const { receipts, said } = aGateway();
  await receipts.remember(aSegment('mo-1', 'always'));
  await receipts.tell('mo-1', code);
  expect(said()).toEqual([]);
});

test('who asks for failures hears of no success, and who does not ask hears nothing', async () => {
  const { receipts, said } = aGateway();
  await receipts.remember(aSegment('mo-1', 'failures'));
  await receipts.remember(aSegment('mo-2'));
  expect([await receipts.wantsDelivered('mo-1'), await receipts.wantsDelivered('mo-2')]).toEqual([
    false,
    false,
  ]);
  await receipts.tell('mo-1', '00');
  for (const id of ['mo-1', 'mo-2']) await receipts.tell(id, '14');
  expect(said()).toEqual(['mo-1 failed 001']);
});

test('each segment of a long text that asks gets its receipt, also from the next process', async () => {
  const kept = new Map<string, unknown>();
  const before = aGateway(kept);
  await before.receipts.remember(aSegment('mo-3', 'always', part(3)));
  await before.receipts.remember(aSegment('mo-1', undefined, part(1)));
  await before.receipts.remember(aSegment('mo-2', 'failures', part(2)));
  await before.receipts.join(['mo-1', 'mo-2', 'mo-3']);
  const { receipts, said } = aGateway(kept);
  expect(await receipts.wantsDelivered('mo-1')).toBe(true);
  await receipts.tell('mo-1', '00');
  await receipts.tell('mo-1', '14');
  expect(said()).toEqual(['mo-3 delivered 000', 'mo-2 failed 001', 'mo-3 failed 001']);
});

test('the first segment that comes again does not forget the others', async () => {
  const { receipts, said } = aGateway();
  const first = aSegment('mo-1', 'always', part(1));
  for (const segment of [first, aSegment('mo-2', 'always', part(2)), aSegment('mo-3', 'always', part(3))])
    await receipts.remember(segment);
  await receipts.join(['mo-1', 'mo-2', 'mo-3']);
  await receipts.remember(first);
  await receipts.tell('mo-1', '00');
  expect(said()).toHaveLength(3);
});

test('a gateway that is busy in the middle gets the rest with the next attempt', async () => {
  const { receipts, refusals, said } = aGateway();
  for (const number of [1, 2]) await receipts.remember(aSegment(`mo-${number}`, 'always', part(number)));
  await receipts.join(['mo-1', 'mo-2']);
  refusals.push(new HubError('65', 'slow down'));
  await expect(receipts.tell('mo-1', '00')).rejects.toMatchObject({ code: '65' });
  await receipts.tell('mo-1', '00');
  await receipts.tell('mo-1', '00');
  expect(said()).toEqual(['mo-1 delivered 000', 'mo-2 delivered 000']);
});

test('a receipt that the gateway refuses for good is not sent again', async () => {
  const { receipts, refusals, said } = aGateway();
  await receipts.remember(aSegment('mo-1', 'always'));
  refusals.push(new HubError('100', 'invalid'));
  await receipts.tell('mo-1', '00');
  await receipts.tell('mo-1', '00');
  expect(said()).toEqual([]);
});

const OWED = 'owed.*';
const owedIn = async (kept: Map<string, unknown>) => {
  const owed: unknown[] = [];
  for await (const [, value] of memoryDouble(kept).entries(OWED)) owed.push(value);
  return owed;
};

test('what is decided here waits for the gateway, and is tried again until the gateway takes it', async () => {
  const { receipts, refusals, connectivity, said } = aGateway();
  connectivity.connected = false;
  for (let attempt = 0; attempt < 50; attempt++) refusals.push(new HubError('91', 'not now'));
  await receipts.oweOf(aSegment('mo-1', 'always'), '36');
  connectivity.connected = true;
  await until('the receipt', () => said().length > 0);
  expect(said()).toEqual(['mo-1 rejected 036']);
});

test('what is decided here is stored before its message is answered, and sent by the next process, once', async () => {
  const kept = new Map<string, unknown>();
  const before = aGateway(kept);
  before.connectivity.connected = false;
  await before.receipts.remember(aSegment('mo-1', 'always'));
  await before.receipts.owe('mo-1', '00');
  await before.receipts.oweOf(aSegment('mo-2', 'failures'), '36');
  const next = aGateway(kept);
  next.receipts.start();
  await until('both receipts', () => next.said().length === 2);
  expect(next.said().toSorted()).toEqual(['mo-1 delivered 000', 'mo-2 rejected 036']);
  await until('both to be over', async () =>
    (await owedIn(kept)).every((value) => JSON.stringify(value) === '{}'),
  );
  const third = aGateway(kept);
  third.receipts.start();
  await third.receipts.oweOf(aSegment('mo-3', 'always'), '36');
  await until('the third', () => third.said().length > 0);
  expect(third.said()).toEqual(['mo-3 rejected 036']);
});

test('a memory that cannot be read at the start is read again', async () => {
  const kept = new Map<string, unknown>();
  const before = aGateway(kept);
  before.connectivity.connected = false;
  await before.receipts.oweOf(aSegment('mo-1', 'always'), '36');
  const next = aGateway(kept);
  const { memory } = aGateway(kept);
  next.memory.entries = (filter) => {
    next.memory.entries = (again) => memory.entries(again);
    throw new HubError('91', `the bus is away: ${filter}`);
  };
  next.receipts.start();
  await until('the receipt', () => next.said().length > 0);
  expect(next.said()).toEqual(['mo-1 rejected 036']);
});

test('a memory that cannot be written: the message is not answered, and comes again', async () => {
  const { receipts, memory } = aGateway();
  memory.put = () => Promise.reject(new HubError('91', 'the bus is away'));
  await expect(receipts.oweOf(aSegment('mo-1', 'always'), '36')).rejects.toMatchObject({ code: '91' });
});

test('what nobody asked for is not stored, and what does not end a message either', async () => {
  const kept = new Map<string, unknown>();
  const { receipts } = aGateway(kept);
  await receipts.owe('mo-1', '00');
  await receipts.oweOf(aSegment('mo-2'), '36');
  await receipts.remember(aSegment('mo-3', 'failures'));
  await receipts.owe('mo-3', '00');
  expect(await owedIn(kept)).toEqual([]);
});

test('after two days a receipt is given up, and recorded', async () => {
  const { receipts, refusals, givenUp, said, time } = aGateway();
  refusals.push(new HubError('91', 'not now'));
  time.whenRefused = () => (time.now += 48 * 3600_000 + 1);
  await receipts.oweOf(aSegment('mo-1', 'always'), '36');
  await until('the record', () => givenUp.length > 0);
  await receipts.oweOf(aSegment('mo-2', 'always'), '36');
  await until('the next one', () => said().length > 0);
  expect([givenUp, said()]).toEqual([['mo-1'], ['mo-2 rejected 036']]);
});

test('more than 1,000 do not wait in this process; the others stay stored, and follow', async () => {
  const { receipts, connectivity, said } = aGateway();
  connectivity.connected = false;
  for (let count = 0; count < 1500; count++) await receipts.oweOf(aSegment(`mo-${count}`, 'always'), '36');
  expect(receipts.waiting).toBe(1000);
  connectivity.connected = true;
  await until('the receipts', () => said().length === 1500);
  expect(new Set(said()).size).toBe(1500);
});
