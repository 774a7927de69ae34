import {
  withNetwork,
  isEphemeral,
  laneOf,
  networkOf,
  subjects,
  type Address,
  type HubEvent,
  type Network,
} from '#protocol';

export interface Addressed {
  subject: string;
  event: HubEvent;
  /** The stream stores one message with this id within a week. */
  storeId: string;
}

/**
 * Adds the destination to the path of the event, and names the subject on which it goes out.
 * @param said the recipient as the sender named it: an event that is decided again after a number moved is still stored once
 */
export function addressOut(event: HubEvent, said: Address): Addressed {
  const destination: Network = networkOf(event.data.to);
  const subject = isEphemeral(event)
    ? subjects.signalOut(destination)
    : subjects.out(destination, laneOf(event.subject));
  return {
    subject,
    event: { ...event, path: withNetwork(event.path, destination) },
    storeId: `${networkOf(event.data.from.address)}:${event.id}:${networkOf(said)}`,
  };
}
