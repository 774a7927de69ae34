/** Calls between phones (or the trunk) of this network and the rest of the world. They live in memory, and end with the adapter. */
import type { CallDraft, Hub } from '#adapter-kit';
import type { Clock } from '#adapter-session';
import {
  HubError,
  isSuccess,
  RESULTS,
  RING_MS,
  toHubError,
  type Address,
  type CallEvent,
  type CallSide,
  type EventId,
  type Party,
  type ReportEvent,
} from '#protocol';
import { allDone, LruCache, sleep, type Log } from '#service';
import type { Caller } from '../sip.connection.js';
import { callStatusOf } from '../sip.errors.js';
import { answer, type ReceivedInvite } from '../stack/sip-endpoint.js';
import { identityOf } from '../stack/server-transactions.js';
import { CalleeLeg, type Place } from './callee-leg.js';
import { CallerLeg } from './caller-leg.js';
import type { CallPlaces } from './call-places.js';
import type { CallWords } from './call-words.js';
import { Dialogs } from './dialogs.js';
import { HubCall } from './hub-call.js';
import { ends, type Act, type Leg } from './leg.js';
import { checkedSession, readSession, SDP_TYPE, type Described } from './session-description.js';

export interface CallsOptions {
  hub: Pick<Hub, 'submitCall'>;
  log: Log;
  clock: Clock;
  places: CallPlaces;
  words: CallWords;
  /** Whom a request is for. @throws HubError 14 */
  remote: (uri: string) => Promise<Address | { own: string }>;
  addressOf: (native: string) => Address;
  /** Calls through the trunk at the same time, at most. */
  mostOnTrunk: number;
}

/** How long a stop waits for phones that are hung up on. */
const LAST_WORDS_MS = 1000;
const MOST_CALLS = 2000;
const MOST_OF_ONE = 4;
const MOST_FINISHED = 10_000;

interface Call {
  /** Who of our network takes part. */
  natives: readonly string[];
  onTrunk: boolean;
  /** One, and the hub is the other end; or two neighbours. */
  legs: readonly Leg[];
  hub?: HubCall;
  /** Hears what the first leg does. */
  did: (act: Act) => void;
}

export class Calls {
  readonly dialogs = new Dialogs();
  private readonly calls = new Set<Call>();
  private readonly byId = new Map<EventId, Call>();
  /** Calls whose end has come, and whose invitation may come again. */
  private readonly finished = new LruCache<EventId, true>({ max: MOST_FINISHED });
  /** Events after invitations: nobody reads that one of them did not arrive. */
  private readonly acts = new LruCache<EventId, true>({ max: MOST_FINISHED });
  /** Invitations on the way to the hub: what comes about them may be here before their ids. */
  private readonly submitting = new Set<Promise<unknown>>();
  private isStopping = false;

  constructor(private readonly options: CallsOptions) {}

  get size(): number {
    return this.calls.size;
  }

  /** A phone, or the trunk, calls somebody. */
  async invited(caller: Caller, invite: ReceivedInvite, isTrunk: boolean): Promise<void> {
    const { request } = invite;
    const described = readSession(request);
    if (!described) return invite.respond(answer(request, 488, [['accept', SDP_TYPE]]));
    if (this.isFull([caller.native], isTrunk)) return invite.respond(answer(request, 486));
    const { places, remote, log } = this.options;
    const leg = this.callerLeg(invite, described.session, isTrunk, (act) => this.did(call, act));
    const call: Call = { natives: [caller.native], onTrunk: isTrunk, legs: [leg], did: () => undefined };
    this.calls.add(call);
    try {
      const to = await remote(places.dialled(request, isTrunk));
      if (leg.isOver) return;
      if (typeof to === 'object') await this.callNeighbour(call, leg, caller, to.own, described.session);
      else await this.callAbroad(call, caller, to, described, identityOf(request));
    } catch (thrown) {
      const { code, detail } = toHubError(thrown);
      log.info({ code, reason: detail }, 'a call is refused');
      leg.refuse(callStatusOf(code), isSuccess(code) ? undefined : RESULTS[code].subscriber.zh);
    } finally {
      if (leg.isOver) this.forget(call);
    }
  }

