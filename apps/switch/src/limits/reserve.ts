/** Counts an event against the limits that hold for its sender, or refuses it. */
import { networkOf, type HubEvent, type Limits } from '#protocol';
import { end, type Ended, type StepContext } from '../pipeline/step.js';
import { limitsFor } from './sender-rules.js';

/** What has been counted so far. */
export interface Reservations {
  /** @returns why the event is over a limit; undefined: it was counted, and may go */
  reserve(event: HubEvent, agreed: Limits | undefined, at: Date): string | undefined;
}

/**
 * Called once for an event that has passed all checks, and not for a repeated one, which is not counted again.
 * @param agreed limits in the agreement of the two networks
 * @returns undefined: it may go
 */
export function reserve(
  event: HubEvent,
  agreed: Limits | undefined,
  { source, registry, acceptedAt, limits }: StepContext & { limits: Reservations },
): Ended | undefined {
  if (!isLimited(event)) return undefined;
  const destination = networkOf(event.data.to);
  const { risk, limitedTowards } = registry.members.get(source) ?? {};
  const isPairLimited = limitedTowards?.includes(destination) === true;
  // A pair is limited to a tenth once, also if the whole network is throttled.
  const applied = isPairLimited ? 'throttled' : risk;
  const refusal = limits.reserve(event, limitsFor(agreed, applied), acceptedAt);
  if (refusal === undefined) return undefined;
  if (risk === 'throttled') return end('65', `${refusal} (a tenth, while too many complain)`);
  const pair = `${source} to ${destination}`;
  return end(
    '65',
    isPairLimited ? `${refusal} (a tenth from ${pair}, while too many there complain)` : refusal,
  );
}

/** What has a class of traffic (traffic.ts), without working out which. Receipts, typing and presence follow from messages. */
export function isLimited(event: HubEvent): boolean {
  switch (event.type) {
    case 'im.hutong.message.v1':
    case 'im.hutong.contact.v1':
    case 'im.hutong.group.v1':
      return true;
    case 'im.hutong.call.v1':
      // What becomes of a call always passes: otherwise a sender over the limit could not hang up.
      return event.data.action === 'invite';
    case 'im.hutong.receipt.v1':
    case 'im.hutong.typing.v1':
    case 'im.hutong.presence.v1':
    case 'im.hutong.report.v1':
    case 'im.hutong.notice.v1':
      return false;
  }
}
