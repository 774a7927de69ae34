/**
 * The end of a call whose phones ring: all phones of a person at once, or the trunk. The first that accepts has the call, the
 * others stop ringing, and whoever accepts after that is thanked and hung up on.
 */
import type { Clock } from '#adapter-session';
import { HubError, RING_MS, toHubError } from '#protocol';
import { runInBackground, type Log } from '#service';
import { acknowledgementWithin, dialogOfCaller, requestWithin, type Dialog } from '../stack/dialog.js';
import type { Invitation } from '../stack/invite-clients.js';
import { cseqOf, header, type SipRequest, type SipResponse } from '../stack/sip-message.js';
import { tagOf } from '../stack/sip-uri.js';
import type { PlacedDialog } from './call-records.js';
import type { Dialogs } from './dialogs.js';
import { Established, type Pressed } from './established.js';
import type { Act, Did, Leg } from './leg.js';
import type { Line } from './line.js';
import { heldAnswer } from './held-session.js';
import { readSession, SDP_TYPE } from './session-description.js';

/** One phone that is to ring. */
export interface Place {
  line: Line;
  /** @param contact value of our Contact */
  invite: (contact: string) => SipRequest;
}

export interface CalleeLegOptions {
  places: readonly Place[];
  /** Session description of the caller. undefined: the phones were asked for theirs, and are held until `connect` */
  offer: string | undefined;
  dialogs: Dialogs;
  clock: Clock;
  log: Log;
  did: Did;
  /** The person pressed a key. */
  pressed?: Pressed | undefined;
}

interface Ringing {
  line: Line;
  contact: string;
  invitation: Invitation | undefined;
  /** Tag of who accepted here first; the same one may say it again. */
  dialog: Dialog | undefined;
  refused: boolean;
}

const ELSEWHERE = 'SIP;cause=200;text="Call completed elsewhere"';

export class CalleeLeg implements Leg {
  readonly side = 'callee';
  private readonly phones: Ringing[] = [];
  /** Phones that have not refused. */
  private left: number;
  private state: 'ringing' | 'established' | 'over' = 'ringing';
  private rang = false;
  private isBusy = false;
  private established: Established | undefined;
  private stopRinging: () => void = () => undefined;

