/** The effect of a change on the traffic of a day. Pure functions. */
import { isDeepStrictEqual } from 'node:util';
import type { TariffBook } from '#clearing';
import { network, refusalOf, type AgreementIndex, type Network, type Phase } from '#protocol';
import type { LimitedPair, Refused } from './over-limits.repository.js';
import { feesOf, shown, sumOf, type Fees } from './preview-fees.js';
import {
  boundedRows,
  type ChangePreview,
  type PreviewableChange,
  type PreviewNote,
  type RepricedTraffic,
  type StoppedTraffic,
} from './preview.dto.js';
import type { Flow } from './traffic-flows.repository.js';

interface Pair {
  from: Network;
  to: Network;
}

/** What decides about a message and its price. */
export interface Rules {
  agreements: AgreementIndex;
  phase: Phase;
  tariffs: TariffBook;
  /** Network that takes no part. */
  absent?: string;
}

export interface Comparison {
  before: Rules;
  after: Rules;
  /** Times at which the rules are compared: now, and later ones at which the change begins or ends something. */
  moments: readonly Date[];
}

/** Now, and the future times that the change names, in their order. */
export function momentsOf(change: PreviewableChange, now: Date): Date[] {
  const named = timesIn(change).map((time) => new Date(time));
  return [now, ...named.filter((time) => time > now).sort((one, other) => one.getTime() - other.getTime())];
}

function timesIn(change: PreviewableChange): string[] {
  switch (change.kind) {
    case 'agreement.add':
    case 'agreement.replace': {
      const { validFrom, validTo } = change.terms;
      return validTo === undefined ? [validFrom] : [validFrom, validTo];
    }
    case 'tariff.add':
    case 'tariff.pair':
      return [change.terms.validFrom];
    case 'network.leave':
      return [change.at];
    case 'agreement.end':
    case 'route.set':
    case 'route.remove':
    case 'number.port':
    case 'number.restore':
    case 'phase.set':
    case 'network.suspend':
    case 'network.enable':
    case 'network.remove':
      return [];
  }
}

/** Network that takes no part after the change. */
export function absentAfter(change: PreviewableChange): string | undefined {
  switch (change.kind) {
    case 'network.suspend':
    case 'network.remove':
    case 'network.leave':
      return change.network;
    default:
      return undefined;
  }
}

/** @param overLimits what the limits of `alteredLimits` would refuse */
export function effectOf(
  flows: readonly Flow[],
  overLimits: readonly Refused[],
  comparison: Comparison,
): Omit<ChangePreview, 'since' | 'until'> {
  const stopped = [...stoppedBy(flows, comparison), ...refusedByLimits(overLimits, comparison)];
  const repriced = repricedBy(flows, comparison);
  return {
    counted: flows.reduce((sum, { messages }) => sum + messages, 0),
    stopped: boundedRows(stopped.map((row) => ({ ...row, fees: shown(row.fees) }))),
    repriced: boundedRows(
      repriced.map((row) => ({ ...row, before: shown(row.before), after: shown(row.after) })),
    ),
    rerouted: [],
    totals: {
      messages: stopped.reduce((sum, { messages }) => sum + messages, 0),
      rerouted: 0,
      fees: shown(sumOf(stopped.map(({ fees }) => fees))),
      before: shown(sumOf(repriced.map(({ before }) => before))),
      after: shown(sumOf(repriced.map(({ after }) => after))),
    },
    notes: notesOf(overLimits.length > 0, [...stopped, ...repriced]),
  };
}

/** When the records could not be counted. */
export function unknownEffect(): Omit<ChangePreview, 'since' | 'until'> {
  const none = shown(sumOf([]));
  return {
    counted: null,
    stopped: [],
    repriced: [],
    rerouted: [],
    totals: { messages: 0, rerouted: 0, fees: none, before: none, after: none },
    notes: ['not-counted'],
  };
}

