/**
 * An adapter asks whether a foreign subscriber exists; the switch asks the adapter of that subscriber's network. Of a
 * number it says the address only, and only one that the asking network may reach: somebody who does not want to be
 * found or reached looks, to the last byte, like somebody who does not exist.
 */
import { answer, ask, type BusConnection, type MediaGrants } from '#bus';
import {
  ANY,
  HubError,
  isTel,
  mayReach,
  networkInSubject,
  networkOf,
  numberOf,
  refusalOf,
  ResolveReply,
  ResolveRequest,
  subjects,
  toHubError,
  type Address,
  type CanonicalAddresses,
  type Member,
  type Network,
} from '#protocol';
import { Allowance } from './allowance.js';
import { addressOfNumber } from './pipeline/number.js';
import { isOpen, mayMeet } from './registry-index.js';
import type { Knowledge } from './knowledge.js';

const ANSWER_MS = 4000;
const NOBODY: ResolveReply = { code: '14' };

/** @param perMinute enough for people who look friends up; far too few to go through a country's numbers */
export async function serveResolve(
  link: BusConnection,
  knowledge: Knowledge,
  grants: MediaGrants,
  perMinute: number,
): Promise<void> {
  const allowance = new Allowance(perMinute, 60_000);
  await answer(
    link,
    subjects.control('resolve', ANY),
    async (body, subject): Promise<ResolveReply> => {
      const request = ResolveRequest.safeParse(body);
      if (!request.success) return { code: '30', detail: request.error.issues[0]?.message ?? 'malformed' };
      // Throws 30, which is the answer.
      const asked = canonicalRequest(request.data, knowledge.registry.current.canonical);
      const [now, asker] = [new Date(), networkInSubject(subject)];
      const { registry, consents } = knowledge;
      if (!isOpen(registry.current.members.get(asker), now)) return { code: '36' };
      if (!consents.known) return { code: '91', detail: 'no consents yet' };
      const { address, from } = asked;
      if (from && networkOf(from) !== asker) return { code: '31', detail: `${asker} asked for another` };
      const isNumber = isTel(address) || idsAreNumbers(registry.current.members.get(networkOf(address)));
      if (isNumber && !allowance.take(asker, now.getTime()))
        return { code: '65', detail: `more than ${perMinute} numbers a minute` };
      if (!isTel(address)) {
        const reply = await existence(link, knowledge, asker, asked);
        return reply.party ? { ...reply, party: grants.grantedParty(reply.party, asker) } : reply;
      }
      return whoHas(link, knowledge, address, asker, from);
    },
    (error): ResolveReply => ({ code: toHubError(error).code, detail: toHubError(error).detail }),
  );
}

async function existence(
  link: BusConnection,
  { registry, consents }: Knowledge,
  asker: Network,
  request: ResolveRequest,
): Promise<ResolveReply> {
  const destination = networkOf(request.address);
  const member = registry.current.members.get(destination);
  if (!member) return { code: '15', detail: `${destination} is not a member` };
  if (!isOpen(member, new Date())) return { code: '91', detail: `${destination} is ${member.status}` };
  const own = registry.current.members.get(asker);
  if (!own || !mayMeet(own, member))
    return { code: '57', detail: `${asker} and ${destination} do not meet before both are certified` };
  if (request.from && !mayReach(consents.get(request.address), request.from)) return NOBODY;
  const reply = await ask(link, subjects.ask('resolve', destination), request, ResolveReply, ANSWER_MS);
  return withCanonicalParty(reply, registry.current.canonical);
}

function canonicalRequest({ address, from }: ResolveRequest, canonical: CanonicalAddresses): ResolveRequest {
  return { address: canonical.of(address), ...(from === undefined ? {} : { from: canonical.of(from) }) };
}

/** Whoever asked goes on with the address in the answer. */
function withCanonicalParty(reply: ResolveReply, canonical: CanonicalAddresses): ResolveReply {
  const { party } = reply;
  return party ? { ...reply, party: { ...party, address: canonical.orSame(party.address) } } : reply;
}

async function whoHas(
  link: BusConnection,
  { registry, consents, directory }: Knowledge,
  tel: Address,
  asker: Network,
  from: Address | undefined,
): Promise<ResolveReply> {
  const number = numberOf(tel);
  if (!number) return { code: '30', detail: 'a number is + and 7 to 15 digits' };
  const entry = directory.known(number) ?? (await directory.find(number));
  const now = new Date();
  const located = addressOfNumber(number, entry, registry.current, { source: asker, now });
  const found = located && {
    ...located,
    address: registry.current.canonical.orSame(located.address),
  };
  const [own, other] = [asker, found && networkOf(found.address)].map(
    (slug) => slug && registry.current.members.get(slug),
  );
  if (!found || !own || !isOpen(other, now) || !mayMeet(own, other)) return NOBODY;
  const { agreements, phase } = registry.current;
  const pair = { from: asker, to: other.network };
  if (refusalOf(agreements, phase, pair, undefined, now) !== undefined) return NOBODY;
  const consent = consents.get(found.address);
  // Without an asker in person, only those who are open to all are named.
  if (from ? !mayReach(consent, from) : consent !== undefined && consent.reach !== 'all') return NOBODY;
  // That SMS can be sent to a number says nothing of any person.
  if (found.by === 'sms') return NOBODY;
  if (found.by === 'own' && !(await exists(link, found.address))) return NOBODY;
  return { code: '00', party: { address: found.address } };
}

/** Where ids are telephone numbers, to ask for one is to ask for the other. */
function idsAreNumbers(member: Member | undefined): boolean {
  return member?.capabilities?.numbersWithout !== undefined;
}

/** The number has its network; whether a person has the number, only that network knows. */
async function exists(link: BusConnection, address: Address): Promise<boolean> {
  try {
    const subject = subjects.ask('resolve', networkOf(address));
    return (await ask(link, subject, { address }, ResolveReply, ANSWER_MS)).code === '00';
  } catch (error) {
    // Its network does not answer, or answers with what is no answer: nobody can be found there now.
    if (error instanceof HubError) return false;
    throw error;
  }
}
