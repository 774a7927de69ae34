import { gridOf } from './grid-of';

it('of many networks the busiest hundred have a row, by name', () => {
  const nodes = Array.from({ length: 130 }, (_, index) => ({
    network: `n${String(index).padStart(3, '0')}`,
    state: 'available' as const,
  }));
  const edges = [{ from: 'n129', to: 'n128', messages: 0, failed: 1 }];
  const { networks, all, cells } = gridOf({ nodes, edges });
  expect([networks.length, all, networks.at(-1), networks.at(-2), networks.at(-3)]).toEqual([
    100,
    130,
    'n129',
    'n128',
    'n097',
  ]);
  expect(cells.get('n129 n128')).toEqual(edges[0]);
});
