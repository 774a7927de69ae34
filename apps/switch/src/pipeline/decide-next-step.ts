/**
 * The path of a message to a number on the next step of its ladder: the network before certainly did not deliver it. The event is
 * read from the stream of its sender's network, which also holds what was refused, so its source is checked again. It is not
 * counted again against the limits of its sender.
 */
import { numberOf, type HubEvent, type Network } from '#protocol';
import { addressOut } from './address-out.js';
import { authenticateSource } from './authenticate-source.js';
import { canonicalise } from './canonicalise.js';
import { checkAgreement } from './check-agreement.js';
import { checkBlocked } from './check-blocked.js';
import { checkConsent } from './check-consent.js';
import { checkRisk } from './check-risk.js';
import { FORMING, through, type Decision } from './decide.js';
import { rungAfter } from './ladder.js';
import { redirected, within } from './resolve.js';
import { end, type Step, type StepContext } from './step.js';
import { stopLoops } from './stop-loops.js';

/** @param tried the network that failed: it must be on the ladder of the number */
const toNext =
  (tried: Network): Step =>
  (event, context) => {
    const number = numberOf(event.data.to);
    const rung = number && rungAfter(tried, event, number, context);
    if (!rung) return end('92', `nothing comes after ${tried} on the ladder of this number`);
    return redirected(within(event, rung, context.now), rung, context.registry);
  };

/** @param event as its network published it */
export function decideNextStep(event: HubEvent, tried: Network, context: StepContext): Decision {
  const steps = [
    authenticateSource,
    canonicalise,
    stopLoops,
    toNext(tried),
    checkAgreement,
    checkConsent,
    checkBlocked,
    checkRisk,
    ...FORMING,
  ];
  const formed = through(steps, event, context);
  if (formed.verdict === 'end') return { ...formed, event };
  const { storedBecause } = formed;
  const addressed = addressOut(formed.event, event.data.to);
  return {
    verdict: 'forward',
    ...addressed,
    // The message was stored before, for another network.
    storeId: `${addressed.storeId}:${addressed.event.resolvedby}`,
    ...(storedBecause === undefined ? {} : { storedBecause }),
  };
}
