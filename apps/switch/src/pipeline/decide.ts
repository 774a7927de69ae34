/** The path of an event through the switch, top to bottom (design §3). Pure, but for what `limits` counts. */
import type { HubEvent } from '#protocol';
import { addressOut, type Addressed } from './address-out.js';
import { authenticateSource } from './authenticate-source.js';
import { canonicalise } from './canonicalise.js';
import { checkAgreement } from './check-agreement.js';
import { checkConsent } from './check-consent.js';
import { checkBlocked } from './check-blocked.js';
import { checkLimits } from './check-limits.js';
import { deduplicate } from './deduplicate.js';
import { degrade } from './degrade.js';
import { resolve } from './resolve.js';
import type { Ended, Step, StepContext } from './step.js';
import { standIn } from './stand-in.js';
import { stopLoops } from './stop-loops.js';

export const PIPELINE: readonly Step[] = [
  authenticateSource,
  canonicalise,
  deduplicate,
  stopLoops,
  resolve,
  checkAgreement,
  checkConsent,
  checkBlocked,
  checkLimits,
  degrade,
  standIn,
];

export type Decision =
  ({ verdict: 'forward'; stored?: string | undefined } & Addressed) | (Ended & { event: HubEvent });

export function decide(event: HubEvent, context: StepContext): Decision {
  let current = event;
  let stored: string | undefined;
  for (const step of PIPELINE) {
    const outcome = step(current, context);
    if (outcome.verdict === 'end') return { ...outcome, event };
    current = outcome.event;
    stored ??= outcome.stored;
  }
  return {
    verdict: 'forward',
    ...addressOut(current, event.data.to),
    ...(stored === undefined ? {} : { stored }),
  };
}
