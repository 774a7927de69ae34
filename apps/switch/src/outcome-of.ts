import { kindOf, withoutAvatar, type HubEvent, type Outcome } from '#protocol';

/** What the switch says of an event, but for how it ended. */
export function outcomeOf(event: HubEvent): Omit<Outcome, 'outcome' | 'code'> & { stage: 'switch' } {
  return {
    event: event.id,
    conversation: event.subject,
    kind: kindOf(event),
    stage: 'switch',
    from: withoutAvatar(event.data.from),
    to: event.data.to,
    at: new Date().toISOString(),
  };
}