  /**
   * Calls somebody on behalf of the adapter itself, with a session description of its own. @param did hears what they do
   * @throws HubError 14 nobody of that name, 65 too many calls, 68 no phone is there, 91, 92 a number that the trunk does not call
   */
  async callOut(
    from: Party,
    to: Address,
    id: string,
    offer: string,
    did: (act: Act) => void,
  ): Promise<{ hangUp(): void }> {
    const { native, onTrunk, phones } = await this.options.places.of(from, to, id, offer);
    if (phones.length === 0) throw new HubError('68', `no phone of ${native} is registered now`);
    if (this.isFull([native], onTrunk)) throw new HubError('65', `${native} has too many calls`);
    const leg = this.calleeLeg(phones, offer, (act) => this.did(call, act));
    const call: Call = { natives: [native], onTrunk, legs: [leg], did };
    this.calls.add(call);
    try {
      await leg.begin();
    } catch (thrown) {
      this.forget(call);
      throw thrown;
    }
    return { hangUp: () => this.tell(call, { action: 'ended' }) };
  }

  /** The other side of a call did something, or somebody calls. @throws HubError 14, 92 */
  async deliver(event: CallEvent): Promise<void> {
    const { action, from, to } = event.data;
    if (action === 'invite') return this.ring(event);
    await Promise.allSettled(this.submitting);
    const call = event.data.call === undefined ? undefined : this.byId.get(event.data.call);
    if (!call?.hub || call.hub.own.address !== to || !call.hub.isWith(from.address))
      return this.ignore(event, 'no call of these two people');
    const act = actIn(event);
    const [leg] = call.legs;
    if (!act || !leg) {
      call.hub.did({ action: 'ended' });
      return this.tell(call, { action: 'missed' });
    }
    const wasAnswered = leg.isEstablished;
    if (ends(act)) call.hub.over();
    this.tell(call, act);
    if (!wasAnswered) this.options.words.afterwards(call.hub, act, sideOf(leg));
  }

  /** The hub could not deliver an event: if it was an invitation of ours, its caller is told. @returns false: no event of a call */
  failed({ data }: ReportEvent): boolean {
    if (this.acts.has(data.message) || this.finished.has(data.message)) return true;
    const call = this.byId.get(data.message);
    const [leg] = call?.legs ?? [];
    if (!call?.hub || !(leg instanceof CallerLeg) || call.hub.peer !== data.from.address) return false;
    call.hub.over();
    leg.refuse(callStatusOf(data.code), RESULTS[data.code].subscriber.zh);
    this.forget(call);
    return true;
  }

  /** Ends all calls on both sides. */
  async stop(): Promise<void> {
    this.isStopping = true;
    const calls = [...this.calls];
    for (const call of calls) {
      const [leg] = call.legs;
      if (leg) call.did(lastActOf(leg));
      this.tell(call, { action: 'ended' });
    }
    const told = calls.map(async ({ hub }) => hub?.told());
    // Phones that do not answer learn it when their person hangs up.
    const enough = new AbortController();
    const answered = Promise.allSettled(this.dialogs.ending).then(() => enough.abort());
    await allDone([...told, Promise.race([answered, sleep(LAST_WORDS_MS, enough.signal)])]);
  }

  /** @throws HubError when the hub does not take the invitation */
  private async callAbroad(
    call: Call,
    { native, displayName }: Caller,
    to: Address,
    { session, media }: Described,
    id: string,
  ): Promise<void> {
    const own: Party = {
      address: this.options.addressOf(native),
      ...(displayName === undefined ? {} : { displayName }),
    };
    const hub = this.hubCall(own, to, media, id);
    call.hub = hub;
    call.did = (act) => hub.did(act);
    const invited = hub.invite(session);
    this.submitting.add(invited);
    try {
      this.byId.set(await invited, call);
    } finally {
      this.submitting.delete(invited);
    }
  }

  /** Somebody of this network: the two ends are joined here. @throws HubError 14, 91 */
  private async callNeighbour(
    call: Call,
    callerLeg: CallerLeg,
    caller: Caller,
    native: string,
    session: string,
  ): Promise<void> {
    const { places, words } = this.options;
    const found = places.ofNeighbour(caller, native, session);
    if (this.isFull([native], false)) throw new HubError('65', `${native} has too many calls`);
    call.natives = [caller.native, native];
    const leg = this.calleeLeg(found, session, (act) => {
      callerLeg.tell(act);
      if (act.action === 'missed') words.neighbourMissed(caller, native);
      if (ends(act)) this.forget(call);
    });
    call.legs = [callerLeg, leg];
    call.did = (act) => {
      leg.tell(act);
      if (act.action === 'cancelled') words.neighbourMissed(caller, native);
    };
    await leg.begin();
  }

