/** What a pair of networks may exchange, by the registry. Used by the switch for every event, and by the console before a change. */
import type { Network } from './address.js';
import { ANY_NETWORK, type Agreement, type Phase } from './registry.js';
import type { TrafficClass } from './traffic-class.js';

export class AgreementIndex {
  private readonly byPair: ReadonlyMap<string, Dated[]>;

  constructor(agreements: Agreement[]) {
    this.byPair = Map.groupBy(agreements.map(dated), ({ agreement: { from, to } }) => pairKey(from, to));
  }

  /** The agreement of this pair that is in force, else the one for all networks without an agreement of their own. */
  of(from: Network, to: Network, now: Date): Agreement | undefined {
    const candidates: [Agreement['from'], Agreement['to']][] = [
      [from, to],
      [from, ANY_NETWORK],
      [ANY_NETWORK, to],
      [ANY_NETWORK, ANY_NETWORK],
    ];
    for (const pair of candidates) {
      const inForce = this.byPair.get(pairKey(...pair))?.find((one) => isInForce(one, now));
      if (inForce) return inForce.agreement;
    }
    return undefined;
  }
}

export interface Pair {
  from: Network;
  to: Network;
}

/** The agreement by which the two may exchange this class, or why they may not (code 57). */
export function agreementFor(
  agreements: AgreementIndex,
  phase: Phase,
  { from, to }: Pair,
  wanted: TrafficClass | undefined,
  now: Date,
): { agreement: Agreement } | { refusal: string } {
  if (!phaseAllows(phase, from, to))
    return {
      refusal: `${from} and ${to} cannot meet yet: in this phase every pair needs the anchor. An admin changes the phase (docs/membership.md)`,
    };
  const agreement = agreements.of(from, to, now);
  if (!agreement) return { refusal: `no agreement from ${from} to ${to}. ${propose('one')}` };
  if (wanted && !agreement.classes.includes(wanted))
    return { refusal: `the agreement from ${from} to ${to} has no ${wanted}. ${propose('one with it')}` };
  return { agreement };
}

/** Why the two may not exchange this class (code 57); undefined if they may. */
export function refusalOf(...question: Parameters<typeof agreementFor>): string | undefined {
  const answer = agreementFor(...question);
  return 'refusal' in answer ? answer.refusal : undefined;
}

function propose(what: string): string {
  return `An operator of either network proposes ${what}: POST /v1/agreements (docs/membership.md, Agreements)`;
}

function phaseAllows(phase: Phase, one: Network, other: Network): boolean {
  return phase.phase === 'mesh' || phase.anchor === one || phase.anchor === other;
}

/** Dates are parsed once for a registry version, not for every message. */
interface Dated {
  agreement: Agreement;
  from: number;
  to: number;
}

function dated(agreement: Agreement): Dated {
  const { validFrom, validTo } = agreement;
  return {
    agreement,
    from: Date.parse(validFrom),
    to: validTo === undefined ? Infinity : Date.parse(validTo),
  };
}

function isInForce({ from, to }: Dated, now: Date): boolean {
  return from <= now.getTime() && now.getTime() < to;
}

function pairKey(from: string, to: string): string {
  return `${from}>${to}`;
}
