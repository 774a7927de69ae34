/**
 * A call that was accepted, on one side of it: the acceptance is repeated until the phone has confirmed it, either side hangs
 * up, and offers within the call are answered as long as they change no address: hold and resume do not cross.
 */
import type { Clock } from '#adapter-session';
import { HubError } from '#protocol';
import { guarded, runInBackground, type Log } from '#service';
import { isNextOf, requestWithin, type Dialog } from '../stack/dialog.js';
import { answer, type ReceivedInvite } from '../stack/sip-endpoint.js';
import { cseqOf, responseTo, type Header, type SipRequest, type SipResponse } from '../stack/sip-message.js';
import { reasonOf } from '../stack/reasons.js';
import { nextRetransmission, T1, TRANSACTION_MS } from '../stack/timers.js';
import type { PlacedDialog } from './call-records.js';
import type { Dialogs, DialogUser } from './dialogs.js';
import { isSamePlace, nextVersion } from './held-session.js';
import { CALL_METHODS } from './invite-request.js';
import type { Line } from './line.js';
import { pressedKey } from './pressed-key.js';
import { reoffer } from './reoffer.js';
import { answerWithin, readSession, SDP_TYPE } from './session-description.js';

/** A call whose end was lost is not kept longer. */
export const LONGEST_CALL_MS = 4 * 3600_000;

export interface EstablishedOptions {
  dialog: Dialog;
  line: Line;
  dialogs: Dialogs;
  clock: Clock;
  log: Log;
  /** Ours, for this side. */
  contact: string;
  /** What this side described, and what it was told. */
  theirs: string;
  ours: string;
  /** This side has hung up, or is gone. */
  ended: () => void;
  /** This side pressed a key. Absent: keys mean nothing to the other side */
  pressed?: Pressed | undefined;
}

export type Pressed = (key: string) => void;

interface Unconfirmed {
  sequence: number;
  stop: () => void;
}

export class Established implements DialogUser {
  private isOver = false;
  private isOffering = false;
  private unconfirmed: Unconfirmed | undefined;
  /** Since `ours` changed. */
  private answers = 0;
  private theirs: string;
  private ours: string;
  private readonly stopLimit: () => void;

  constructor(private readonly options: EstablishedOptions) {
    const { dialogs, clock, theirs, ours } = options;
    this.theirs = theirs;
    this.ours = ours;
    dialogs.add(this);
    this.stopLimit = clock.after(LONGEST_CALL_MS, () => this.hangUpBoth());
  }

  get dialog(): Dialog {
    return this.options.dialog;
  }

  /** What a later process needs to hang up. */
  get end(): PlacedDialog {
    return { place: this.options.line.place, dialog: this.dialog };
  }

  /** Sends the acceptance until it is confirmed (§13.3.1.4). */
  accept(invite: ReceivedInvite, response: SipResponse): void {
    const { clock } = this.options;
    this.unconfirmed?.stop();
    let stopAgain = (): void => undefined;
    const send = (interval: number): void => {
      invite.respond(response);
      stopAgain = clock.after(interval, () => send(nextRetransmission(interval)));
    };
    const stopEnd = clock.after(TRANSACTION_MS, () => this.hangUpBoth());
    const stop = (): void => {
      stopAgain();
      stopEnd();
    };
    this.unconfirmed = { sequence: cseqOf(invite.request)?.number ?? 0, stop };
    send(T1);
  }

  confirmed(request: SipRequest): void {
    if (this.unconfirmed?.sequence !== cseqOf(request)?.number) return;
    this.unconfirmed?.stop();
    this.unconfirmed = undefined;
  }

  take(request: SipRequest): SipResponse {
    if (!isNextOf(this.dialog, request)) return answer(request, 500);
    switch (request.method) {
      case 'BYE':
        this.over();
        this.options.ended();
        return answer(request, 200);
      case 'UPDATE':
        return this.updated(request);
      case 'INFO':
        this.pressed(request);
        return answer(request, 200);
      default:
        return answer(request, 405, [['allow', CALL_METHODS]]);
    }
  }

  invited(invite: ReceivedInvite): void {
    const { request } = invite;
    if (!isNextOf(this.dialog, request)) return invite.respond(answer(request, 500));
    // §14.2: the last one is not finished, or one of ours is on the way.
    if (this.unconfirmed || this.isOffering) return invite.respond(answer(request, 491));
    const session = this.answerTo(request);
    if (session === undefined) return invite.respond(answer(request, 488));
    this.accept(invite, withSession(request, session, this.options.contact));
  }

  /** Tells this side where the other one is, which was not there before. @throws HubError when it does not agree to it */
  async tellOther(session: string): Promise<void> {
    const { dialog, line, contact, clock, log } = this.options;
    const ours = nextVersion(session, this.ours, this.answers + 1);
    this.isOffering = true;
    try {
      const theirs = await reoffer({ dialog, line, contact, session: ours, clock, log });
      // The other side was told the old place already.
      if (!isSamePlace(this.theirs, theirs)) throw new HubError('12', 'the phone moved its sound');
      [this.theirs, this.ours, this.answers] = [theirs, ours, 0];
    } finally {
      this.isOffering = false;
    }
  }

  /** The other side has ended the call. @param reason value of a Reason header (RFC 3326) */
  hangUp(reason?: string): void {
    if (this.isOver) return;
    this.over();
    const { line, dialogs, log } = this.options;
    const headers: Header[] = reason === undefined ? [] : [['reason', reason]];
    const bye = line.request(requestWithin(this.dialog, 'BYE', headers));
    dialogs.ending.add(bye);
    runInBackground('BYE', log, () => bye.finally(() => dialogs.ending.delete(bye)));
  }

  private pressed(info: SipRequest): void {
    const { pressed, log } = this.options;
    const key = pressedKey(info);
    // What follows from it, such as the end of the call, goes out after the answer.
    if (key !== undefined) setImmediate(guarded('key of a phone', log, () => pressed?.(key)));
  }

  private hangUpBoth(): void {
    if (this.isOver) return;
    this.hangUp();
    this.options.ended();
  }

  private over(): void {
    this.isOver = true;
    this.unconfirmed?.stop();
    this.stopLimit();
    this.options.dialogs.remove(this);
  }

  private updated(request: SipRequest): SipResponse {
    const { contact } = this.options;
    // Only a sign that the call still exists (RFC 3311 §5.1).
    if (request.body.length === 0) return answer(request, 200, [['contact', contact]]);
    const session = this.answerTo(request);
    return session === undefined ? answer(request, 488) : withSession(request, session, contact);
  }

  /** @returns undefined: it cannot be agreed to, and the call goes on as before (§14.2) */
  private answerTo(request: SipRequest): string | undefined {
    const { ours, theirs } = this;
    // Whoever offers nothing asks for an offer.
    if (request.body.length === 0) return ours;
    const offer = readSession(request)?.session;
    return offer === undefined ? undefined : answerWithin(offer, theirs, ours, ++this.answers);
  }
}

/** Accepts an offer. @param toTag of ours, unless the request is within a dialog */
export function withSession(
  request: SipRequest,
  session: string,
  contact: string,
  toTag?: string,
): SipResponse {
  const headers: Header[] = [
    ...request.headers.filter(([name]) => name === 'record-route'),
    ['contact', contact],
    ['allow', CALL_METHODS],
    ['content-type', SDP_TYPE],
  ];
  return { ...responseTo(request, 200, reasonOf(200), headers, toTag), body: Buffer.from(session) };
}
