/** The effect of a change of routes or ported numbers on the traffic of a day. Pure functions. */
import type { TariffBook } from '#clearing';
import { digitsOf, network, refusalOf, type AgreementIndex, type Phase } from '#protocol';
import { feesOf, shown, sumOf, type Fees } from './preview-fees.js';
import { boundedRows, type ChangePreview, type PreviewableChange } from './preview.dto.js';
import type { MovedFlow, RouteTarget } from './routed-traffic.repository.js';

/** What decides about rerouted messages: a change of routes alters neither agreements nor tariffs. */
export interface RouteRules {
  agreements: AgreementIndex;
  phase: Phase;
  tariffs: TariffBook;
}

type Effect = Omit<ChangePreview, 'since' | 'until'>;

/** The numbers or the domain that the change is about; undefined for a change of something else. */
export function targetOf(change: PreviewableChange): RouteTarget | undefined {
  switch (change.kind) {
    case 'route.set':
    case 'route.remove': {
      const { kind, key } = change.terms;
      return kind === 'domain' ? { domain: key } : { prefix: key };
    }
    case 'number.port':
      return { number: digitsOf(change.terms.number) };
    case 'number.restore':
      return { number: digitsOf(change.number) };
    default:
      return undefined;
  }
}

interface Moved {
  flow: MovedFlow;
  before: Fees;
  after: Fees | undefined;
  /** undefined: it is delivered to the other network. */
  refusal: string | undefined;
}

/** @param counted messages to the numbers or the domain, among which the effect was looked for */
export function routeEffect(
  flows: readonly MovedFlow[],
  counted: number,
  rules: RouteRules,
  now: Date,
): Effect {
  const moved = flows.map((flow) => judged(flow, rules, now));
  const stopped = moved.filter(({ refusal }) => refusal !== undefined);
  const rerouted = moved.filter(({ refusal }) => refusal === undefined);
  const fees = (rows: readonly (Fees | undefined)[]) => shown(sumOf(rows.flatMap((one) => one ?? [])));
  const waivable = moved.some(({ before, after }) => before.mayBeWaived || after?.mayBeWaived);
  return {
    counted,
    stopped: boundedRows(
      stopped.map(({ flow, before, refusal = '' }) => ({
        ...trafficOf(flow),
        senders: flow.senders,
        fees: shown(before),
        stopsAt: now.toISOString(),
        why: refusal,
      })),
    ),
    repriced: [],
    rerouted: boundedRows(rerouted.map((row) => viewOf(row))),
    totals: {
      messages: messagesIn(stopped),
      rerouted: messagesIn(rerouted),
      fees: fees(stopped.map(({ before }) => before)),
      before: fees(rerouted.map(({ before }) => before)),
      after: fees(rerouted.map(({ after }) => after)),
    },
    notes: [...(waivable ? (['bill-and-keep'] as const) : []), 'routes'],
  };
}

function judged(flow: MovedFlow, { agreements, phase, tariffs }: RouteRules, now: Date): Moved {
  const before = feesOf(flow, tariffs, now);
  const refused = (refusal: string): Moved => ({ flow, before, after: undefined, refusal });
  if (!flow.after) return refused('no network would have the number or domain');
  if (flow.after.network === flow.from_network)
    return refused(`it would be in ${flow.from_network}, the network of the sender, itself`);
  const moved = afterMove(flow, flow.after);
  const pair = { from: network(moved.from_network), to: network(moved.to_network) };
  const refusal = refusalOf(agreements, phase, pair, moved.class, now);
  return { flow, before, after: feesOf(moved, tariffs, now), refusal };
}

/** The same messages in their new network: what becomes or was an SMS is counted in other units. */
function afterMove(flow: MovedFlow, { network: to_network, via }: NonNullable<MovedFlow['after']>) {
  const moved = { ...flow, to_network };
  if (via === 'sms') return { ...moved, class: 'sms' as const, units: flow.sms_units };
  if (flow.class === 'sms') return { ...moved, class: 'message' as const, units: String(flow.messages) };
  return moved;
}

function viewOf({ flow, before, after }: Moved) {
  const moved = flow.after ? afterMove(flow, flow.after) : flow;
  return {
    ...trafficOf(flow),
    senders: flow.senders,
    newTo: moved.to_network,
    newClass: moved.class,
    newUnits: moved.units,
    before: shown(before),
    after: shown(after ?? sumOf([])),
  };
}

function trafficOf({ from_network: from, to_network: to, class: kind, messages, units }: MovedFlow) {
  return { from, to, class: kind, messages, units };
}

function messagesIn(rows: readonly Moved[]): number {
  return rows.reduce((sum, { flow }) => sum + flow.messages, 0);
}
