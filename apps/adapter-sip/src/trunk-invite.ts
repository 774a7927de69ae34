/** An INVITE to the trunk, which asks for our password first (RFC 3261 §22.2): each attempt has the next number. */
import { HubError, toHubError } from '#protocol';
import type { Invitation, InviteListener } from './stack/invite-clients.js';
import { cseqOf, withHeader, type SipRequest, type SipResponse } from './stack/sip-message.js';

export interface Inviting {
  attempts: number;
  /** Sends one attempt, with what we know. @throws HubError 91 */
  begin(request: SipRequest, listener: InviteListener): Promise<Invitation>;
  /** What it is sent with. */
  sentWith(): string[];
  /** @returns false: the same answer would be refused again */
  accepts(response: SipResponse, refused: ReadonlySet<string>): boolean;
}

/** @throws HubError 91 */
export async function inviteWithLogin(
  request: SipRequest,
  listener: InviteListener,
  inviting: Inviting,
): Promise<Invitation> {
  const first = cseqOf(request)?.number ?? 1;
  const refused = new Set<string>();
  const state: { current?: Invitation; cancelled?: { reason: string | undefined } } = {};
  const attempt = async (at: number): Promise<void> => {
    const numbered = withHeader(request, 'cseq', `${first + at} INVITE`);
    const sent = inviting.sentWith();
    const current = await inviting.begin(numbered, {
      failed: (error) => listener.failed(error),
      response(response, answered) {
        const asks = response.status === 401 || response.status === 407;
        if (!asks || state.cancelled) return listener.response(response, answered);
        for (const nonce of sent) refused.add(nonce);
        if (at + 1 >= inviting.attempts || !inviting.accepts(response, refused))
          return listener.response(response, answered);
        attempt(at + 1).catch((error: unknown) => listener.failed(toHubError(error)));
      },
    });
    state.current = current;
    if (state.cancelled) current.cancel(state.cancelled.reason);
  };
  await attempt(0);
  if (!state.current) throw new HubError('91', 'the trunk was not called');
  return {
    cancel(reason) {
      state.cancelled = { reason };
      state.current?.cancel(reason);
    },
  };
}
