/**
 * The path of a message to a number for the second time: the network of the number did not take it, and it goes as SMS. The event is
 * read from the stream of its network, which also holds what was refused, so its source is checked again. It is not counted again
 * against the limits of its sender.
 */
import { networkOf, numberOf, type HubEvent, type Network } from '#protocol';
import { addressOut } from './address-out.js';
import { authenticateSource } from './authenticate-source.js';
import { canonicalise } from './canonicalise.js';
import { checkAgreement } from './check-agreement.js';
import { checkBlocked } from './check-blocked.js';
import { checkConsent } from './check-consent.js';
import { checkRisk } from './check-risk.js';
import { FORMING, through, type Decision } from './decide.js';
import { addressOfNumber, smsInstead } from './number.js';
import { redirected } from './resolve.js';
import { end, type Step, type StepContext } from './step.js';
import { stopLoops } from './stop-loops.js';

/** @param tried the network that did not take it: it must have the number */
const toSms =
  (tried: Network): Step =>
  (event, context) => {
    const { registry, entry, source, now } = context;
    const number = numberOf(event.data.to);
    const found = number && addressOfNumber(number, entry, registry, { source, now });
    if (!number || !found || networkOf(found.address) !== tried)
      return end('92', `${tried} does not have this number`);
    const sms = smsInstead(found, event, number, context);
    return sms ? redirected(event, sms.address, sms.by, registry) : end('92', 'no SMS to this number');
  };

/** @param event as its network published it */
export function decideAsSms(event: HubEvent, tried: Network, context: StepContext): Decision {
  const steps = [
    authenticateSource,
    canonicalise,
    stopLoops,
    toSms(tried),
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
    // The message was stored once already, for the network of the number.
    storeId: `${addressed.storeId}:sms`,
    ...(storedBecause === undefined ? {} : { storedBecause }),
  };
}