/** Pairs whose limits the change alters: unchanged limits have let the traffic of the day pass. */
export function alteredLimits(flows: readonly Flow[], comparison: Comparison): LimitedPair[] {
  const pairs = new Map(flows.map((flow) => [`${flow.from_network} ${flow.to_network}`, flow]));
  return [...pairs.values()].flatMap((flow): LimitedPair[] => {
    const pair = pairOf(flow);
    const at = limitsAlterAt(pair, comparison);
    if (at === undefined) return [];
    return [{ ...pair, limits: comparison.after.agreements.of(pair.from, pair.to, at)?.limits ?? {} }];
  });
}

function limitsAlterAt({ from, to }: Pair, { before, after, moments }: Comparison): Date | undefined {
  const limitsIn = ({ agreements }: Rules, at: Date) => agreements.of(from, to, at)?.limits ?? {};
  return moments.find((at) => !isDeepStrictEqual(limitsIn(before, at), limitsIn(after, at)));
}

type Stopped = Omit<StoppedTraffic, 'fees'> & { fees: Fees };
type Repriced = Omit<RepricedTraffic, 'before' | 'after'> & { before: Fees; after: Fees };

function stoppedBy(flows: readonly Flow[], comparison: Comparison): Stopped[] {
  return flows.flatMap((flow) => {
    const refusal = newRefusal(flow, comparison);
    return refusal ? [{ ...rowOf(flow, comparison), ...refusal }] : [];
  });
}

function refusedByLimits(refused: readonly Refused[], comparison: Comparison): Stopped[] {
  return refused.flatMap((one) => {
    const at = limitsAlterAt(pairOf(one), comparison);
    // What stops as a whole is counted already.
    if (at === undefined || newRefusal(one, comparison)) return [];
    return [{ ...rowOf(one, comparison), stopsAt: at.toISOString(), why: one.why }];
  });
}

/** The first time at which the changed rules refuse what the present ones allow. */
function newRefusal(
  flow: Flow,
  { before, after, moments }: Comparison,
): { stopsAt: string; why: string } | undefined {
  for (const at of moments) {
    const why = refusalIn(after, flow, at);
    if (why !== undefined && refusalIn(before, flow, at) === undefined)
      return { stopsAt: at.toISOString(), why };
  }
  return undefined;
}

function refusalIn({ absent, agreements, phase }: Rules, flow: Flow, at: Date): string | undefined {
  const pair = pairOf(flow);
  if (absent !== undefined && [flow.from_network, flow.to_network].includes(absent))
    return `${absent} takes no part`;
  return refusalOf(agreements, phase, pair, flow.class, at);
}

/** At the last moment, when all of the change is in force. */
function repricedBy(flows: readonly Flow[], { before, after, moments }: Comparison): Repriced[] {
  const at = moments.at(-1);
  if (at === undefined) return [];
  return flows.flatMap((flow) => {
    const [old, changed] = [feesOf(flow, before.tariffs, at), feesOf(flow, after.tariffs, at)];
    if (old.termination === changed.termination && old.switch === changed.switch) return [];
    const { senders: _senders, ...traffic } = trafficOf(flow);
    return [{ ...traffic, before: old, after: changed }];
  });
}

function rowOf(flow: Flow, { before, moments: [now = new Date()] }: Comparison) {
  return { ...trafficOf(flow), fees: feesOf(flow, before.tariffs, now) };
}

function trafficOf({ class: kind, messages, senders, units, ...flow }: Flow) {
  return { ...pairOf(flow), class: kind, messages, senders, units };
}

function notesOf(byLimits: boolean, rows: readonly (Stopped | Repriced)[]): PreviewNote[] {
  const mayBeWaived = rows.some((row) =>
    'fees' in row ? row.fees.mayBeWaived : row.before.mayBeWaived || row.after.mayBeWaived,
  );
  return [
    ...(byLimits ? (['upper-bound'] as const) : []),
    ...(mayBeWaived ? (['bill-and-keep'] as const) : []),
  ];
}

function pairOf({ from_network, to_network }: Pick<Flow, 'from_network' | 'to_network'>): Pair {
  return { from: network(from_network), to: network(to_network) };
}
