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
import { firstRung, type Rung } from './ladder.js';
import type { RegistryIndex } from '../registry/registry-index.js';
import { end, pass, type Ended, type Passed, type Step, type StepContext } from './step.js';

/** Finds the network of the recipient: an address names it, a number has a route. */
export const resolve: Step = (event, context) => {
  const { registry } = context;
  const { to } = event.data;
  if (isTel(to)) return byNumber(event, context);
  const destination = networkOf(to);
  if (registry.members.has(destination)) return pass(unresolved(event));
  const known = registry.networkOfDomain(destination);
  if (!known || !registry.members.has(known)) return end('15', `${destination} is not a member`);
  return redirected(event, { address: addressOf(known, nativeOf(to)), by: 'domain' }, registry);
};

function byNumber(event: HubEvent, context: StepContext): Passed | Ended {
  const { registry, source, now } = context;
  const number = numberOf(event.data.to);
  if (!number) return end('92', 'not a telephone number: + and 7 to 15 digits');
  const rung = firstRung(event, number, context);
  if (!rung) return end('92', 'nobody is known under this number, and no network has it');
  if (networkOf(rung.address) === source) return end('92', `the number is on ${source} itself`);
  return redirected(within(event, rung, now), rung, registry);
}

/** After its time the network no longer takes the message, so that it never goes two ways. */
export function within(event: HubEvent, { withinMs }: Rung, now: Date): HubEvent {
  if (withinMs === undefined) return event;
  const until = new Date(now.getTime() + withinMs).toISOString();
  const own = 'expirytime' in event ? event.expirytime : undefined;
  return own !== undefined && Date.parse(own) <= Date.parse(until) ? event : { ...event, expirytime: until };
}

/** Replaces the recipient by the address that was found, and the conversation by the one with that address. */
export function redirected(
  event: HubEvent,
  { address, by }: { address: Address; by: ResolvedBy },
  registry: RegistryIndex,
): Passed | Ended {
  const to = registry.canonical.orSame(address);
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
