/** Rows and columns of the grid of pairs. Pure. */
import type { Topology, TopologyEdge } from '../../api/topology';

/** Rows and columns at most; the list has the others. */
export const MOST_IN_GRID = 100;

export interface Grid {
  networks: string[];
  /** Networks that take part, also those that do not fit. */
  all: number;
  /** By `<from> <to>`. */
  cells: ReadonlyMap<string, TopologyEdge>;
}

/** The busiest networks, by name. */
export function gridOf({ nodes, edges }: Pick<Topology, 'nodes' | 'edges'>): Grid {
  const traffic = new Map<string, number>();
  for (const { from, to, messages, failed } of edges)
    for (const end of [from, to]) traffic.set(end, (traffic.get(end) ?? 0) + messages + failed);
  const busiest = [...nodes].sort(
    (one, other) =>
      (traffic.get(other.network) ?? 0) - (traffic.get(one.network) ?? 0) ||
      one.network.localeCompare(other.network),
  );
  const networks = busiest
    .slice(0, MOST_IN_GRID)
    .map(({ network }) => network)
    .sort();
  return {
    networks,
    all: nodes.length,
    cells: new Map(edges.map((edge) => [`${edge.from} ${edge.to}`, edge])),
  };
}
