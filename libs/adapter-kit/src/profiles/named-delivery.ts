/** Deliveries whose sender has the name that is known here, and whose new avatar is shown beside. */
import type { DurableEvent } from '#protocol';
import type { Delivery, DeliveryResult } from '../delivery.js';
import { withSender } from '../party.js';
import type { ForeignProfiles } from './foreign-profiles.js';

export class NamedDelivery implements Pick<Delivery, 'deliver'> {
  constructor(
    private readonly delivery: Pick<Delivery, 'deliver'>,
    private readonly profiles: Pick<ForeignProfiles, 'party'>,
  ) {}

  async deliver(event: DurableEvent, uncertain: boolean, stopping: () => boolean): Promise<DeliveryResult> {
    const named = withSender(event, await this.profiles.party(event.data.from, event.data.to));
    return this.delivery.deliver(named, uncertain, stopping);
  }
}
