import { queryOptions } from '@tanstack/react-query';
import { answer, api } from './client';
import type { Schemas } from './contract';
import type { Range } from './overview';

export type Topology = Schemas['Topology'];
export type TopologyNode = Topology['nodes'][number];
export type TopologyEdge = Topology['edges'][number];
export type TopologyPair = Schemas['TopologyPair'];
export type Arrival = TopologyPair['arrivals'][number];

export interface Pair {
  from: string;
  to: string;
}

export function topologyQuery(range: Range) {
  return queryOptions({
    queryKey: ['topology', range],
    queryFn: (): Promise<Topology> => answer(api.GET('/v1/topology', { params: { query: { range } } })),
  });
}

export function pairQuery({ from, to }: Pair, range: Range) {
  return queryOptions({
    queryKey: ['topology', range, from, to],
    queryFn: (): Promise<TopologyPair> =>
      answer(api.GET('/v1/topology/{from}/{to}', { params: { path: { from, to }, query: { range } } })),
  });
}
