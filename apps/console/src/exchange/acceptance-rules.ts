/** Acceptance rules, with which an operator confirms future changes. Pure functions: whether a change is within a rule. */
import { z } from 'zod';
import { ANY_NETWORK, Network, TRAFFIC_CLASSES, type TrafficClass } from '#protocol';
import { Reason } from '../http/free-text.js';
import { Fee, millionths } from '../settlement/amount.js';
import type { ExchangeChange } from './changes.js';

/** Kinds of changes that a rule can confirm. An early departure is confirmed by a person only. */
export const RULE_KINDS = [
  'agreement.add',
  'agreement.replace',
  'agreement.end',
  'tariff.add',
  'route.set',
  'route.remove',
  'number.port',
  'number.restore',
  'phase.set',
] as const satisfies readonly ExchangeChange['kind'][];
export type RuleKind = (typeof RULE_KINDS)[number];

export const AcceptanceTerms = z
  .object({
    kinds: z.array(z.enum(RULE_KINDS)).min(1).max(RULE_KINDS.length),
    counterparts: z
      .array(z.union([Network, z.literal(ANY_NETWORK)]))
      .min(1)
      .max(100)
      .describe('Networks at the other end; `*`: any network, and changes that bind all members'),
    classes: z.array(z.enum(TRAFFIC_CLASSES)).min(1).max(TRAFFIC_CLASSES.length),
    maxTerminationFee: Fee.optional().describe(
      'Maximum fee of a tariff, and of tariffs that apply to an agreement, yuan. A rule for tariffs needs both fees',
    ),
    maxSwitchFee: Fee.optional(),
    withShares: z
      .boolean()
      .default(false)
      .describe('true: also confirms tariffs with revenue shares, or with bill and keep'),
    reciprocalOnly: z
      .boolean()
      .default(false)
      .describe(
        'true: confirms agreements only if the opposite direction has at least the same classes in force',
      ),
  })
  .refine(
    ({ kinds, maxTerminationFee, maxSwitchFee }) =>
      !kinds.includes('tariff.add') || (maxTerminationFee !== undefined && maxSwitchFee !== undefined),
    { path: ['maxTerminationFee'], message: 'a rule for tariffs states maxTerminationFee and maxSwitchFee' },
  )
  .meta({
    id: 'AcceptanceTerms',
    examples: [
      {
        kinds: ['agreement.add', 'agreement.replace'],
        counterparts: [ANY_NETWORK],
        classes: ['message', 'media'],
        maxTerminationFee: '0.03',
        maxSwitchFee: '0.001',
        withShares: false,
        reciprocalOnly: true,
      },
    ],
  });
export type AcceptanceTerms = z.infer<typeof AcceptanceTerms>;

export const NewAcceptanceRule = z
  .object({ terms: AcceptanceTerms, reason: Reason })
  .meta({ id: 'NewAcceptanceRule' });
export const AcceptanceRuleView = z
  .object({
    id: z.uuid(),
    network: Network,
    terms: AcceptanceTerms,
    reason: z.string().max(4000),
    createdBy: z.string().max(300),
    createdAt: z.string().max(40),
    withdrawnAt: z.string().max(40).nullable(),
  })
  .meta({ id: 'AcceptanceRule' });
export type AcceptanceRuleView = z.infer<typeof AcceptanceRuleView>;

/** A change as it binds one network, for the comparison with a rule. Fees are in millionths of a yuan. */
export interface BoundChange {
  kind: ExchangeChange['kind'] | 'network.leave';
  /** Networks at the other end; contains `*` if it is any network. */
  counterparts: readonly string[];
  /** Classes of traffic; empty if the kind of change has none. */
  classes: readonly TrafficClass[];
  /** The highest fee that can apply; undefined if no tariff is concerned. */
  fees: { termination: bigint; switch: bigint } | undefined;
  shares: boolean;
  reciprocal: boolean;
}

export function isWithin(rule: AcceptanceTerms, bound: BoundChange): boolean {
  return (
    (rule.kinds as readonly string[]).includes(bound.kind) &&
    (rule.counterparts.includes(ANY_NETWORK) ||
      bound.counterparts.every((one) => (rule.counterparts as readonly string[]).includes(one))) &&
    bound.classes.every((one) => rule.classes.includes(one)) &&
    areFeesWithin(rule, bound) &&
    (rule.withShares || !bound.shares) &&
    (!rule.reciprocalOnly || !bound.kind.startsWith('agreement.') || bound.reciprocal)
  );
}

/** A rule without maximum fees accepts an agreement with any tariffs, and no tariff. */
function areFeesWithin({ maxTerminationFee, maxSwitchFee }: AcceptanceTerms, bound: BoundChange): boolean {
  if (bound.fees === undefined) return true;
  return (
    isAtMost(bound.fees.termination, maxTerminationFee, bound.kind) &&
    isAtMost(bound.fees.switch, maxSwitchFee, bound.kind)
  );
}

function isAtMost(fee: bigint, most: string | undefined, kind: BoundChange['kind']): boolean {
  return most === undefined ? kind !== 'tariff.add' : fee <= millionths(most);
}
