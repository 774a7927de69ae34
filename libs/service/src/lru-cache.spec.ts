import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { LRUCache } from 'lru-cache';
import { LruCache } from './lru-cache.js';

describe('a cache of recently used entries', () => {
  test('reserves nothing for entries that it does not have', () => {
    const caches: unknown[] = [];
    const before = process.memoryUsage().arrayBuffers;
    for (let at = 0; at < 50; at++) caches.push(new LruCache<string, string>({ max: 50_000, ttl: 60_000 }));
    // The package itself takes 30 MB of buffers for them, beside 40 MB of arrays.
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1_000_000);
    expect(caches).toHaveLength(50);
  });

  test('keeps and removes the same entries as the package with that many places', () => {
    const key = fc.integer({ min: 0, max: 12 });
    const step = fc.oneof(
      fc.record({ do: fc.constant('set' as const), key }),
      fc.record({ do: fc.constant('get' as const), key }),
      fc.record({ do: fc.constant('delete' as const), key }),
    );
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), fc.array(step, { maxLength: 200 }), (max, steps) => {
        const ours = new LruCache<number, number>({ max });
        const theirs = new LRUCache<number, number>({ max });
        for (const [at, { do: what, key: of }] of steps.entries())
          for (const cache of [ours, theirs]) {
            if (what === 'set') cache.set(of, at);
            else if (what === 'get') cache.get(of);
            else cache.delete(of);
          }
        expect([...ours.entries()]).toEqual([...theirs.entries()]);
        expect(ours.size).toBe(theirs.size);
      }),
    );
  });

  test('nothing of ours makes a cache of the package itself', () => {
    const files = ['apps', 'libs'].flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.ts') && !name.includes('lru-cache'))
        .map((name) => `${folder}/${name}`),
    );
    expect(files.length).toBeGreaterThan(300);
    expect(files.filter((file) => readFileSync(file, 'utf8').includes("from 'lru-cache'"))).toEqual([]);
  });
});
