import { pino } from 'pino';
import { ALL_LANES } from '#protocol';
import { belongsTo, SharedPartitions } from './shared-partitions.js';

const quiet = pino({ level: 'silent' });

test.each([1, 2, 3, 8, 20])('among %i processes every partition belongs to exactly one, evenly', (count) => {
  const shares = Array.from({ length: count }, (_, place) =>
    ALL_LANES.filter((lane) => belongsTo(place, count, lane)),
  );
  expect(shares.flat().sort((one, other) => one - other)).toEqual([...ALL_LANES]);
  const sizes = shares.map(({ length }) => length);
  expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
});

/** A process that reads the partitions of `owned`, and the numbers of those that it hands over. */
function reading(instance: string, owned: readonly number[]) {
  const handedOver: number[] = [];
  const partitions = ALL_LANES.map((lane) => ({
    isOwner: owned.includes(lane),
    handOver: () => Promise.resolve(void handedOver.push(lane)),
  }));
  return { shared: new SharedPartitions(instance, partitions, quiet), handedOver };
}

test('the first of two processes reads all, and hands over those of the second', () => {
  const { shared, handedOver } = reading('a', ALL_LANES);
  shared.balance(['a']);
  expect(handedOver).toEqual([]);
  shared.balance(['a', 'b']);
  expect(handedOver).toEqual([1, 3, 5, 7]);
});

test('what another process reads is not handed over, nor anything twice at once', () => {
  const { shared, handedOver } = reading('a', [0, 1]);
  shared.balance(['a', 'b']);
  shared.balance(['a', 'b']);
  expect(handedOver).toEqual([1]);
});

test('a process that has lost its network hands everything over to those that have not', () => {
  const { shared, handedOver } = reading('c', [2, 5]);
  shared.balance([]);
  expect(handedOver).toEqual([]);
  shared.balance(['a', 'b']);
  expect(handedOver).toEqual([2, 5]);
});
