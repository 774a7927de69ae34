import { isEphemeral, type EventId, type Network } from '#protocol';
import { end, pass, type Step } from './step.js';

/**
 * The quick half of promise 3: what this instance decided lately. The lasting half is the id under which an event is
 * stored for its destination; the stream itself refuses a second one for a week, across restarts and instances.
 */
export const deduplicate: Step = (event, { source, seen }) => {
  if (!isEphemeral(event) && seen.has(seenKey(source, event.id))) return end('94', 'decided before');
  return pass(event);
};

/** With its network: ids are no secret, and another must not be able to use one up. */
export function seenKey(source: Network, id: EventId): string {
  return `${source} ${id}`;
}
