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
  const tellSender = (receipt: SenderReceipt) => {
    const refusal = refusals.shift();
    if (refusal) return Promise.reject(refusal);
    told.push(receipt);
    return Promise.resolve();
  };
  const receipts = new SenderReceipts({
    memory: memoryDouble(kept),
    link: { tellSender, connectivity },
    log,
    stopping: new AbortController().signal,
    wait: () => Promise.resolve(),
  });
  const said = () => told.map(({ id, state, error }) => `${id} ${state} ${error}`);
  return { receipts, refusals, connectivity, told, said };
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

test('what is decided here waits for the gateway, and is tried again', async () => {
  const { receipts, refusals, connectivity, said } = aGateway();
  connectivity.connected = false;
  refusals.push(new HubError('91', 'not now'));
  receipts.tellSoonOf(aSegment('mo-1', 'always'), '36');
  connectivity.connected = true;
  await until('the receipt', () => said().length > 0);
  expect(said()).toEqual(['mo-1 rejected 036']);
});

test('no more than 1,000 of these wait', async () => {
  const { receipts, connectivity, said } = aGateway();
  connectivity.connected = false;
  for (let count = 0; count < 1001; count++) receipts.tellSoonOf(aSegment(`mo-${count}`, 'always'), '36');
  connectivity.connected = true;
  await until('the receipts', () => said().length >= 1000);
  // It would have been the last one.
  receipts.tellSoonOf(aSegment('mo-last', 'always'), '36');
  await until('one more', () => said().includes('mo-last rejected 036'));
  expect(said()).not.toContain('mo-1000 rejected 036');
});
