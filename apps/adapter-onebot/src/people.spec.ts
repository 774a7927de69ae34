/** Numbers of people: stable, of one person each, also when two processes choose at the same time. */
import type { Address } from '#protocol';
import { memoryDouble } from '../../../libs/bot-contacts/src/testing/memory-double.js';
import { MessageIds } from './message-ids.js';
import { People } from './people.js';

const [ALICE, BOB, CAROL] = ['im:alice@far', 'im:bob@far', 'im:carol@far'] as Address[];

test('a number is of one person, for ever, and JavaScript has it exactly', async () => {
  const kept = new Map<string, unknown>();
  const number = await new People(memoryDouble(kept)).numberOf(ALICE as Address);
  const restarted = new People(memoryDouble(kept));
  expect(await restarted.numberOf(ALICE as Address)).toBe(number);
  expect(await restarted.find(number)).toBe(ALICE);
  expect(Number.isSafeInteger(number)).toBe(true);
  expect(String(number)).toHaveLength(16);
  expect(kept.size).toBe(1);
});

test('people whose digests are the same get different numbers, and keep them', async () => {
  const kept = new Map<string, unknown>();
  const some = [ALICE, BOB, CAROL] as Address[];
  const processes = [0, 1].map(() => new People(memoryDouble(kept), () => 8_000_000_000_000_000 - 1));
  const chosen = await Promise.all(
    processes.map((people) => Promise.all(some.map((one) => people.numberOf(one)))),
  );
  expect(new Set(chosen[0]).size).toBe(3);
  expect(chosen[0]).toEqual(chosen[1]);
  const later = new People(memoryDouble(kept), () => 8_000_000_000_000_000 - 1);
  for (const [at, one] of some.entries()) expect(await later.find(chosen[0]?.[at])).toBe(one);
});

test.each([
  ['alice@example.org@far', 'im:alice%40example.org@far'],
  ['im:alice%40example.org@far', 'im:alice%40example.org@far'],
])('a person is found by address: %s', async (text, address) => {
  expect(await new People(memoryDouble()).find(text)).toBe(address);
});

test.each([
  [1_000_000_000_000_001, '14'],
  ['10001', '14'],
  ['', '30'],
  [{}, '30'],
  [1e300, '30'],
  [-1, '30'],
  ['@far', '30'],
  ['alice@no such network', '15'],
])('nobody is %j', async (user, code) => {
  await expect(new People(memoryDouble()).find(user)).rejects.toMatchObject({ code });
});

test('two processes never give the same number to two messages of a bot, and a restart gives none again', async () => {
  const kept = new Map<string, unknown>();
  const one = new MessageIds(memoryDouble(kept));
  const other = new MessageIds(memoryDouble(kept));
  const ids: number[] = [];
  for (let n = 0; n < 1500; n++) ids.push(...(await Promise.all([one.next(10_001), other.next(10_001)])));
  ids.push(await new MessageIds(memoryDouble(kept)).next(10_001));
  expect(new Set(ids).size).toBe(3001);
  expect(await one.next(10_002)).toBe(1);
});

test('after the highest number of 32 bits it begins again', async () => {
  const kept = new Map<string, unknown>([['messages.10001', 2 ** 31 - 500]]);
  expect(await new MessageIds(memoryDouble(kept)).next(10_001)).toBe(1);
});
