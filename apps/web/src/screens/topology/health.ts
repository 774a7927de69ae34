/** How well a pair of networks does. Pure. */
import type { TopologyEdge, TopologyNode } from '../../api/topology';

export type NodeState = TopologyNode['state'];
export type EdgeHealth = 'well' | 'failing' | 'broken' | 'stopped';

/** From this share of failed messages on, a pair counts as failing. */
const FAILING_SHARE = 0.05;

export function failedShare({ messages, failed }: Pick<TopologyEdge, 'messages' | 'failed'>): number {
  return failed === 0 ? 0 : failed / Math.max(messages, failed);
}

export function healthOf(
  edge: Pick<TopologyEdge, 'from' | 'to' | 'messages' | 'failed'>,
  states: ReadonlyMap<string, NodeState>,
): EdgeHealth {
  const ends = [states.get(edge.from), states.get(edge.to)];
  if (ends.includes('suspended')) return 'stopped';
  if (ends.includes('unavailable')) return 'broken';
  return failedShare(edge) >= FAILING_SHARE ? 'failing' : 'well';
}

export function statesOf(nodes: readonly TopologyNode[]): Map<string, NodeState> {
  return new Map(nodes.map(({ network, state }) => [network, state]));
}