  constructor(private readonly options: CalleeLegOptions) {
    this.left = options.places.length;
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

  /** @throws HubError 91: no phone was reached at all */
  async begin(): Promise<void> {
    const { clock, places } = this.options;
    this.stopRinging = clock.after(RING_MS, () => this.giveUp('missed'));
    const begun = await Promise.allSettled(places.map((place) => this.ring(place)));
    const failed = begun.filter((one) => one.status === 'rejected');
    if (failed.length < begun.length) {
      for (const { reason } of failed) this.missing(reason);
      return;
    }
    this.over();
    throw toHubError(failed[0]?.reason ?? new HubError('91', 'there is no phone to ring'));
  }

  tell(act: Act): void {
    switch (act.action) {
      case 'cancelled':
      case 'ended':
      case 'missed':
      case 'declined':
        return this.over();
      case 'ringing':
      case 'accepted':
      // Said by who is called, which is this end.
    }
  }

  /** The other end is there now. @throws HubError when the phone does not agree to it, or has hung up */
  async connect(session: string): Promise<void> {
    if (!this.established || this.isOver) throw new HubError('91', 'the phone has hung up');
    await this.established.tellOther(session);
  }

  /** @param reason value of a Reason header (RFC 3326) */
  hangUp(reason?: string): void {
    this.established?.hangUp(reason);
    this.over();
  }

  private async ring({ line, invite }: Place): Promise<void> {
    const contact = await line.contact();
    const phone: Ringing = { line, contact, invitation: undefined, dialog: undefined, refused: false };
    this.phones.push(phone);
    phone.invitation = await line.invite(invite(contact), {
      response: (response, request) => this.answered(phone, response, request),
      failed: (error) => this.failed(phone, error),
    });
    // The caller may have given up while the connection was opened.
    if (this.state !== 'ringing' && !phone.dialog) phone.invitation.cancel();
  }

  private answered(phone: Ringing, response: SipResponse, request: SipRequest): void {
    const { status } = response;
    if (status <= 100) return;
    if (status < 200) return this.rings();
    if (status < 300) return this.accepted(phone, response, request);
    this.refused(phone, status);
  }

  private rings(): void {
    if (this.state !== 'ringing' || this.rang) return;
    this.rang = true;
    this.options.did({ action: 'ringing' });
  }

  private accepted(phone: Ringing, response: SipResponse, request: SipRequest): void {
    const { line } = phone;
    const dialog = this.isAgain(phone, response) ? phone.dialog : dialogOfCaller(request, response);
    if (!dialog) {
      this.options.log.info({ status: response.status }, 'a phone accepts a call without saying where it is');
      return this.refused(phone, 488);
    }
    const theirs = readSession(response)?.session;
    const { offer = theirs && heldAnswer(theirs) } = this.options;
    const ack = this.acknowledgement(dialog, request, offer);
    runInBackground('ACK', this.options.log, () => line.acknowledge(ack));
    if (dialog === phone.dialog) return;
    if (this.state === 'ringing' && theirs !== undefined && offer !== undefined) {
      phone.dialog = dialog;
      return this.establish(phone, dialog, theirs, offer);
    }
    phone.dialog ??= dialog;
    runInBackground('BYE', this.options.log, () => line.request(requestWithin(dialog, 'BYE')));
    if (theirs === undefined || offer === undefined) this.refused(phone, 488);
  }

  /** It has the answer, if the phone made the offer. */
  private acknowledgement(dialog: Dialog, request: SipRequest, answer: string | undefined): SipRequest {
    const number = cseqOf(request)?.number ?? 1;
    if (this.options.offer !== undefined || answer === undefined)
      return acknowledgementWithin(dialog, number);
    const ack = acknowledgementWithin(dialog, number, [['content-type', SDP_TYPE]]);
    return { ...ack, body: Buffer.from(answer) };
  }

  private establish(phone: Ringing, dialog: Dialog, session: string, ours: string): void {
    const { dialogs, clock, log, did, pressed } = this.options;
    this.state = 'established';
    this.stopRinging();
    for (const other of this.phones) if (other !== phone) other.invitation?.cancel(ELSEWHERE);
    const ended = (): void => {
      this.state = 'over';
      did({ action: 'ended' });
    };
    const { line, contact } = phone;
    const common = { dialog, line, contact, dialogs, clock, log, ended, pressed };
    this.established = new Established({ ...common, theirs: session, ours });
    did({ action: 'accepted', session });
  }

  private isAgain({ dialog }: Ringing, response: SipResponse): boolean {
    return dialog !== undefined && dialog.remoteTag === tagOf(header(response, 'to'));
  }

  private missing(reason: unknown): void {
    this.options.log.info({ reason: toHubError(reason).detail }, 'a phone cannot be reached for a call');
    this.gone();
  }

  private failed(phone: Ringing, error: HubError): void {
    this.options.log.info({ code: error.code, reason: error.detail }, 'a phone does not answer a call');
    this.refused(phone, 408);
  }

  /** 6xx speaks for all phones of a person (§21.6); otherwise the call ends when nobody is left. */
  private refused(phone: Ringing, status: number): void {
    if (phone.refused || this.state !== 'ringing') return;
    phone.refused = true;
    if (status >= 600) return this.giveUp(status === 603 || status === 600 ? 'declined' : 'missed');
    this.isBusy ||= status === 486;
    this.gone();
  }

  private gone(): void {
    this.left--;
    if (this.left === 0) this.giveUp(this.isBusy ? 'declined' : 'missed');
  }

  private giveUp(action: 'missed' | 'declined'): void {
    if (this.state !== 'ringing') return;
    this.over();
    this.options.did({ action });
  }

  private over(): void {
    this.state = 'over';
    this.stopRinging();
    for (const { invitation } of this.phones) invitation?.cancel();
    this.established?.hangUp();
  }
}
