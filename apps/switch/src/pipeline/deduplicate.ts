import { isEphemeral, type EventId, type Network } from '#protocol';
import { end, pass, type Step } from './step.js';

/**
 * Refuses an event that this instance decided recently. This only saves work: the stream itself refuses a second event with
 * the same store id for a week, across restarts and instances (promise 3).
 */
export const deduplicate: Step = (event, { source, seen }) => {
  if (!isEphemeral(event) && seen.has(seenKey(source, event.id))) return end('94', 'decided before');
  return pass(event);
};

/** Contains the network: ids are not secret, and another network must not be able to use one up. */
export function seenKey(source: Network, id: EventId): string {
  return `${source} ${id}`;
}
