import { TrafficMeter } from './traffic-meter.js';

const MOST_MESSAGES_PER_SECOND = 3000;
const MOST_BYTES_PER_SECOND = 40e6;
const limits = { messagesPerSecond: MOST_MESSAGES_PER_SECOND, bytesPerSecond: MOST_BYTES_PER_SECOND };

/** Four measurements per second of an account that publishes at this rate. */
function looks(
  meter: TrafficMeter,
  seconds: number,
  messagesPerSecond: number,
  bytesPerSecond = 0,
  from = 0,
) {
  return Array.from({ length: seconds * 4 }, (_, index) => {
    const elapsed = from + index * 0.25;
    const [messages, bytes] = [messagesPerSecond * elapsed, bytesPerSecond * elapsed];
    return meter.measure([{ account: 'north', messages, bytes }], elapsed * 1000);
  }).flat();
}

test('an account within its rates is left alone, for hours', () => {
  expect(looks(new TrafficMeter(limits), 3600, MOST_MESSAGES_PER_SECOND, MOST_BYTES_PER_SECOND)).toEqual([]);
});

test.each([
  ['messages', MOST_MESSAGES_PER_SECOND * 2, 0],
  ['bytes', 1, MOST_BYTES_PER_SECOND * 2],
])('too many %s per second are an excess within a second', (_, messages, bytes) => {
  const [first] = looks(new TrafficMeter(limits), 1, messages, bytes);
  expect(first).toMatchObject({ account: 'north', messagesPerSecond: messages, bytesPerSecond: bytes });
});

test('a burst of a moment is none', () => {
  const meter = new TrafficMeter(limits);
  const at = [0, 250, 500, 750, 1000, 1250];
  const messages = [0, 0, 2000, 2000, 2000, 2000];
  expect(
    at.flatMap((ms, n) => meter.measure([{ account: 'north', messages: messages[n] ?? 0, bytes: 0 }], ms)),
  ).toEqual([]);
});

test('a server that restarts and counts from zero is none, and is metered from then on', () => {
  const meter = new TrafficMeter(limits);
  meter.measure([{ account: 'north', messages: 1e9, bytes: 0 }], 0);
  expect(looks(meter, 1, 10)).toEqual([]);
  expect(looks(meter, 2, MOST_MESSAGES_PER_SECOND * 3, 0, 1)).not.toEqual([]);
});
