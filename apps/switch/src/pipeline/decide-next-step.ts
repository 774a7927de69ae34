/**
 * The path of a message to a number on the next step of its ladder: the network before certainly did not deliver it. The event is
 * read from the stream of its sender's network, which also holds what was refused, so its source is checked again. It is not
 * counted again against the limits of its sender.
 */
import { numberOf, type HubEvent, type Network } from '#protocol';
import { addressOut } from './address-out.js';
import { checksTo, FORMING, through, type Decision } from './decide.js';
import { rungAfter } from './ladder.js';
import { redirected, within } from './resolve.js';
import { end, type Step, type StepContext } from './step.js';

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
  const formed = through([...checksTo(toNext(tried)), ...FORMING], event, context);
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
