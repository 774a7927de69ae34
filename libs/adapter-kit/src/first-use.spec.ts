/** Nonces for several processes of one adapter. */
import { HubError } from '#protocol';
import { FirstUse } from './first-use.js';

/** As the bucket on the bus: of two that create a key, the first wins. */
function bucket() {
  const stored = new Map<string, unknown>();
  return {
    stored,
    get: (key: string) => Promise.resolve(stored.get(key)),
    create: (key: string, value: unknown) => {
      if (!stored.has(key)) stored.set(key, value);
      return Promise.resolve();
    },
  };
}

test('the first value stays, in this process and in another one', async () => {
  const shared = bucket();
  const [one, other] = [new FirstUse(shared), new FirstUse(shared)];
  expect(await one.claim('nonce', 'first body')).toBe('first body');
  expect(await one.claim('nonce', 'second body')).toBe('first body');
  expect(await other.claim('nonce', 'second body')).toBe('first body');
  expect(await other.claim('nonce', 'first body')).toBe('first body');
});

test('of two processes that claim at once, one wins in both', async () => {
  const shared = bucket();
  const winners = await Promise.all(['a', 'b'].map((body) => new FirstUse(shared).claim('nonce', body)));
  expect(new Set(winners).size).toBe(1);
});

test('while the bus does not answer nothing is accepted, and the next attempt asks it again', async () => {
  const shared = bucket();
  let away = true;
  const flaky = { ...shared, get: (key: string) => (away ? new Promise<never>(() => {}) : shared.get(key)) };
  const uses = new FirstUse(flaky, 1);
  await expect(uses.claim('nonce', 'body')).rejects.toThrow(
    expect.objectContaining({ code: '91' } satisfies Partial<HubError>) as Error,
  );
  away = false;
  expect(await uses.claim('nonce', 'body')).toBe('body');
});

test('what stands in the bucket and is no text of ours equals nothing', async () => {
  const shared = bucket();
  await new FirstUse(shared).claim('nonce', 'body');
  for (const key of shared.stored.keys()) shared.stored.set(key, null);
  expect(await new FirstUse(shared).claim('nonce', 'body')).not.toBe('body');
});
