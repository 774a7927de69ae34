/** The publish id of the outcome of an expired event: the bus stores one outcome with it. */
import { networkOf, type HubEvent } from '#protocol';

/** Two networks may give their events the same id, and a message may expire on several steps of a delivery ladder. */
export function expiredId({
  id,
  data,
}: Pick<HubEvent, 'id'> & { data: Pick<HubEvent['data'], 'from' | 'to'> }): string {
  return `${networkOf(data.from.address)}:${id}:${networkOf(data.to)}:failed`;
}
