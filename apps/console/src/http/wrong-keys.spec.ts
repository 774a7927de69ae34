import type { ApiProblem } from '#http';
import { FREE_WRONG_PROOFS, silentLog } from '#service';
import { WrongKeys } from './wrong-keys.js';

let now: number;
let keys: WrongKeys;
let lookedUp: number;

beforeEach(() => {
  now = Date.parse('2026-12-01T00:00:00Z');
  keys = new WrongKeys(() => new Date(now), silentLog);
  lookedUp = 0;
});

/** @returns 200, 401, or the seconds to wait */
async function tries(address: string, key: string): Promise<200 | 401 | string> {
  try {
    const found = await keys.check(address, key, (given) => {
      lookedUp++;
      return Promise.resolve(given.startsWith('right') ? given : undefined);
    });
    return found ? 200 : 401;
  } catch (error) {
    return `wait ${(error as ApiProblem).headers['retry-after']}`;
  }
}

async function guesses(address: string, count: number = FREE_WRONG_PROOFS.address): Promise<void> {
  for (let at = 0; at < count; at++) await tries(address, `wrong ${at}`);
}

test('ten wrong keys are free; then every key of that address waits, and is not looked up', async () => {
  await guesses('192.0.2.1');
  expect(lookedUp).toBe(10);
  expect(await tries('192.0.2.1', 'wrong')).toBe('wait 1');
  expect(await tries('192.0.2.1', 'right')).toBe('wait 1');
  expect(lookedUp).toBe(10);
});

test('the pause doubles, to five minutes', async () => {
  await guesses('192.0.2.1');
  const pauses: string[] = [];
  for (let round = 0; round < 11; round++) {
    const waits = await tries('192.0.2.1', 'wrong');
    pauses.push(String(waits));
    now += Number(String(waits).split(' ')[1]) * 1000;
    expect(await tries('192.0.2.1', 'wrong')).toBe(401);
  }
  expect(pauses.map((text) => Number(text.split(' ')[1]))).toEqual([
    1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300,
  ]);
});

test('other addresses wait for nothing; all of a /64 of IPv6 is one', async () => {
  await guesses('2001:db8::1');
  expect(await tries('2001:db8::abcd', 'right')).toBe('wait 1');
  expect(await tries('2001:db8:0:1::1', 'right')).toBe(200);
  expect(await tries('192.0.2.2', 'right')).toBe(200);
});

test('an IPv4 address is the same when it is written as IPv6', async () => {
  await guesses('::ffff:192.0.2.1');
  expect(await tries('192.0.2.1', 'right')).toBe('wait 1');
});

test('a key that has worked from there goes on working, until it is wrong', async () => {
  expect(await tries('192.0.2.1', 'right')).toBe(200);
  await guesses('192.0.2.1');
  expect(await tries('192.0.2.1', 'right')).toBe(200);
  expect(await tries('192.0.2.1', 'right too')).toBe('wait 1');
  const revoked = () => keys.check('192.0.2.1', 'right', () => Promise.resolve(undefined));
  expect(await revoked()).toBeUndefined();
  await expect(revoked()).rejects.toMatchObject({ kind: 'too-many-requests' });
});

test('after a quarter of an hour an address starts afresh', async () => {
  await guesses('192.0.2.1');
  now += 15 * 60_000;
  await guesses('192.0.2.1', 9);
  expect(await tries('192.0.2.1', 'right')).toBe(200);
});

test('many at once are no way around it', async () => {
  const all = await Promise.all(Array.from({ length: 1000 }, (_, at) => tries('192.0.2.1', `wrong ${at}`)));
  expect(all.filter((one) => one === 401)).toHaveLength(50);
  expect(lookedUp).toBe(50);
});

test('what is in progress is forgotten with its end', async () => {
  await guesses('192.0.2.1', 3);
  expect(keys['running'].size).toBe(0);
});
