/** Offers an end of a call another description of the other end (RFC 3261 §14.1). */
import { randomInt } from 'node:crypto';
import type { Clock } from '#adapter-session';
import { HubError, toHubError } from '#protocol';
import { runInBackground, type Log } from '#service';
import { acknowledgementWithin, dialogOfCaller, requestWithin, type Dialog } from '../stack/dialog.js';
import { cseqOf, type SipRequest, type SipResponse } from '../stack/sip-message.js';
import { TRANSACTION_MS } from '../stack/timers.js';
import { CALL_METHODS } from './invite-request.js';
import type { Line } from './line.js';
import { readSession, SDP_TYPE } from './session-description.js';

export interface ReofferOptions {
  dialog: Dialog;
  line: Line;
  /** Ours, for this side. */
  contact: string;
  session: string;
  clock: Clock;
  log: Log;
}

/** Both sides offered at once: whoever made the Call-ID waits so long, ms (§14.1). */
const AFTER_GLARE_MS = [2100, 4000] as const;
const REQUEST_PENDING = 491;
const ATTEMPTS = 3;

/** @returns its answer. @throws HubError 12 it refuses, 91, 103 it does not answer */
export async function reoffer(options: ReofferOptions): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    const { status, session } = await offer(options);
    if (session !== undefined) return session;
    if (status !== REQUEST_PENDING || attempt === ATTEMPTS)
      throw new HubError('12', `the phone answered an offer within the call with ${status}`);
    await new Promise<void>((resolve) => options.clock.after(randomInt(...AFTER_GLARE_MS), resolve));
  }
}

function offer(options: ReofferOptions): Promise<{ status: number; session: string | undefined }> {
  const { dialog, line, contact, session, clock } = options;
  const headers = [
    ['contact', contact],
    ['allow', CALL_METHODS],
    ['content-type', SDP_TYPE],
  ] as const;
  const request = { ...requestWithin(dialog, 'INVITE', headers), body: Buffer.from(session) };
  return new Promise((resolve, reject) => {
    const waited = () => reject(new HubError('103', 'nobody answered an offer within a call'));
    const stop = clock.after(TRANSACTION_MS, waited);
    const response = (response: SipResponse, answered: SipRequest): void => {
      if (response.status < 200) return;
      stop();
      // An attempt with a password has a later number.
      dialog.localSequence = Math.max(dialog.localSequence, cseqOf(answered)?.number ?? 0);
      if (response.status < 300) confirm(options, response, answered);
      const answer = response.status < 300 ? readSession(response)?.session : undefined;
      resolve({ status: response.status, session: answer });
    };
    const failed = (error: unknown): void => {
      stop();
      reject(toHubError(error));
    };
    line.invite(request, { response, failed }).catch(failed);
  });
}

/** An acceptance may name another Contact (§12.2.1.2), and may come again. */
function confirm({ dialog, line, log }: ReofferOptions, response: SipResponse, answered: SipRequest): void {
  dialog.target = dialogOfCaller(answered, response)?.target ?? dialog.target;
  const ack = acknowledgementWithin(dialog, cseqOf(answered)?.number ?? 1);
  runInBackground('ACK', log, () => line.acknowledge(ack));
}
