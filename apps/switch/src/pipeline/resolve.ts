import { networkOf } from '#protocol';
import { end, pass, type Step } from './step.js';

/** Which network the recipient is on. An address names it; the switch never guesses. */
export const resolve: Step = (event, { registry: { members } }) => {
  const destination = networkOf(event.data.to);
  return members.has(destination) ? pass(event) : end('15', `${destination} is not a member`);
};
