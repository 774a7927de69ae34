import fc from 'fast-check';
import { chained, firstBroken, GENESIS, type ChainedEntry } from './chain.js';

function log(reasons: string[]): ChainedEntry[] {
  const entries: ChainedEntry[] = [];
  for (const [at, reason] of reasons.entries())
    entries.push(
      chained(
        {
          seq: at + 1,
          at: '2026-11-22T12:00:00.000Z',
          actor: 'hub',
          action: 'x',
          subject: 'y',
          reason,
          change: { b: 1, a: [2] },
          networks: at % 2 === 0 ? null : ['xmpp'],
        },
        entries.at(-1)?.hash ?? GENESIS,
      ),
    );
  return entries;
}
const START = { seq: 0, hash: GENESIS };
const reasons = fc.array(fc.string(), { minLength: 2, maxLength: 20 });

test('a log as it was written is unbroken, also when the database gave keys in another order', () => {
  fc.assert(
    fc.property(reasons, (given) => {
      const read = log(given).map((entry) => ({ ...entry, change: { a: [2], b: 1 } }));
      expect(firstBroken(read, START)).toBeUndefined();
    }),
  );
});

test('every changed, removed or moved entry is found', () => {
  fc.assert(
    fc.property(reasons, fc.nat(), (given, pick) => {
      const entries = log(given);
      const at = pick % (entries.length - 1);
      const changed = entries.map((entry, n) =>
        n === at ? { ...entry, reason: `${entry.reason}.` } : entry,
      );
      expect(firstBroken(changed, START)).toBe(at + 1);
      expect(firstBroken(entries.toSpliced(at, 1), START)).toBe(at + 2);
      const swapped = entries
        .with(at, entries[at + 1] as ChainedEntry)
        .with(at + 1, entries[at] as ChainedEntry);
      expect(firstBroken(swapped, START)).toBe(at + 2);
    }),
  );
});
