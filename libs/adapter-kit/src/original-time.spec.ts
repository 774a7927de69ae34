/** From which age on a message shows its original time. The age is judged by the time at which the sender wrote. */
import { levels, type Capabilities } from '#protocol';
import { aMessage } from '../../protocol/test/a-message.js';
import { originalTimeOf, withOriginalTime } from './original-time.js';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const NOW = Date.parse('2026-05-01T12:00:00.000Z');

const inWords: Capabilities = {
  version: '1',
  language: 'zh',
  features: levels(0, { text: 2 }),
  limits: {},
};
const asTimestamp: Capabilities = { ...inWords, originalTime: true };

/** Accepted by the hub at `now`, written so many ms before. */
const written = (ageMs: number, now = NOW) =>
  aMessage('hello', {
    time: new Date(now).toISOString(),
    data: { ...aMessage('hello').data, sentAt: new Date(now - ageMs).toISOString() },
  });

test.each([
  ['a timestamp of the network', asTimestamp, 10 * SECOND_MS],
  ['words', inWords, 15 * MINUTE_MS],
])(
  'with %s, a message shows its time when it is older than the threshold, and not before',
  (_, capabilities, ms) => {
    expect(originalTimeOf(written(ms), capabilities, NOW)).toBeUndefined();
    expect(originalTimeOf(written(ms + 1), capabilities, NOW)).toEqual(new Date(NOW - ms - 1));
  },
);

test.each([
  ['a timestamp of the network', asTimestamp],
  ['words', inWords],
])('with %s, a message of a sender whose clock is ahead is never late', (_, capabilities) => {
  expect(originalTimeOf(written(-HOUR_MS), capabilities, NOW)).toBeUndefined();
});

test('accepted now, written three hours ago: the words say so, in the language of the network', () => {
  const event = written(3 * HOUR_MS, Date.now());
  const delayedSince = originalTimeOf(event, inWords);
  const said = withOriginalTime(event, { delayedSince, idempotencyKey: 'k' }, inWords).event.data.content
    .body;
  expect(JSON.stringify(said)).toContain('（3小时前发送，北京时间 ');
});

test('a network with a timestamp of its own gets the time, and no words', () => {
  const event = written(3 * HOUR_MS);
  const delayedSince = originalTimeOf(event, asTimestamp, NOW);
  expect(delayedSince?.toISOString()).toBe(event.data.sentAt);
  expect(withOriginalTime(event, { delayedSince, idempotencyKey: 'k' }, asTimestamp).event).toBe(event);
});
