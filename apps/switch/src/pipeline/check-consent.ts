import { mayReach } from '#protocol';
import { end, pass, type Step } from './step.js';

/** What the recipient has blocked, or does not want from abroad, never crosses; which of the two, nobody learns. */
export const checkConsent: Step = (event, { consents }) =>
  mayReach(consents.get(event.data.to), event.data.from.address)
    ? pass(event)
    : end('40', 'the recipient does not accept this');
