import {
  networksIn,
  addressOf,
  isTel,
  nativeOf,
  networkOf,
  numberOf,
  subjectWith,
  type Address,
  type HubEvent,
  type ResolvedBy,
} from '#protocol';
import { addressOfNumber, smsInstead } from './number.js';
import type { RegistryIndex } from '../registry/registry-index.js';
import { end, pass, type Ended, type Passed, type Step, type StepContext } from './step.js';

/** How long a network may take for a message that goes as SMS otherwise. */
const NETWORK_FIRST_MS = 30_000;

/** Finds the network of the recipient: an address names it, a number has a route. */
export const resolve: Step = (event, context) => {
  const { registry } = context;
  const { to } = event.data;
  if (isTel(to)) return byNumber(event, context);
  const destination = networkOf(to);
  if (registry.members.has(destination)) return pass(unresolved(event));
  const known = registry.networkOfDomain(destination);
  if (!known || !registry.members.has(known)) return end('15', `${destination} is not a member`);
  return redirected(event, addressOf(known, nativeOf(to)), 'domain', registry);
};

function byNumber(event: HubEvent, context: StepContext): Passed | Ended {
  const { registry, entry, absences, source, now } = context;
  const number = numberOf(event.data.to);
  if (!number) return end('92', 'not a telephone number: + and 7 to 15 digits');
  const isCall = event.type === 'im.hutong.call.v1';
  const found = addressOfNumber(number, entry, registry, { source, now, isCall });
  if (!found) return end('92', 'nobody is known under this number, and no network has it');
  if (networkOf(found.address) === source) return end('92', `the number is on ${source} itself`);
  const sms = smsInstead(found, event, number, context);
  if (!sms) return redirected(event, found.address, found.by, registry);
  if (absences.of(networkOf(found.address))) return redirected(event, sms.address, sms.by, registry);
  return redirected(within(event, NETWORK_FIRST_MS, now), found.address, found.by, registry);
}

/** After this time the network no longer takes the message, so that it never goes both ways. */
function within(event: HubEvent, ms: number, now: Date): HubEvent {
  const until = new Date(now.getTime() + ms).toISOString();
  const own = 'expirytime' in event ? event.expirytime : undefined;
  return own !== undefined && Date.parse(own) <= Date.parse(until) ? event : { ...event, expirytime: until };
}

/** Replaces the recipient by the address that was found, and the conversation by the one with that address. */
export function redirected(
  event: HubEvent,
  found: Address,
  by: ResolvedBy,
  registry: RegistryIndex,
): Passed | Ended {
  const to = registry.canonical.orSame(found);
  if (networksIn(event.path).includes(networkOf(to))) return end('71', `${networkOf(to)} was passed already`);
  const from = event.data.from.address;
  return pass({
    ...event,
    subject: subjectWith(event, from, to),
    resolvedby: by,
    data: { ...event.data, to },
  } as HubEvent);
}

/** `resolvedby` is written by the switch only; a value from a network is removed. */
function unresolved(event: HubEvent): HubEvent {
  return event.resolvedby === undefined ? event : { ...event, resolvedby: undefined };
}
