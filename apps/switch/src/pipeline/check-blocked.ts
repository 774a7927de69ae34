import { networkOf } from '#protocol';
import { end, pass, type Step } from './step.js';

/** Whom an operator does not let through. Whoever is blocked cannot tell it from a person who does not want him. */
export const checkBlocked: Step = (event, { registry }) => {
  const { from, to } = event.data;
  return registry.isBlocked(from.address, networkOf(to)) ? end('40', 'not accepted') : pass(event);
};
