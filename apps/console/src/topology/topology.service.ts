/** Who talks to whom, and under which rules. An operator sees the pairs of their own network. */
import { Inject, Injectable } from '@nestjs/common';
import { arrivalOf } from '#degradation';
import { ApiProblem } from '#http';
import { FEATURES, isReserved, network, type Capabilities } from '#protocol';
import { CLOCK, type Clock } from '../core/clock.js';
import { agreementView } from '../exchange/agreements.service.js';
import { tariffView } from '../exchange/tariffs.controller.js';
import { LivenessBoard } from '../networks/liveness.js';
import type { Range } from '../overview/overview.dto.js';
import { spanOf } from '../overview/series.js';
import { edgesOf, ruleOf } from './pairs.js';
import { MOST_EDGES, type TopologyNode, type TopologyPair, type TopologyView } from './topology.dto.js';
import { TopologyRepository, type MemberColumns, type PairRows } from './topology.repository.js';

interface AskedPair {
  from: string;
  to: string;
  range: Range;
}

@Injectable()
export class TopologyService {
  constructor(
    private readonly rows: TopologyRepository,
    private readonly liveness: LivenessBoard,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @param own network of an operator; null: the whole exchange */
  async of(range: Range, own: string | null): Promise<TopologyView> {
    const now = this.clock();
    const traffic = await this.rows.traffic(spanOf(range, now), own);
    const members = (await this.rows.members()).filter(({ slug }) => !isReserved(network(slug)));
    const all = edgesOf(traffic, new Set(members.map(({ slug }) => slug)));
    const edges = all.slice(0, MOST_EDGES);
    const partners = new Set([own, ...edges.flatMap(({ from, to }) => [from, to])]);
    const shown = own === null ? members : members.filter(({ slug }) => partners.has(slug));
    return {
      at: now.toISOString(),
      nodes: shown.map((member) => this.nodeOf(member)),
      edges,
      more: edges.length < all.length,
    };
  }

  /** @throws ApiProblem not-found, also for a pair of others, and for a network with which the own one has nothing to do */
  async pair({ from, to, range }: AskedPair, own: string | null): Promise<TopologyPair> {
    const now = this.clock();
    const nobody = new ApiProblem('not-found', `no pair ${from} ${to}`);
    if (own !== null && own !== from && own !== to) throw nobody;
    const rows = await this.rows.pair(spanOf(range, now), { from, to }, own === to);
    const [source, target] = [from, to].map((slug) => rows.members.find((member) => member.slug === slug));
    if (!source || !target || source === target) throw nobody;
    const failed = rows.failedByCode.reduce((sum, { messages }) => sum + messages, 0);
    const rule = ruleOf(rows.agreements, rows.phase, { from, to }, now);
    if (own !== null && rows.messages + failed === 0 && !mayMeet(rows, { from, to }, now)) throw nobody;
    return {
      at: now.toISOString(),
      from,
      to,
      messages: rows.messages,
      failed,
      failedByCode: rows.failedByCode,
      agreement: rule.agreement && agreementView(rule.agreement),
      refusal: rule.refusal,
      tariffs: rows.tariffs.map(tariffView),
      arrivals: arrivalsOf(source.capabilities, target.capabilities),
    };
  }

  private nodeOf({ slug, status }: Pick<MemberColumns, 'slug' | 'status'>): TopologyNode {
    if (status === 'suspended') return { network: slug, state: 'suspended' };
    const { signedOn, nativeConnected } = this.liveness.of(network(slug));
    return { network: slug, state: signedOn && nativeConnected ? 'available' : 'unavailable' };
  }
}

/** Whether one of the two may write to the other one. */
function mayMeet(
  { agreements, opposite, phase }: PairRows,
  { from, to }: { from: string; to: string },
  now: Date,
): boolean {
  return (
    ruleOf(agreements, phase, { from, to }, now).agreement !== null ||
    ruleOf(opposite, phase, { from: to, to: from }, now).agreement !== null
  );
}

function arrivalsOf(from: Capabilities | null, to: Capabilities | null): TopologyPair['arrivals'] {
  if (!from || !to) return [];
  return FEATURES.map((feature) => {
    const arrival = arrivalOf(feature, from, to);
    return { feature, form: arrival.form, words: arrival.form === 'words' ? arrival.words : null };
  });
}