  /** @throws HubError 14 nobody of that name, 92 a number that the trunk does not call */
  private async ring(event: CallEvent): Promise<void> {
    const { id, time } = event;
    const { from, to, media, session } = event.data;
    const { words, places, log } = this.options;
    if (this.byId.has(id) || this.finished.has(id)) return this.ignore(event, 'the call is known already');
    const offer = session === undefined ? undefined : checkedSession(session)?.session;
    if (offer === undefined) return words.withoutSound(event);
    const { native, onTrunk, phones } = await places.of(from, to, id, offer);
    const hub = this.hubCall({ address: to }, from.address, media, id);
    hub.id = id;
    const did = (act: Act): void => {
      hub.did(act);
      if (act.action === 'missed') words.afterwards(hub, act, 'callee');
    };
    const isLate = Date.now() - Date.parse(time) > RING_MS;
    if (isLate || phones.length === 0 || this.isFull([native], onTrunk)) {
      this.finished.set(id, true);
      return did({ action: 'missed' });
    }
    const leg = this.calleeLeg(phones, offer, (act) => this.did(call, act));
    const call: Call = { natives: [native], onTrunk, legs: [leg], hub, did };
    this.calls.add(call);
    this.byId.set(id, call);
    try {
      await leg.begin();
    } catch (thrown) {
      log.info({ reason: toHubError(thrown).detail }, 'no phone rings');
      this.did(call, { action: 'missed' });
    }
  }

  private callerLeg(
    invite: ReceivedInvite,
    offer: string,
    isTrunk: boolean,
    did: (act: Act) => void,
  ): CallerLeg {
    const { clock, log, places } = this.options;
    const back = places.backTo(invite.flow, isTrunk);
    return new CallerLeg({ invite, offer, ...back, dialogs: this.dialogs, clock, log, did });
  }

  private calleeLeg(places: readonly Place[], offer: string, did: (act: Act) => void): CalleeLeg {
    const { clock, log } = this.options;
    return new CalleeLeg({ places, offer, dialogs: this.dialogs, clock, log, did });
  }

  private did(call: Call, act: Act): void {
    call.did(act);
    if (ends(act)) this.forget(call);
  }

  private tell(call: Call, act: Act): void {
    for (const leg of call.legs) leg.tell(act);
    if (ends(act) || call.legs.every(({ isOver }) => isOver)) this.forget(call);
  }

  private forget(call: Call): void {
    this.calls.delete(call);
    const id = call.hub?.id;
    if (id === undefined) return;
    this.byId.delete(id);
    this.finished.set(id, true);
  }

  private hubCall(own: Party, peer: Address, media: CallEvent['data']['media'], native: string): HubCall {
    const { hub, log } = this.options;
    const submitted = (id: EventId): void => {
      this.acts.set(id, true);
    };
    const submit = (draft: CallDraft) => hub.submitCall(draft);
    return new HubCall({ submit, submitted, log, own, peer, media, native });
  }

  private isFull(natives: readonly string[], onTrunk: boolean): boolean {
    if (this.isStopping || this.calls.size >= MOST_CALLS) return true;
    let [ofOne, ofTrunk] = [0, 0];
    for (const call of this.calls) {
      if (call.natives.some((native) => natives.includes(native))) ofOne++;
      if (call.onTrunk) ofTrunk++;
    }
    return ofOne >= MOST_OF_ONE || (onTrunk && ofTrunk >= this.options.mostOnTrunk);
  }

  private ignore({ id, data }: CallEvent, why: string): void {
    this.options.log.info(
      { event: id, call: data.call, action: data.action, why },
      'a call event is ignored',
    );
  }
}

/** @returns undefined: an acceptance without a description that a phone can have */
function actIn({ data }: CallEvent): Act | undefined {
  const { action, session } = data;
  if (action === 'invite') return undefined;
  if (action !== 'accepted') return { action };
  const accepted = session === undefined ? undefined : checkedSession(session);
  return accepted && { action, session: accepted.session };
}

function sideOf(leg: Leg): CallSide {
  return leg instanceof CallerLeg ? 'caller' : 'callee';
}

/** How a call ends whose adapter stops. */
function lastActOf(leg: Leg): Act {
  if (leg.isEstablished) return { action: 'ended' };
  return { action: sideOf(leg) === 'caller' ? 'cancelled' : 'missed' };
}
