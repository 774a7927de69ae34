/** Numbers of conversations: small, permanent, and never another person's. */
import type { Address } from '#protocol';
import { memoryDouble } from '../../../libs/bot-contacts/src/testing/memory-double.js';
import { ConversationCodes } from './conversation-codes.js';

const ann = 'im:8613800138000@sms' as Address;
const bob = 'im:8613800138001@sms' as Address;
const friend = (n: number) => `im:friend-${n}@far` as Address;

test('each correspondent of a person has a number, also in the next process', async () => {
  const kept = new Map<string, unknown>();
  const codes = new ConversationCodes(memoryDouble(kept), 2);
  expect([await codes.numberOf(ann, friend(1)), await codes.numberOf(ann, friend(2))]).toEqual([1, 2]);
  expect([await codes.numberOf(ann, friend(1)), await codes.numberOf(bob, friend(2))]).toEqual([1, 1]);
  const next = new ConversationCodes(memoryDouble(kept), 2);
  expect(await next.correspondentOf(ann, 2)).toBe(friend(2));
  expect(await next.numberOf(ann, friend(3))).toBe(3);
  expect(await next.correspondentOf(ann, 4)).toBeUndefined();
});

test('when all numbers are in use, further correspondents have none, and the old ones keep theirs', async () => {
  const codes = new ConversationCodes(memoryDouble(), 1);
  for (let n = 1; n <= 9; n++) expect(await codes.numberOf(ann, friend(n))).toBe(n);
  expect(await codes.numberOf(ann, friend(10))).toBeUndefined();
  expect(await codes.correspondentOf(ann, 1)).toBe(friend(1));
});

test('two processes give the same number to nobody else', async () => {
  const kept = new Map<string, unknown>();
  const [one, other] = [
    new ConversationCodes(memoryDouble(kept), 2),
    new ConversationCodes(memoryDouble(kept), 2),
  ];
  const numbers = await Promise.all([one.numberOf(ann, friend(1)), other.numberOf(ann, friend(2))]);
  expect(new Set(numbers).size).toBe(2);
});

test('where there is no room there are no numbers', async () => {
  expect(await new ConversationCodes(memoryDouble(), 0).numberOf(ann, friend(1))).toBeUndefined();
});
