/** When a platform is asked whether it is there: rarely while calls reach it, often after one has not. */
import { jest } from '@jest/globals';
import { HubError } from '#protocol';
import { silentLog, type Log } from '#service';
import { PlatformHttp } from './platform-http.js';

let stopping: AbortController;
beforeEach(() => {
  jest.useFakeTimers();
  stopping = new AbortController();
});
afterEach(() => {
  stopping.abort();
  jest.useRealTimers();
});

/** @param answers of the platform, one for each check; the last one is repeated */
function checked(answers: boolean[], log: Log = silentLog): { http: PlatformHttp; checks: () => number } {
  const http = new PlatformHttp('a platform');
  let checks = 0;
  const check = () => {
    http.reachable = answers[Math.min(checks, answers.length - 1)] ?? false;
    checks++;
    return Promise.resolve();
  };
  http.keepChecking(check, log, stopping.signal);
  return { http, checks: () => checks };
}

test('a call in the middle of a quiet minute finds the platform away: deliveries wait for 2 s, not for the next minute', async () => {
  const { http, checks } = checked([true, false, true]);
  await jest.advanceTimersByTimeAsync(30_000);
  expect(checks()).toBe(1);
  http.reachable = false;
  const delivered = http.connectivity.untilConnected().then(() => Date.now());
  const lostAt = Date.now();
  await jest.advanceTimersByTimeAsync(4000);
  expect((await delivered) - lostAt).toBe(4000);
  expect(checks()).toBe(3);
});

test('a platform that is there is asked once a minute', async () => {
  const { checks } = checked([true]);
  await jest.advanceTimersByTimeAsync(59_000);
  expect(checks()).toBe(1);
  await jest.advanceTimersByTimeAsync(60_000);
  expect(checks()).toBe(2);
});

test('whoever stops is not waited for', async () => {
  const { checks } = checked([true]);
  await jest.advanceTimersByTimeAsync(0);
  stopping.abort();
  await jest.advanceTimersByTimeAsync(600_000);
  expect(checks()).toBe(1);
});

test('an outage is logged at its beginning and at its end, however long it lasts', async () => {
  const lines: string[] = [];
  const note = (fields: object, line: string) => void lines.push(line);
  const answers = [true, ...Array.from({ length: 30 }, () => false), true];
  const { http, checks } = checked(answers, { ...silentLog, info: note, warn: note } as Log);
  await jest.advanceTimersByTimeAsync(1000);
  http.reachable = false;
  await jest.advanceTimersByTimeAsync(120_000);
  expect(checks()).toBeGreaterThan(30);
  expect(lines).toEqual([
    'the platform can be reached',
    'the platform cannot be reached, or refuses us',
    'the platform can be reached',
  ]);
});

test('a platform that refuses us is logged with its reason and without a stack, and a fault of ours with one', async () => {
  const lines: object[] = [];
  const log = { ...silentLog, warn: (fields: object) => void lines.push(fields) } as Log;
  const failures = [new HubError('91', 'wrong token'), new Error('no such method')];
  const http = new PlatformHttp('a platform');
  http.keepChecking(() => Promise.reject(failures.shift() ?? new Error()), log, stopping.signal);
  await jest.advanceTimersByTimeAsync(3000);
  expect(lines).toEqual([
    { platform: 'a platform', code: '91', reason: 'wrong token' },
    {
      platform: 'a platform',
      reason: 'no such method',
      stack: expect.stringContaining('platform-http.spec'),
    },
  ]);
});

test('a platform behind a session is checked when the session is up, and again after each outage', async () => {
  const lines: string[] = [];
  const note = (_: object, line: string) => void lines.push(line);
  const http = new PlatformHttp('a platform', 'session');
  let checks = 0;
  const check = () => {
    checks++;
    return http.reachable ? Promise.resolve() : Promise.reject(new HubError('91', 'the session is down'));
  };
  http.keepChecking(check, { ...silentLog, info: note, warn: note } as Log, stopping.signal);
  for (const outage of [1, 2]) {
    await jest.advanceTimersByTimeAsync(10_000);
    expect(checks).toBe(outage - 1);
    http.reachable = true;
    await jest.advanceTimersByTimeAsync(10_000);
    expect(checks).toBe(outage);
    http.reachable = false;
  }
  expect(lines).toEqual(['the platform can be reached', 'the platform can be reached']);
});
