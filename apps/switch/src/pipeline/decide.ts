/**
 * The path of an event through the switch, top to bottom (design §3). The steps are pure; between the checks and the rest
 * the event is counted against the limits of its sender.
 */
import type { HubEvent } from '#protocol';
import { reserve, type Reservations } from '../limits/reserve.js';
import { addressOut, type Addressed } from './address-out.js';
import { authenticateSource } from './authenticate-source.js';
import { canonicalise } from './canonicalise.js';
import { checkAgreement } from './check-agreement.js';
import { checkBlocked } from './check-blocked.js';
import { checkConversation } from './check-conversation.js';
import { checkConsent } from './check-consent.js';
import { checkRisk } from './check-risk.js';
import { deduplicate } from './deduplicate.js';
import { degrade } from './degrade.js';
import { resolve } from './resolve.js';
import { standIn } from './stand-in.js';
import type { Ended, Passed, Step, StepContext } from './step.js';
import { stopLoops } from './stop-loops.js';

/** May the event go to its destination? @param find the destination */
export const checksTo = (find: Step): readonly Step[] => [
  authenticateSource,
  canonicalise,
  checkConversation,
  deduplicate,
  stopLoops,
  find,
  checkAgreement,
  checkConsent,
  checkBlocked,
  checkRisk,
];
export const CHECKS = checksTo(resolve);

/** In which form it goes, and for how long it is kept. */
export const FORMING: readonly Step[] = [degrade, standIn];

export interface DecisionContext extends StepContext {
  limits: Reservations;
}

export type Decision =
  ({ verdict: 'forward'; storedBecause?: string | undefined } & Addressed) | (Ended & { event: HubEvent });

/** An event that ends is returned as it came; one that is forwarded as the steps changed it. */
export function decide(event: HubEvent, context: DecisionContext): Decision {
  const checked = through(CHECKS, event, context);
  if (checked.verdict === 'end') return { ...checked, event };
  const refused = reserve(checked.event, checked.limits, context);
  if (refused) return { ...refused, event };
  const formed = through(FORMING, checked.event, context);
  if (formed.verdict === 'end') return { ...formed, event };
  const { storedBecause } = formed;
  return {
    verdict: 'forward',
    ...addressOut(formed.event, event.data.to),
    ...(storedBecause === undefined ? {} : { storedBecause }),
  };
}

export function through(steps: readonly Step[], event: HubEvent, context: StepContext): Passed | Ended {
  let current = event;
  const found: Pick<Passed, 'storedBecause' | 'limits'> = {};
  for (const step of steps) {
    const result = step(current, context);
    if (result.verdict === 'end') return result;
    current = result.event;
    found.storedBecause ??= result.storedBecause;
    found.limits ??= result.limits;
  }
  return { verdict: 'pass', event: current, ...found };
}
