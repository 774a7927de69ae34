import { HubError } from '#protocol';
import { redeliverAfter } from './redelivery.js';

const STORED = new Date('2026-11-30T08:00:00Z');
const after = (seconds: number) => STORED.getTime() + seconds * 1000;
const attempt = (deliveries: number) => ({ deliveries, storedAt: STORED });

test('a failure that may pass is tried again ten times, later each time', () => {
  const failure = new HubError('96', 'the platform failed');
  const delays = Array.from({ length: 9 }, (_, at) => redeliverAfter(attempt(at + 1), failure, after(at)));
  expect(delays.every((ms) => ms !== undefined && ms > 0)).toBe(true);
  expect(redeliverAfter(attempt(10), failure, after(60))).toBeUndefined();
});

test('a platform that says "in one second" for a minute gets the message after the minute', () => {
  const flood = new HubError('65', 'too many requests', { retryAfterMs: 1000 });
  for (let second = 1; second <= 60; second++)
    expect(redeliverAfter(attempt(second), flood, after(second))).toBe(1000);
});

test('a platform that says "at once" is asked once a second at most, and a quarter of an hour at most', () => {
  const flood = new HubError('65', 'too many requests', { retryAfterMs: 0 });
  expect(redeliverAfter(attempt(1), flood, after(0))).toBe(0);
  expect(redeliverAfter(attempt(500), flood, after(899))).toBe(1000);
  expect(redeliverAfter(attempt(901), flood, after(900))).toBeUndefined();
});

test('a message that waited behind others for an hour still has its ten attempts', () => {
  const flood = new HubError('65', 'too many requests', { retryAfterMs: 2000 });
  expect(redeliverAfter(attempt(9), flood, after(3600))).toBe(2000);
  expect(redeliverAfter(attempt(10), flood, after(3600))).toBeUndefined();
});

test('what the network refuses for good is not tried again', () => {
  expect(redeliverAfter(attempt(1), new HubError('14', 'no such person'), after(0))).toBeUndefined();
});
