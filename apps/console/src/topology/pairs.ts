/** Edges of the topology, and what a pair of networks may exchange. Pure. */
import { AgreementIndex, agreementFor, network, type Agreement, type Phase } from '#protocol';
import type { AgreementColumns } from '../exchange/agreements.repository.js';
import type { TopologyEdge } from './topology.dto.js';
import type { PairCount } from './topology.repository.js';

/** One edge for each pair with messages or failures among these networks. The busiest first. */
export function edgesOf(
  { sentOn, failed }: { sentOn: PairCount[]; failed: PairCount[] },
  networks: ReadonlySet<string>,
): TopologyEdge[] {
  const edges = new Map<string, TopologyEdge>();
  const edgeOf = ({ from, to }: PairCount): TopologyEdge => {
    const key = `${from}>${to}`;
    const edge = edges.get(key) ?? { from, to, messages: 0, failed: 0 };
    edges.set(key, edge);
    return edge;
  };
  for (const pair of sentOn) edgeOf(pair).messages += pair.count;
  for (const pair of failed) edgeOf(pair).failed += pair.count;
  return [...edges.values()]
    .filter(({ from, to }) => from !== to && networks.has(from) && networks.has(to))
    .sort((one, other) => other.messages - one.messages || other.failed - one.failed);
}

/** The agreement by which one network may send to another one, or why it may not. */
export function ruleOf(
  rows: readonly AgreementColumns[],
  phase: Phase,
  { from, to }: { from: string; to: string },
  now: Date,
): { agreement: AgreementColumns; refusal: null } | { agreement: null; refusal: string } {
  const index = new AgreementIndex(rows.map(agreementOf));
  const answer = agreementFor(index, phase, { from: network(from), to: network(to) }, undefined, now);
  if ('refusal' in answer) return { agreement: null, refusal: answer.refusal };
  const row = rows.find(({ id }) => id === answer.agreement.id);
  return row ? { agreement: row, refusal: null } : { agreement: null, refusal: '' };
}

function agreementOf(row: AgreementColumns): Agreement {
  return {
    id: row.id,
    from: row.from_network as Agreement['from'],
    to: row.to_network as Agreement['to'],
    classes: row.classes,
    validFrom: row.valid_from.toISOString(),
    ...(row.valid_to ? { validTo: row.valid_to.toISOString() } : {}),
  };
}
