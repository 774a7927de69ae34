/** Calls between phones (or the trunk) of this network and the rest of the world. They end with the adapter. */
import {
  HubError,
  networkOf,
  RESULTS,
  RING_MS,
  toHubError,
  type Address,
  type CallEvent,
  type Party,
  type ReportEvent,
} from '#protocol';
import { allDone, sleep } from '#service';
import type { Caller } from '../sip.connection.js';
import { callStatusOf } from '../sip.errors.js';
import { type ReceivedInvite } from '../stack/sip-endpoint.js';
import { Callbacks } from './callback.js';
import type { CalleeLeg } from './callee-leg.js';
import { CallState, type CallsOptions } from './call-state.js';
import type { Dialogs } from './dialogs.js';
import type { Pressed } from './established.js';
import { ends, type Act, type CallingLeg, type Did, type Leg } from './leg.js';
import type { Call } from './open-calls.js';
import { PhoneCalls } from './phone-calls.js';
import { checkedSession } from './session-description.js';

/** How long a stop waits for phones that are hung up on. */
const LAST_WORDS_MS = 1000;

export class Calls {
  private readonly state: CallState;
  private readonly ofPhones: PhoneCalls;
  private readonly callbacks: Callbacks;

  constructor(private readonly options: CallsOptions) {
    this.state = new CallState(options);
    this.ofPhones = new PhoneCalls(this.state);
    this.callbacks = new Callbacks(this.state, this.ofPhones);
  }

  get size(): number {
    return this.state.open.size;
  }

  get dialogs(): Dialogs {
    return this.state.dialogs;
  }

  /** A phone, or the trunk, calls somebody. */
  invited(caller: Caller, invite: ReceivedInvite, isTrunk: boolean): Promise<void> {
    const { callback } = this.options;
    return callback(isTrunk)
      ? this.callbacks.begin(caller, invite, isTrunk)
      : this.ofPhones.begin(caller, invite, isTrunk);
  }

  /**
   * Calls somebody on behalf of the adapter itself, with a session description of its own. @param did hears what they do @param pressed hears keys that come as INFO
   * @throws HubError 14 nobody of that name, 65 too many calls, 68 no phone is there, 91, 92 a number that the trunk does not call
   */
  async callOut(
    from: Party,
    to: Address,
    id: string,
    offer: string,
    did: Did,
    pressed: Pressed,
  ): Promise<{ hangUp(): void }> {
    const { native, onTrunk, phones } = await this.options.places.of(from, to, id, offer);
    if (phones.length === 0) throw new HubError('68', `no phone of ${native} is registered now`);
    if (this.state.open.isFull(native, onTrunk)) throw new HubError('65', `${native} has too many calls`);
    const leg = this.state.calleeLeg(phones, offer, (act) => this.state.did(call, act), pressed);
    const call: Call = { natives: [native], onTrunk, legs: [leg], did };
    this.state.open.add(call);
    try {
      await leg.begin();
    } catch (thrown) {
      this.state.open.forget(call);
      throw thrown;
    }
    return { hangUp: () => this.state.tell(call, { action: 'ended' }) };
  }

  /** The other side of a call did something, or somebody calls. @throws HubError 14, 92 */
  async deliver(event: CallEvent): Promise<void> {
    const { action, from, to } = event.data;
    if (action === 'invite') return this.ring(event);
    await Promise.allSettled(this.state.submitting);
    const call = event.data.call === undefined ? undefined : this.state.open.of(event.data.call);
    if (!call?.hub?.isBetween(from.address, to)) return this.ignore(event, 'no call of these two people');
    const act = actIn(event);
    const [leg] = call.legs;
    if (!act || !leg) {
      call.hub.did({ action: 'ended' });
      return this.state.tell(call, { action: 'missed' });
    }
    const wasAnswered = leg.isEstablished;
    if (ends(act)) call.hub.over();
    this.state.tell(call, act);
    if (act.action === 'accepted') await call.hub.accepted();
    if (!wasAnswered) this.options.words.afterwards(call.hub, act, leg.side);
  }

  /** The hub could not deliver an event: if it was an invitation of ours, its caller is told. @returns false: no event of a call */
  failed({ data }: ReportEvent): boolean {
    if (this.state.acts.has(data.message) || this.state.open.wasFinished(data.message)) return true;
    const call = this.state.open.of(data.message);
    const [leg] = call?.legs ?? [];
    if (!call?.hub || !isCalling(leg) || call.hub.peer !== data.from.address) return false;
    call.hub.over();
    leg.refuse(callStatusOf(data.code), RESULTS[data.code].subscriber.zh);
    this.state.open.forget(call);
    return leg.showsWhy;
  }

  /** Ends all calls on both sides. */
  async stop(): Promise<void> {
    this.state.open.isClosed = true;
    const calls = this.state.open.all;
    for (const call of calls) {
      const [leg] = call.legs;
      if (leg) call.did(lastActOf(leg));
      this.state.tell(call, { action: 'ended' });
    }
    const told = calls.map(async ({ hub }) => hub?.told());
    // Phones that do not answer learn it when their person hangs up.
    const enough = new AbortController();
    const answered = Promise.allSettled(this.state.dialogs.ending).then(() => enough.abort());
    await allDone([...told, Promise.race([answered, sleep(LAST_WORDS_MS, enough.signal)])]);
  }

  /** @throws HubError 14 nobody of that name, 92 a number that the trunk does not call */
  private async ring(event: CallEvent): Promise<void> {
    const { id, time } = event;
    const { from, to, media, session } = event.data;
    const { words, places, log } = this.options;
    if (this.state.open.of(id) || this.state.open.wasFinished(id))
      return this.ignore(event, 'the call is known already');
    const offer = session === undefined ? undefined : checkedSession(session)?.session;
    if (offer === undefined) return words.withoutSound(event);
    const { native, onTrunk, phones } = await places.of(from, to, id, offer);
    let leg: CalleeLeg | undefined;
    const about = { own: { address: to }, peer: from.address, media, native: id, side: 'callee' } as const;
    const hub = this.state.hubCall(about, () => leg);
    hub.id = id;
    const did = (act: Act): void => {
      hub.did(act);
      if (act.action === 'missed') words.afterwards(hub, act, 'callee');
    };
    const isLate = Date.now() - Date.parse(time) > RING_MS;
    const isFull = this.state.open.isFull(native, onTrunk, networkOf(from.address));
    if (isLate || phones.length === 0 || isFull) {
      this.state.open.finish(id);
      return did({ action: 'missed' });
    }
    leg = this.state.calleeLeg(phones, offer, (act) => this.state.did(call, act));
    const call: Call = { natives: [native], onTrunk, legs: [leg], hub, did };
    this.state.open.add(call);
    this.state.open.name(id, call);
    hub.rings(id);
    try {
      await leg.begin();
    } catch (thrown) {
      log.info({ reason: toHubError(thrown).detail }, 'no phone rings');
      this.state.did(call, { action: 'missed' });
    }
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

function isCalling(leg: Leg | undefined): leg is CallingLeg {
  return leg?.side === 'caller';
}

/** How a call ends whose adapter stops. */
function lastActOf(leg: Leg): Act {
  if (leg.isEstablished) return { action: 'ended' };
  return { action: leg.side === 'caller' ? 'cancelled' : 'missed' };
}
