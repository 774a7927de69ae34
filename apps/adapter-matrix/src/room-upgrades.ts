/** Room upgrades: a room is replaced by another, and the pair continues in the new room. */
import type { Address } from '#protocol';
import type { Hub } from '#adapter-kit';
import { keyOf } from './notices.js';
import type { Portal, Portals } from './portals.js';

interface Replaced {
  user: string;
  foreign: Address;
}

export class RoomUpgrades {
  constructor(
    private readonly hub: Hub,
    private readonly portals: Portals,
  ) {}

  /**
   * A portal ends and names its successor. The ghost joins it at once if it can; otherwise when it is invited, or when
   * the remote person writes next.
   */
  async follow(portal: Portal, room: string): Promise<void> {
    const { user, foreign } = portal;
    await this.hub.memory.put(keyFor(room), { user, foreign } satisfies Replaced);
    const followed = await this.portals.follow(portal, room);
    await this.portals.save({ ...portal, closed: true, ...(followed ? {} : { replacedBy: room }) });
    this.hub.log.info(
      { room: portal.room, replacement: room, entered: followed !== undefined },
      'room replaced',
    );
  }

  /** Whether the room is the successor of a room of this pair: an invitation of the ghost to it continues the conversation. */
  async isReplacement(room: string, user: string, foreign: Address): Promise<boolean> {
    const replaced = (await this.hub.memory.get(keyFor(room))) as Replaced | null | undefined;
    return replaced?.user === user && replaced.foreign === foreign;
  }
}

function keyFor(room: string): string {
  return `replaces.${keyOf(room)}`;
}
