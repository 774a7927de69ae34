/** One wrong caller, or many, cannot fill the log. */
import type { Log } from './log.js';
import { addressGroup, RefusalLog } from './refusal-log.js';

function logged() {
  const lines: Record<string, unknown>[] = [];
  const log = { warn: (about: Record<string, unknown>) => lines.push(about) } as unknown as Log;
  return { lines, log };
}

test('one caller gets a line a minute, which says how many refusals it stands for', () => {
  const { lines, log } = logged();
  let now = 0;
  const refusals = new RefusalLog(log, () => now);
  for (let n = 0; n < 10_000; n++) refusals.refused('192.0.2.1', { reason: 'wrong key' });
  expect(lines).toEqual([{ address: '192.0.2.1', reason: 'wrong key', refusedBefore: 0 }]);
  now = 60_000;
  refusals.refused('192.0.2.1', { reason: 'wrong key' });
  expect(lines.at(-1)).toMatchObject({ refusedBefore: 9999 });
});

test('many callers share a number of lines, and what has no line is counted', () => {
  const { lines, log } = logged();
  let now = 0;
  const refusals = new RefusalLog(log, () => now);
  for (let n = 0; n < 5000; n++) refusals.refused(`10.0.${n >> 8}.${n & 255}`, { reason: 'wrong key' });
  expect(lines).toHaveLength(60);
  now = 60_000;
  refusals.refused('192.0.2.1', { reason: 'wrong key' });
  expect(lines[60]).toEqual({ refusals: 4940 });
});

test.each([
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['192.0.2.1', '192.0.2.1'],
])('%s counts as %s', (address, group) => {
  expect(addressGroup(address)).toBe(group);
});
