import { mayReach } from '#protocol';
import { end, pass, type Step } from './step.js';

/** Ends what the recipient has blocked, or does not accept from remote networks. The sender does not learn which of the two. */
export const checkConsent: Step = (event, { consents }) =>
  mayReach(consents.get(event.data.to), event.data.from.address)
    ? pass(event)
    : end('40', 'the recipient does not accept this');
