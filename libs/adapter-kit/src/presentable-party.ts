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
 * A party whose name may be shown: cleaned, and without a name where there is none that can be shown. Applied to what this
 * network's people call themselves before it is published, and to what other networks publish before an adapter sees it.
 */
export function presentableParty({ displayName, ...party }: Party): Party {
  if (displayName === undefined) return party;
  const name = isReserved(networkOf(party.address))
    ? cutName(visibleName(displayName), LONGEST_NAME) || undefined
    : personName(displayName);
  return name === undefined ? party : { ...party, displayName: name };
}

/** An event of the bus as an adapter may read it: its sender may be of a hostile network. */
export function withPresentableSender<Event extends HubEvent>(event: Event): Event {
  return withSender(event, presentableParty(event.data.from));
}

export function withSender<Event extends HubEvent>(event: Event, from: Party): Event {
  return { ...event, data: { ...event.data, from } };
}
