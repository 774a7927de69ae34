/**
 * An adapter asks whether a remote subscriber exists; the switch asks the adapter of that subscriber's network. Of a
 * number the reply says the address only, and only one that the asking network may reach: a person who does not want to be
 * found or reached looks, to the last byte, like a person who does not exist.
 */
import { Inject, Injectable } from '@nestjs/common';
import { ask, BusConnection, MediaGrants } from '#bus';
import {
  certificationRefusal,
  HubError,
  isTel,
  mayReach,
  networkOf,
  numberOf,
  refusalOf,
  requests,
  type Address,
  type CanonicalAddresses,
  type Member,
  type Network,
  type ResolveAnswer,
  type ResolveRequest,
} from '#protocol';
import { SETTINGS } from '#service';
import { addressOfNumber } from '../pipeline/number.js';
import { LocalViews } from '../registry/local-views.js';
import { isOpen, mayMeet } from '../registry/registry-index.js';
import type { SwitchSettings } from '../switch.config.js';
import { WindowLimiter } from './window-limiter.js';

const MINUTE_MS = 60_000;
/** How long the adapter of the subscriber's network may take. */
const ANSWER_MS = 4000;
const NOBODY: ResolveAnswer = { code: '14' };

@Injectable()
export class ResolveService {
  /** Enough for people who look friends up; far too few to go through a country's numbers. */
  private readonly perMinute: number;
  private readonly limiter: WindowLimiter;

  constructor(
    private readonly link: BusConnection,
    private readonly views: LocalViews,
    private readonly grants: MediaGrants,
    @Inject(SETTINGS) settings: SwitchSettings,
  ) {
    this.perMinute = settings.RESOLVE_PER_MINUTE;
    this.limiter = new WindowLimiter(this.perMinute, MINUTE_MS);
  }

  /**
   * @param asker the network that asks; the subject of the request names it
   * @throws HubError 15, 30, 31, 36, 57, 65, 91: there is no answer
   */
  async resolve(request: ResolveRequest, asker: Network): Promise<ResolveAnswer> {
    const { registry, consents } = this.views;
    const asked = canonicalRequest(request, registry.current.canonical);
    const now = new Date();
    if (!isOpen(registry.current.members.get(asker), now))
      throw new HubError('36', `${asker} is not live and cannot look people up`);
    if (!consents.known) throw new HubError('91', 'the switch has not read the consents yet: ask again');
    const { address, from } = asked;
    if (from && networkOf(from) !== asker)
      throw new HubError('31', `from: ${asker} asked for a person of ${networkOf(from)}`);
    const isNumber = isTel(address) || idsAreNumbers(registry.current.members.get(networkOf(address)));
    if (isNumber && !this.limiter.take(asker, now.getTime()))
      throw new HubError('65', `more than ${this.perMinute} numbers a minute: ask again in a minute`);
    if (isTel(address)) return this.subscriberOf(address, asker, from);
    const reply = await this.existence(asker, asked);
    return reply.party ? { ...reply, party: this.grants.grantedParty(reply.party, asker) } : reply;
  }

  private async existence(asker: Network, request: ResolveRequest): Promise<ResolveAnswer> {
    const { registry, consents } = this.views;
    const destination = networkOf(request.address);
    const member = registry.current.members.get(destination);
    if (!member) throw new HubError('15', `${destination} is not a member`);
    if (!isOpen(member, new Date())) throw new HubError('91', `${destination} is ${member.status}`);
    const own = registry.current.members.get(asker);
    const uncertified = own ? certificationRefusal(own, member, undefined) : `${asker} is not a member`;
    if (uncertified !== undefined) throw new HubError('57', uncertified);
    if (request.from && !mayReach(consents.get(request.address), request.from)) return NOBODY;
    const reply = await this.askAdapter(request);
    return withCanonicalParty(reply, registry.current.canonical);
  }

  private async subscriberOf(
    tel: Address,
    asker: Network,
    from: Address | undefined,
  ): Promise<ResolveAnswer> {
    const { registry, consents, directory } = this.views;
    const number = numberOf(tel);
    if (!number) throw new HubError('30', 'address: a number is + and 7 to 15 digits');
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
    // A request that names no person is answered only with subscribers who are open to all.
    if (from ? !mayReach(consent, from) : consent !== undefined && consent.reach !== 'all') return NOBODY;
    // That SMS can be sent to a number says nothing of any person.
    if (found.by === 'sms') return NOBODY;
    if (found.by === 'own' && !(await this.exists(found.address))) return NOBODY;
    return { code: '00', party: { address: found.address } };
  }

  /** A prefix route names the network of a number; whether a person has the number, only that network knows. */
  private async exists(address: Address): Promise<boolean> {
    try {
      return (await this.askAdapter({ address })).code === '00';
    } catch (error) {
      // The network does not reply, or replies with something that is not of the schema: nobody can be found there now.
      if (error instanceof HubError) return false;
      throw error;
    }
  }

  private askAdapter(request: ResolveRequest): Promise<ResolveAnswer> {
    return ask(this.link, requests.askResolve(networkOf(request.address)), request, ANSWER_MS);
  }
}

function canonicalRequest({ address, from }: ResolveRequest, canonical: CanonicalAddresses): ResolveRequest {
  return { address: canonical.of(address), ...(from === undefined ? {} : { from: canonical.of(from) }) };
}

/** The asking network uses the address of the reply from then on, so it must be canonical. */
function withCanonicalParty(reply: ResolveAnswer, canonical: CanonicalAddresses): ResolveAnswer {
  const { party } = reply;
  return party ? { ...reply, party: { ...party, address: canonical.orSame(party.address) } } : reply;
}

/** Where ids are telephone numbers, to ask for one is to ask for the other. */
function idsAreNumbers(member: Member | undefined): boolean {
  return member?.capabilities?.numbersWithout !== undefined;
}
