/** Finds the call to which a request within a dialog belongs. */
import { belongsTo, type Dialog } from '../stack/dialog.js';
import type { ReceivedInvite } from '../stack/sip-endpoint.js';
import { header, type SipRequest, type SipResponse } from '../stack/sip-message.js';
import { tagOf } from '../stack/sip-uri.js';

/** Who carries out the requests of a dialog. */
export interface DialogUser {
  readonly dialog: Dialog;
  /** @returns the final response */
  take(request: SipRequest): SipResponse;
  /** Another offer within the call. */
  invited(invite: ReceivedInvite): void;
  confirmed(request: SipRequest): void;
}

export class Dialogs {
  /** By Call-ID and our tag; bounded by the limit of calls, each of which removes its own. */
  private readonly known = new Map<string, DialogUser>();

  /** BYEs that are on the way; bounded by the calls, and each ends after 32 s at the latest. */
  readonly ending = new Set<Promise<unknown>>();

  get size(): number {
    return this.known.size;
  }

  add(user: DialogUser): void {
    this.known.set(keyOf(user.dialog.callId, user.dialog.localTag), user);
  }

  remove({ dialog }: DialogUser): void {
    this.known.delete(keyOf(dialog.callId, dialog.localTag));
  }

  /** @returns undefined: no dialog of ours, or a request of somebody else (481) */
  of(request: SipRequest): DialogUser | undefined {
    const key = keyOf(header(request, 'call-id') ?? '', tagOf(header(request, 'to')) ?? '');
    const found = this.known.get(key);
    return found && belongsTo(found.dialog, request) ? found : undefined;
  }
}

function keyOf(callId: string, tag: string): string {
  return `${callId} ${tag}`;
}
