/** Contact requests of remote people. The invitation to the portal is the request; joining the room accepts it. */
import type { Hub } from '#adapter-kit';
import type { ContactEvent } from '#protocol';
import type { Portal, Portals } from './portals.js';

export class ContactRequests {
  constructor(
    private readonly hub: Hub,
    private readonly portals: Portals,
  ) {}

  /** A request to the person of this portal. Reads the portal again: the person may have joined since the caller read it. */
  async arrived({ id, data }: Pick<ContactEvent, 'id' | 'data'>, read: Portal): Promise<void> {
    await this.portals.inRoom(read.room);
    const portal = this.portals.knownIn(read.room) ?? read;
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
