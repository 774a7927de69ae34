import { kindOf, ofCall, withoutAvatar, type HubEvent, type Outcome } from '#protocol';

/** An outcome that the switch reports for an event; the caller adds what happened and its code. */
export function switchOutcome(event: HubEvent): Omit<Outcome, 'stage' | 'code'> & { by: 'switch' } {
  return {
    event: event.id,
    conversation: event.subject,
    kind: kindOf(event),
    by: 'switch',
    ...ofCall(event),
    from: withoutAvatar(event.data.from),
    to: event.data.to,
    at: new Date().toISOString(),
  };
}
