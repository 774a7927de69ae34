/** Whether a message may be sent is known before it is tried: windows of 24 and 48 hours, with a clock of the test. */
import type { Address, Capabilities } from '#protocol';
import { memoryDouble } from '../../bot-contacts/src/testing/memory-double.js';
import { ReplyWindows } from './reply-windows.js';

const HOUR_MS = 3600_000;
const START = Date.parse('2026-11-29T12:00:00Z');
const ann = 'im:ann@net' as Address;

/** Processes of one adapter. */
function processes(limits: Capabilities['limits'], number = 1) {
  const kept = new Map<string, unknown>();
  const clock = { ms: START };
  const each = Array.from({ length: number }, () => {
    return new ReplyWindows(
      memoryDouble(kept),
      () => limits,
      () => clock.ms,
    );
  });
  const [first, second = first] = each as [ReplyWindows, ReplyWindows?];
  return { first, second, kept, pass: (ms: number) => (clock.ms += ms), today: () => new Date(clock.ms) };
}
const refusal = (claim: Promise<void>) =>
  claim.then(
    () => undefined,
    ({ code }: { code: string }) => code,
  );

test.each([24, 48])('a window of %s hours closes, and opens again when the person writes', async (hours) => {
  const { first, pass, today } = processes({ replyWindowMs: hours * HOUR_MS });
  await first.heard(ann, today());
  pass(hours * HOUR_MS - 1);
  expect(await refusal(first.claim(ann, 'a'))).toBeUndefined();
  pass(2 * 60_000);
  expect(await refusal(first.claim(ann, 'b'))).toBe('101');
  await first.heard(ann, today());
  expect(await refusal(first.claim(ann, 'b'))).toBeUndefined();
});

test('five messages in 48 hours are counted by two processes together', async () => {
  const { first, second, pass, today } = processes({ replyWindowMs: 48 * HOUR_MS, messagesPerWindow: 5 }, 2);
  await first.heard(ann, today());
  const all = await Promise.all(
    [0, 1, 2, 3, 4, 5, 6, 7].map((n) => refusal((n % 2 ? first : second).claim(ann, `key${n}`))),
  );
  expect(all.filter((code) => code === undefined)).toHaveLength(5);
  expect(all.filter((code) => code === '102')).toHaveLength(3);
  pass(1);
  await second.heard(ann, today());
  expect(await refusal(first.claim(ann, 'next'))).toBeUndefined();
});

test('a repeated attempt takes no second place, and one that was refused gives its place back', async () => {
  const { first, today } = processes({ replyWindowMs: HOUR_MS, messagesPerWindow: 1 });
  await first.heard(ann, today());
  await first.claim(ann, 'a');
  expect(await refusal(first.claim(ann, 'a'))).toBeUndefined();
  expect(await refusal(first.claim(ann, 'b'))).toBe('102');
  await first.release(ann, 'a');
  expect(await refusal(first.claim(ann, 'b'))).toBeUndefined();
});

test('what one process heard opens the window for another one', async () => {
  const { first, second, pass, today } = processes({ replyWindowMs: HOUR_MS }, 2);
  await first.heard(ann, today());
  await second.claim(ann, 'a');
  pass(2 * HOUR_MS);
  expect(await refusal(second.claim(ann, 'b'))).toBe('101');
  await first.heard(ann, today());
  expect(await refusal(second.claim(ann, 'b'))).toBeUndefined();
});

test('an old input that is repeated opens nothing', async () => {
  const { first, second, pass, today } = processes({ replyWindowMs: HOUR_MS, messagesPerWindow: 1 }, 2);
  const old = today();
  pass(60_000);
  await first.heard(ann, today());
  await first.claim(ann, 'a');
  await second.heard(ann, old);
  expect(await refusal(second.claim(ann, 'b'))).toBe('102');
});

test('about a person who was never heard, and without a window, the network decides', async () => {
  const withWindow = processes({ replyWindowMs: HOUR_MS, messagesPerWindow: 1 });
  expect(await refusal(withWindow.first.claim(ann, 'a'))).toBeUndefined();
  const without = processes({});
  await without.first.heard(ann, new Date(START));
  expect(await refusal(without.first.claim(ann, 'a'))).toBeUndefined();
  expect(without.kept.size).toBe(0);
});

test('a button lets three messages pass within a minute, beside those of the window', async () => {
  const { first, second, pass, today } = processes({ replyWindowMs: 48 * HOUR_MS, messagesPerWindow: 1 }, 2);
  const button = { ms: 60_000, messages: 3 };
  await first.heard(ann, today());
  await first.claim(ann, 'a');
  expect(await refusal(first.claim(ann, 'b'))).toBe('102');
  await first.touched(ann, today(), button);
  for (const key of ['b', 'c', 'c', 'd']) await second.claim(ann, key);
  expect(await refusal(first.claim(ann, 'e'))).toBe('102');
  await first.release(ann, 'd');
  expect(await refusal(first.claim(ann, 'e'))).toBeUndefined();
  pass(60_000);
  await first.touched(ann, today(), button);
  pass(60_000);
  expect(await refusal(first.claim(ann, 'f'))).toBe('102');
});
