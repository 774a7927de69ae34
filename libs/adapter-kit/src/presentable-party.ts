import {
  isReserved,
  LONGEST_NAME,
  networkOf,
  cutName,
  personName,
  visibleName,
  type HubEvent,
  type Party,
} from '#protocol';

/**
 * Cleans a party's display name, and leaves it out if nothing of it can be shown. Applied to names of this network's people
 * before they are published, and to names from other networks before an adapter sees them.
 */
export function presentableParty({ displayName, ...party }: Party): Party {
  if (displayName === undefined) return party;
  const name = isReserved(networkOf(party.address))
    ? cutName(visibleName(displayName), LONGEST_NAME) || undefined
    : personName(displayName);
  return name === undefined ? party : { ...party, displayName: name };
}

/** An event from the bus with a clean sender name: the sender's network may be hostile. */
export function withPresentableSender<Event extends HubEvent>(event: Event): Event {
  return withSender(event, presentableParty(event.data.from));
}

export function withSender<Event extends HubEvent>(event: Event, from: Party): Event {
  return { ...event, data: { ...event.data, from } };
}
