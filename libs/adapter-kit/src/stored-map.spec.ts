import { StoredMap } from './stored-map.js';

/** A memory that counts reads and answers them when the test says so. */
function aMemory(stored: Record<string, unknown> = {}) {
  const reads: string[] = [];
  const kept = new Map(Object.entries(stored));
  let gate = Promise.resolve();
  const memory = {
    put: async (key: string, value: unknown) => void kept.set(key, value),
    get: async (key: string) => {
      reads.push(key);
      const value = kept.get(key);
      await gate;
      return value;
    },
  };
  const hold = () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    gate = promise;
    return resolve;
  };
  return { memory, reads, kept, hold };
}

test('an entry is read once, also by several callers, and whether or not it exists', async () => {
  const { memory, reads } = aMemory({ 'room.a': { n: 1 } });
  const rooms = new StoredMap<{ n: number }>(memory, 'room.', 10);
  expect(await Promise.all([rooms.get('a'), rooms.get('a')])).toEqual([{ n: 1 }, { n: 1 }]);
  expect([await rooms.get('none'), await rooms.get('none')]).toEqual([undefined, undefined]);
  expect(reads).toEqual(['room.a', 'room.none']);
});

test('the cache is bounded, and an entry that was dropped is read again', async () => {
  const { memory, reads } = aMemory();
  const rooms = new StoredMap<string>(memory, 'room.', 2);
  for (const key of ['a', 'b', 'c']) await rooms.put(key, `value of ${key}`);
  expect(await rooms.get('a')).toBe('value of a');
  expect(await rooms.get('c')).toBe('value of c');
  expect(reads).toEqual(['room.a']);
});

test('a value that is written during a read is not replaced by the older one', async () => {
  const { memory, hold } = aMemory({ 'room.a': 'old' });
  const answer = hold();
  const rooms = new StoredMap<string>(memory, 'room.', 2);
  const read = rooms.get('a');
  await rooms.put('a', 'new');
  answer();
  await expect(read).resolves.toBe('new');
});

test('an assumed value is not stored', async () => {
  const { memory, kept } = aMemory();
  const rooms = new StoredMap<string>(memory, 'room.', 2);
  rooms.assume('a', 'perhaps');
  expect(await rooms.get('a')).toBe('perhaps');
  expect(kept.size).toBe(0);
});
