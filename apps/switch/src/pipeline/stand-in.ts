import {
  isEphemeral,
  kindOf,
  networkOf,
  StandIn,
  trafficOf,
  type DurableEvent,
  type HubEvent,
} from '#protocol';
import { end, pass, type Step } from './step.js';

const HOUR_MS = 3600_000;
const DEFAULT_POLICY = StandIn.parse({});

/**
 * Stand-in for a network that is away (docs/stand-in-and-risk.md): events that its policy allows are stored until the network
 * is back, at most as long as the policy says; typing and presence never are. The switch stands in for networks, not for
 * subscribers who are offline: their network stores for them. Whether a person can be written to now is known to the adapter
 * only, so a message that may wait for their reply window is marked for it.
 */
export const standIn: Step = (event, { registry, absences, now }) => {
  const to = networkOf(event.data.to);
  const policy = registry.members.get(to)?.standIn ?? DEFAULT_POLICY;
  const absence = absences.of(to);
  if (!absence) return pass(isEphemeral(event) ? event : keptFor(event, longest(now), policy));
  const away = `${to} is away: ${absence.reason} since ${absence.since}`;
  if (isEphemeral(event)) return end('91', away);
  const { hours, messages, classes } = policy;
  if (hours === 0) return end('91', `${away}; nothing is kept for it`);
  const wanted = trafficOf(event)?.class;
  if (wanted && classes && !classes.includes(wanted))
    return end('91', `${away}; no ${wanted} is kept for it`);
  if (absences.waiting(to) >= messages)
    return end('91', `${away}; ${messages} messages wait for it already, and no more are kept`);
  const kept = keptFor(event, new Date(now.getTime() + hours * HOUR_MS), policy);
  return {
    ...pass(kept),
    storedBecause: isReported(event) ? `${away}; kept until ${kept.expirytime}` : undefined,
  };
};

/** Every event has an expiry time, so that one that is never delivered ends with a report. */
function longest(now: Date): Date {
  return new Date(now.getTime() + DEFAULT_POLICY.hours * HOUR_MS);
}

/** Keeps the event's own expiry time if it is sooner. `standin` is written here only; a value from a network is removed. */
function keptFor(
  { standin: _foreign, ...event }: DurableEvent,
  until: Date,
  { closedWindow }: StandIn,
): DurableEvent & { expirytime: string } {
  const own = event.expirytime;
  const expirytime = own !== undefined && Date.parse(own) <= until.getTime() ? own : until.toISOString();
  const mayWait = closedWindow === 'when-window-opens' && kindOf(event) === 'message';
  return { ...event, expirytime, ...(mayWait ? { standin: closedWindow } : {}) };
}

/** A receipt is stored without an outcome of its own. */
function isReported(event: HubEvent): boolean {
  return kindOf(event) !== 'receipt';
}
