/** The end of a call whose phone, or the trunk, has called. */
import type { Clock } from '#adapter-session';
import { RING_MS } from '#protocol';
import type { Log } from '#service';
import { dialogOfCallee } from '../stack/dialog.js';
import { reasonOf, reasonWith } from '../stack/reasons.js';
import { newTag, type ReceivedInvite } from '../stack/sip-endpoint.js';
import { responseTo, type SipResponse, type Header } from '../stack/sip-message.js';
import type { PlacedDialog } from './call-records.js';
import type { Dialogs } from './dialogs.js';
import { Established, withSession } from './established.js';
import type { Act, CallingLeg, Did } from './leg.js';
import type { Line } from './line.js';

/** The network of who is called says after RING_MS that nobody answered; this end does not depend on it. */
export const WAIT_MS = RING_MS + 15_000;

export interface CallerLegOptions {
  invite: ReceivedInvite;
  /** Session description of the caller. */
  offer: string;
  line: Line;
  contact: string;
  dialogs: Dialogs;
  clock: Clock;
  log: Log;
  did: Did;
}

export class CallerLeg implements CallingLeg {
  readonly side = 'caller';
  readonly showsWhy = true;
  private readonly tag = newTag();
  private readonly stopWaiting: () => void;
  private state: 'waiting' | 'established' | 'over' = 'waiting';
  private hasRung = false;
  private established: Established | undefined;

  constructor(private readonly options: CallerLegOptions) {
    const { invite, clock } = options;
    invite.onCancel(() => this.cancelled(487));
    this.stopWaiting = clock.after(WAIT_MS, () => this.cancelled(408));
    invite.respond(this.response(100, []));
  }

  get isEstablished(): boolean {
    return this.state === 'established';
  }

  get end(): PlacedDialog | undefined {
    return this.established?.end;
  }

  get isOver(): boolean {
    return this.state === 'over';
  }

  tell(act: Act): void {
    switch (act.action) {
      case 'ringing':
        return this.rings();
      case 'accepted':
        return this.accepted(act.session);
      case 'declined':
        return this.refuse(603);
      case 'missed':
      case 'cancelled':
        return this.refuse(480);
      case 'ended':
        if (this.state === 'waiting') this.refuse(480);
        else this.over();
    }
  }

  refuse(status: number, why?: string): void {
    if (this.state !== 'waiting') return;
    const headers: Header[] = why === undefined ? [] : [['reason', reasonWith(status, why)]];
    this.options.invite.respond(this.response(status, headers));
    this.over();
  }

  /** Once, however often the other network says so: what comes again of the INVITE gets the same answer. */
  private rings(): void {
    if (this.state !== 'waiting' || this.hasRung) return;
    this.hasRung = true;
    this.options.invite.respond(this.response(180, [this.contact()]));
  }

  private accepted(session: string): void {
    if (this.state !== 'waiting') return;
    const { invite, line, contact, dialogs, clock, log, did, offer } = this.options;
    const dialog = dialogOfCallee(invite.request, this.tag);
    if (!dialog) {
      this.refuse(400);
      did({ action: 'ended' });
      return;
    }
    this.stopWaiting();
    this.state = 'established';
    const ended = (): void => {
      this.state = 'over';
      did({ action: 'ended' });
    };
    const common = { dialog, line, contact, dialogs, clock, log, ended };
    this.established = new Established({ ...common, theirs: offer, ours: session });
    this.established.accept(invite, withSession(invite.request, session, contact, this.tag));
  }

  /** The phone does not wait any longer, or has waited long enough. */
  private cancelled(status: 408 | 487): void {
    if (this.state !== 'waiting') return;
    this.refuse(status);
    this.options.did({ action: 'cancelled' });
  }

  private over(): void {
    this.state = 'over';
    this.stopWaiting();
    this.established?.hangUp();
  }

  private contact(): Header {
    return ['contact', this.options.contact];
  }

  private response(status: number, headers: readonly Header[]): SipResponse {
    const { request } = this.options.invite;
    const routes = request.headers.filter(([name]) => name === 'record-route');
    const tag = status === 100 ? undefined : this.tag;
    return responseTo(request, status, reasonOf(status), [...routes, ...headers], tag);
  }
}
