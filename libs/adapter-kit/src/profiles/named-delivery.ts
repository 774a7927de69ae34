/** Completes the sender of a delivered event with the name known here, and shows a new avatar in the background. */
import type { DurableEvent } from '#protocol';
import type { Delivery, DeliveryResult } from '../delivery.js';
import { withSender } from '../presentable-party.js';
import type { RemoteProfiles } from './remote-profiles.js';

export class NamedDelivery implements Pick<Delivery, 'deliver'> {
  constructor(
    private readonly delivery: Pick<Delivery, 'deliver'>,
    private readonly profiles: Pick<RemoteProfiles, 'party'>,
  ) {}

  async deliver(event: DurableEvent, uncertain: boolean, stopping: () => boolean): Promise<DeliveryResult> {
    const named = withSender(event, await this.profiles.party(event.data.from, event.data.to));
    return this.delivery.deliver(named, uncertain, stopping);
  }
}
