/** Contact requests from abroad: an invitation stands for one, and joining the room accepts it. */
import type { Hub } from '#adapter-kit';
import type { ContactEvent } from '#protocol';
import type { Portal, Portals } from './portals.js';

export class ContactRequests {
  constructor(
    private readonly hub: Hub,
    private readonly portals: Portals,
  ) {}

  /** A request to the person of this portal. What the portal is NOW counts: they may have joined since it was read. */
  async arrived({ id, data }: Pick<ContactEvent, 'id' | 'data'>, read: Portal): Promise<void> {
    const portal = this.portals.inRoom(read.room) ?? read;
    if (portal.membership === 'joined') {
      await this.hub.submitContact({
        nativeId: `${id} accept`,
        from: { address: data.to },
        to: data.from.address,
        action: 'accept',
      });
      return;
    }
    await this.portals.save({ ...portal, requested: true });
  }
}
