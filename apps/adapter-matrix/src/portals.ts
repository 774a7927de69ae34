/**
 * Portals: the direct room of one Matrix user and one ghost. Made on first need by either side, found again after any
 * restart. The room carries an alias made of the pair, so that a crash between making and remembering finds it again.
 */
import { createHash } from 'node:crypto';
import { HubError, type Address, type Party } from '#protocol';
import type { Hub } from '#adapter-kit';
import { ghostTopic } from './from-canonical.js';
import type { Ghosts } from './ghosts.js';
import type { MatrixClient } from './matrix.client.js';
import { GHOST_PREFIX } from './user-ids.js';

export interface Portal {
  room: string;
  user: string;
  foreign: Address;
  /** Is the person in the room? Until then he has an invitation. */
  membership: 'invited' | 'joined' | 'left';
  /** A contact request of the foreign person that the invitation stands for. */
  requested?: boolean;
}

export class Portals {
  private readonly byPair = new Map<string, Portal>();
  private readonly byRoom = new Map<string, Portal>();
  private readonly pending = new Map<string, Promise<Portal>>();

  constructor(
    private readonly hub: Hub,
    private readonly client: MatrixClient,
    private readonly ghosts: Ghosts,
    private readonly serverName: string,
  ) {}

  /** Every portal back into memory: presence goes to all of them. */
  async load(): Promise<void> {
    for (const key of await this.hub.memory.keys('portal.>')) {
      const portal = (await this.hub.memory.get(key)) as Portal | undefined;
      if (portal) this.keep(portal);
    }
  }

  find(user: string, foreign: Address): Portal | undefined {
    return this.byPair.get(pairKey(user, foreign));
  }

  inRoom(room: string): Portal | undefined {
    return this.byRoom.get(room);
  }

  joined(): Portal[] {
    return [...this.byRoom.values()].filter(({ membership }) => membership === 'joined');
  }

  ofUser(user: string): Portal[] {
    return [...this.byPair.values()].filter((portal) => portal.user === user);
  }

  /** The portal, with the ghost in it and the person invited. Throws 14 when there is no such person. */
  async ensure(user: string, foreign: Party): Promise<Portal> {
    const key = pairKey(user, foreign.address);
    const known = this.byPair.get(key);
    if (known && known.membership !== 'left') return known;
    const before = this.pending.get(key);
    if (before) return before;
    const work = (known ? this.inviteAgain(known, foreign) : this.create(user, foreign)).finally(() =>
      this.pending.delete(key),
    );
    this.pending.set(key, work);
    return work;
  }

  /** A room that the person made himself by inviting the ghost. The newest one is where messages go. */
  adopt(room: string, user: string, foreign: Address): Promise<Portal> {
    return this.save({ room, user, foreign, membership: 'joined' });
  }

  async save(portal: Portal): Promise<Portal> {
    this.keep(portal);
    await Promise.all([
      this.hub.memory.put(`portal.${pairKey(portal.user, portal.foreign)}`, portal),
      this.hub.memory.put(`room.${Buffer.from(portal.room).toString('base64url')}`, portal),
    ]);
    return portal;
  }

  private async create(user: string, foreign: Party): Promise<Portal> {
    if (!(await this.client.profile(user))) throw new HubError('14', 'there is no such user');
    const ghost = await this.ghosts.ensure(foreign);
    const alias = `${GHOST_PREFIX}_${pairKey(user, foreign.address)}`;
    const room = await this.client
      .as<{ room_id: string }>(ghost, 'POST', '/createRoom', {
        preset: 'trusted_private_chat',
        is_direct: true,
        invite: [user],
        room_alias_name: alias,
        topic: ghostTopic(foreign.address),
      })
      .then(({ room_id }) => room_id)
      .catch((error: unknown) => this.madeBefore(ghost, alias, error));
    return this.save({ room, user, foreign: foreign.address, membership: 'invited' });
  }

  private async madeBefore(ghost: string, alias: string, error: unknown): Promise<string> {
    if (!(error instanceof HubError) || !error.detail.includes('M_ROOM_IN_USE')) throw error;
    const path = `/directory/room/${encodeURIComponent(`#${alias}:${this.serverName}`)}`;
    return (await this.client.as<{ room_id: string }>(ghost, 'GET', path)).room_id;
  }

  private async inviteAgain(portal: Portal, foreign: Party): Promise<Portal> {
    const ghost = await this.ghosts.ensure(foreign);
    await this.client.as(ghost, 'POST', `/rooms/${encodeURIComponent(portal.room)}/invite`, {
      user_id: portal.user,
    });
    return this.save({ ...portal, membership: 'invited' });
  }

  private keep(portal: Portal): void {
    this.byPair.set(pairKey(portal.user, portal.foreign), portal);
    this.byRoom.set(portal.room, portal);
  }
}

function pairKey(user: string, foreign: Address): string {
  return createHash('sha256').update(`${user} ${foreign}`).digest('hex').slice(0, 32);
}
