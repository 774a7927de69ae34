/** Calls that somebody of this network, or of the trunk, begins. */
import { HubError, isSuccess, RESULTS, toHubError, type Address } from '#protocol';
import { nobodyThere } from '../registrar.js';
import type { Caller } from '../sip.connection.js';
import { callStatusOf } from '../sip.errors.js';
import { identityOf } from '../stack/server-transactions.js';
import { answer, type ReceivedInvite } from '../stack/sip-endpoint.js';
import { CallerLeg } from './caller-leg.js';
import type { CallState } from './call-state.js';
import { ends, type Act, type CallingLeg } from './leg.js';
import type { Call } from './open-calls.js';
import { readSession, SDP_TYPE, type Described } from './session-description.js';

/** A call before whoever is called knows of it. */
export interface Wish {
  caller: Caller;
  to: Address | { own: string };
  described: Described;
  /** Identity of the call. */
  id: string;
}

export class PhoneCalls {
  constructor(private readonly state: CallState) {}

  /** A phone, or the trunk, calls somebody. */
  async begin(caller: Caller, invite: ReceivedInvite, isTrunk: boolean): Promise<void> {
    const { request } = invite;
    const described = readSession(request);
    if (!described) return invite.respond(answer(request, 488, [['accept', SDP_TYPE]]));
    if (this.state.open.isFull(caller.native, isTrunk)) return invite.respond(answer(request, 486));
    const { places, remote, log } = this.state.options;
    const leg = this.callerLeg(invite, described.session, isTrunk, caller.native, (act) =>
      this.state.did(call, act),
    );
    const call: Call = { natives: [caller.native], onTrunk: isTrunk, legs: [leg], did: () => undefined };
    this.state.open.add(call);
    try {
      const to = await remote(places.dialled(request, isTrunk));
      if (leg.isOver) return;
      await this.callOther(call, leg, { caller, to, described, id: identityOf(request) });
    } catch (thrown) {
      const { code, detail } = toHubError(thrown);
      log.info({ code, reason: detail }, 'a call is refused');
      leg.refuse(callStatusOf(code), isSuccess(code) ? undefined : RESULTS[code].subscriber.zh);
    } finally {
      if (leg.isOver) this.state.open.forget(call);
    }
  }

  /** @throws HubError 14, 91, and when the hub does not take the invitation */
  callOther(call: Call, leg: CallingLeg, { caller, to, described, id }: Wish): Promise<void> {
    if (typeof to === 'object') return this.callNeighbour(call, leg, caller, to.own, described.session);
    return this.callAbroad(call, caller, to, described, id);
  }

  /** @throws HubError when the hub does not take the invitation */
  private async callAbroad(
    call: Call,
    caller: Caller,
    to: Address,
    { session, media }: Described,
    id: string,
  ): Promise<void> {
    const about = { own: this.state.partyOf(caller), peer: to, media, native: id, side: 'caller' } as const;
    const hub = this.state.hubCall(about, () => call.legs[0]);
    call.hub = hub;
    call.did = (act) => hub.did(act);
    const invited = hub.invite(session);
    this.state.submitting.add(invited);
    try {
      this.state.open.name(await invited, call);
    } finally {
      this.state.submitting.delete(invited);
    }
  }

  /** Somebody of this network: the two ends are joined here. @throws HubError 14, 91 */
  private async callNeighbour(
    call: Call,
    callerLeg: CallingLeg,
    caller: Caller,
    native: string,
    session: string,
  ): Promise<void> {
    const { places, words } = this.state.options;
    const found = places.ofNeighbour(caller, native, session);
    if (found.length === 0 || this.state.open.isFull(native, false)) {
      words.neighbourMissed(caller, native);
      throw found.length === 0 ? nobodyThere(native) : new HubError('65', `${native} has too many calls`);
    }
    this.state.open.join(call, native);
    const leg = this.state.calleeLeg(found, session, (act) => {
      if (ends(act) && !callerLeg.isEstablished && !callerLeg.showsWhy)
        words.neighbourNotThere(caller, native, act);
      callerLeg.tell(act);
      if (act.action === 'missed') words.neighbourMissed(caller, native);
      if (ends(act)) this.state.open.forget(call);
    });
    call.legs = [callerLeg, leg];
    call.did = (act) => {
      leg.tell(act);
      if (act.action === 'cancelled') words.neighbourMissed(caller, native);
    };
    try {
      await leg.begin();
    } catch (thrown) {
      words.neighbourMissed(caller, native);
      throw thrown;
    }
  }

  private callerLeg(
    invite: ReceivedInvite,
    offer: string,
    isTrunk: boolean,
    native: string,
    did: (act: Act) => void,
  ): CallerLeg {
    const { clock, log, places } = this.state.options;
    const back = places.backTo(invite.flow, isTrunk, native);
    return new CallerLeg({ invite, offer, ...back, dialogs: this.state.dialogs, clock, log, did });
  }
}
