/** How a call begins whose caller is called back. */
import { HubError, toHubError, type Address } from '#protocol';
import { runInBackground } from '#service';
import type { Caller } from '../sip.connection.js';
import { callStatusOf } from '../sip.errors.js';
import { identityOf } from '../stack/server-transactions.js';
import { reasonWith } from '../stack/reasons.js';
import { answer, type ReceivedInvite } from '../stack/sip-endpoint.js';
import type { SipRequest, SipResponse } from '../stack/sip-message.js';
import { CallbackLeg } from './callback-leg.js';
import type { Place } from './callee-leg.js';
import type { CallState } from './call-state.js';
import type { Act } from './leg.js';
import type { Call } from './open-calls.js';
import type { PhoneCalls } from './phone-calls.js';
import { checkedSession } from './session-description.js';

export class Callbacks {
  constructor(
    private readonly state: CallState,
    private readonly calls: Pick<PhoneCalls, 'callOther'>,
  ) {}

  /** Calls the caller back, and whom they called when they have come. */
  async begin(caller: Caller, invite: ReceivedInvite, isTrunk: boolean): Promise<void> {
    const { request } = invite;
    const { places, remote, clock, log, words } = this.state.options;
    let to: Address | { own: string };
    let phones: readonly Place[];
    try {
      to = await remote(places.dialled(request, isTrunk));
      phones = await places.back(caller, to, isTrunk);
      if (this.state.open.isFull(caller.native, isTrunk)) throw new HubError('65', 'too many calls');
    } catch (thrown) {
      const { code, detail } = toHubError(thrown);
      log.info({ code, reason: detail }, 'a call is refused');
      return invite.respond(answer(request, callStatusOf(code)));
    }
    invite.respond(callBackResponse(request));
    const id = identityOf(request);
    const stayedAway = (): void => {
      this.state.open.forget(call);
      words.calledBackInVain(caller.native, to);
      if (typeof to === 'object') words.neighbourMissed(caller, to.own);
      else this.missed(caller, to, id);
    };
    const came = (session: string): void =>
      runInBackground('callback', log, () => this.callForCaller(call, leg, { caller, to, session, id }));
    const did = (act: Act): void => this.state.did(call, act);
    const leg = new CallbackLeg({
      places: phones,
      dialogs: this.state.dialogs,
      clock,
      log,
      came,
      stayedAway,
      did,
    });
    const call: Call = { natives: [caller.native], onTrunk: isTrunk, legs: [leg], did: () => undefined };
    this.state.open.add(call);
    try {
      await leg.begin();
    } catch (thrown) {
      log.info({ reason: toHubError(thrown).detail }, 'a caller cannot be called back');
      stayedAway();
    }
  }

  /** The caller did not come: whom they called reads so. */
  private missed(caller: Caller, peer: Address, native: string): void {
    const about = { own: this.state.partyOf(caller), peer, media: 'voice', native, side: 'caller' } as const;
    this.state.hubCall(about, () => undefined).missed();
  }

  /** The caller who was called back is there. */
  private async callForCaller(
    call: Call,
    leg: CallbackLeg,
    { session, ...other }: { caller: Caller; to: Address | { own: string }; session: string; id: string },
  ): Promise<void> {
    const described = checkedSession(session);
    try {
      if (!described) throw new HubError('12', 'the phone of the caller described no sound');
      await this.calls.callOther(call, leg, { ...other, described });
    } catch (thrown) {
      const { code, detail } = toHubError(thrown);
      this.state.options.log.info({ code, reason: detail }, 'a call is refused');
      leg.refuse(callStatusOf(code));
      this.state.options.words.refused(other.caller.native, other.to, code);
    } finally {
      if (leg.isOver) this.state.open.forget(call);
    }
  }
}

/** Unanswered, so that it costs nothing. Phones show the reason phrase, which is free (RFC 3261 §7.2). */
function callBackResponse(request: SipRequest): SipResponse {
  const headers = [['reason', reasonWith(480, '请挂机，稍后回拨给您')]] as const;
  return { ...answer(request, 480, headers), reason: 'You Are Called Back' };
}
