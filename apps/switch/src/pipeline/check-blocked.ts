import { networkOf } from '#protocol';
import { end, pass, type Step } from './step.js';

/** Ends events of senders whom an operator blocks. The sender gets the same code as from a recipient who does not accept them. */
export const checkBlocked: Step = (event, { registry }) => {
  const { from, to } = event.data;
  return registry.isBlocked(from.address, networkOf(to)) ? end('40', 'not accepted') : pass(event);
};
