import fc from 'fast-check';
import { evenBatch } from './even-batch.js';

const numbers = (count: number, of: string) => Array.from({ length: count }, (_, n) => `${of}${n}`);

test('one outcome of a calm network is in the next batch, whatever waits of a network that floods', () => {
  const batch = evenBatch([numbers(4000, 'flood '), ['calm 0']], 500);
  expect(batch).toHaveLength(500);
  expect(batch).toContain('calm 0');
});

test('as many as fit, the oldest of each queue, in its order', () => {
  const lengths = fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 20 });
  fc.assert(
    fc.property(lengths, fc.integer({ min: 1, max: 50 }), (counts, size) => {
      const queues = counts.map((count, at) => numbers(count, `${at}:`));
      const batch = evenBatch(queues, size);
      expect(batch).toHaveLength(Math.min(size, queues.flat().length));
      for (const [at, queue] of queues.entries()) {
        const taken = batch.filter((one) => one.startsWith(`${at}:`));
        expect(taken).toEqual(queue.slice(0, taken.length));
      }
    }),
  );
});
