/** Completes the sender of a delivered event with the name known here, and shows a new avatar in the background. */
import type { DurableEvent, MessageEvent } from '#protocol';
import type { AboutCall } from '../delivered.contract.js';
import type { Delivery, DeliveryResult } from '../delivery.js';
import { withSender } from '../presentable-party.js';
import type { RemoteProfiles } from './remote-profiles.js';

export class NamedDelivery implements Pick<Delivery, 'deliver' | 'say'> {
  constructor(
    private readonly delivery: Pick<Delivery, 'deliver' | 'say'>,
    private readonly profiles: Pick<RemoteProfiles, 'party'>,
  ) {}

  async deliver(event: DurableEvent, uncertain: boolean, stopping: () => boolean): Promise<DeliveryResult> {
    return this.delivery.deliver(await this.named(event), uncertain, stopping);
  }

  async say(event: MessageEvent, call: AboutCall): Promise<void> {
    return this.delivery.say(await this.named(event), call);
  }

  private async named<Event extends DurableEvent>(event: Event): Promise<Event> {
    return withSender(event, await this.profiles.party(event.data.from, event.data.to));
  }
}
