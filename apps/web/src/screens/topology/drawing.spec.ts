import { drawingOf, orderOf, SIZE } from './drawing';
import { failedShare, healthOf, statesOf } from './health';

const available = (network: string) => ({ network, state: 'available' as const });
const edge = (from: string, to: string, messages: number, failed = 0) => ({ from, to, messages, failed });

describe('the order on the circle', () => {
  const nodes = ['a', 'b', 'c', 'd'].map(available);

  it('puts the busiest network first, and each one beside its busiest partner', () => {
    const edges = [edge('d', 'b', 90), edge('b', 'c', 5), edge('a', 'c', 30)];
    expect(orderOf(nodes, edges).map(({ network }) => network)).toEqual(['b', 'd', 'c', 'a']);
  });

  it('is by name where there is no traffic', () => {
    expect(orderOf([...nodes].reverse(), []).map(({ network }) => network)).toEqual(['a', 'b', 'c', 'd']);
  });

  it('of no network is empty', () =>
    expect(drawingOf({ nodes: [], edges: [] })).toEqual({ nodes: [], edges: [] }));
});

describe('the drawing', () => {
  const nodes = Array.from({ length: 50 }, (_, index) => available(`network-${index}`));
  const edges = [
    edge('network-0', 'network-1', 400),
    edge('network-1', 'network-0', 100),
    edge('network-2', 'network-3', 0, 4),
    edge('network-2', 'unknown', 7),
  ];
  const drawing = drawingOf({ nodes, edges });

  it('has every network in it, each at a place of its own', () => {
    const places = new Set(drawing.nodes.map(({ at }) => `${at.x} ${at.y}`));
    expect(places.size).toBe(50);
    for (const { at } of drawing.nodes) {
      expect(Math.min(at.x, at.y)).toBeGreaterThan(0);
      expect(Math.max(at.x, at.y)).toBeLessThan(SIZE);
    }
  });

  it('has wider arrows for more traffic, and a thin one for failures alone', () => {
    const [most, less, none] = drawing.edges.map(({ width }) => width);
    expect(most).toBe(9);
    expect(less).toBeGreaterThan(none ?? 0);
    expect(less).toBeLessThan(most ?? 0);
    expect(none).toBe(1);
  });

  it('keeps the two directions of a pair apart', () => {
    expect(drawing.edges[0]?.path).not.toBe(drawing.edges[1]?.path);
  });

  it('leaves out what leads to a network that is not shown', () => expect(drawing.edges).toHaveLength(3));

  it('has numbers in its paths only', () => {
    for (const { path, head } of drawing.edges) expect(path + head).not.toMatch(/NaN|Infinity/);
  });
});

describe('the health of a pair', () => {
  const states = statesOf([
    available('a'),
    available('b'),
    { network: 'down', state: 'unavailable' },
    { network: 'held', state: 'suspended' },
  ]);

  it.each([
    [edge('a', 'b', 100, 4), 'well'],
    [edge('a', 'b', 100, 5), 'failing'],
    [edge('a', 'b', 0, 1), 'failing'],
    [edge('a', 'down', 100), 'broken'],
    [edge('down', 'held', 100), 'stopped'],
  ])('%j is %s', (pair, health) => expect(healthOf(pair, states)).toBe(health));

  it('the share of failures is one at most, also if the switch sent nothing on', () => {
    expect([
      failedShare(edge('a', 'b', 0, 7)),
      failedShare(edge('a', 'b', 10, 1)),
      failedShare(edge('a', 'b', 0)),
    ]).toEqual([1, 0.1, 0]);
  });
});

describe('a full mesh of ten networks', () => {
  const names = Array.from({ length: 10 }, (_, index) => `network-${index}`);
  const edges = names.flatMap((from, row) =>
    names.flatMap((to, column) =>
      from === to
        ? []
        : [edge(from, to, row * 10 + column, from === 'network-0' && to === 'network-1' ? 1 : 0)],
    ),
  );
  const drawing = drawingOf({ nodes: names.map(available), edges });
  const major = drawing.edges.filter(({ isMinor }) => !isMinor);

  it('has the busiest arrows in full, and one with failures, above the others', () => {
    expect([drawing.edges.length, major.length]).toEqual([90, 25]);
    expect(drawing.edges.slice(-25)).toEqual(major);
    expect(major).toContainEqual(expect.objectContaining({ from: 'network-0', to: 'network-1' }));
    expect(major).toContainEqual(expect.objectContaining({ from: 'network-9', to: 'network-8' }));
  });
});

it('of many networks no label is upside down', () => {
  const { nodes } = drawingOf({
    nodes: Array.from({ length: 50 }, (_, index) => available(`n${index}`)),
    edges: [],
  });
  expect(nodes.filter(({ turn }) => Math.abs(turn) > 90)).toEqual([]);
});
