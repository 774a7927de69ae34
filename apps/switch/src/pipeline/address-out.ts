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
  /** The stream stores one of these per destination for a week. */
  storeId: string;
}

/**
 * Where the event goes, with the destination added to its path.
 * @param said whom the sender named: decided again after the number moved, the event is stored once all the same
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
