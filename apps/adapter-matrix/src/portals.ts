/**
 * Portals: the direct rooms of one Matrix user and one ghost. Either side creates one when it first needs it. The room
 * has an alias made of the pair, so that after a crash between its creation and its storing the adapter finds it again.
 * The alias is not the name of the room: clients name a direct room after the other person.
 */
import { createHash } from 'node:crypto';
import { HubError, type Address, type Party } from '#protocol';
import { StoredMap, type Hub } from '#adapter-kit';
import { LruCache } from '#service';
import { ghostTopic } from './from-canonical.js';
import type { Ghosts } from './ghosts.js';
import type { MatrixClient } from './matrix.client.js';
import { isForbidden } from './matrix.errors.js';
import { GHOST_PREFIX } from './user-ids.js';

/** A person who declined is not invited again for this time, ms. */
export const DECLINED_MS = 7 * 24 * 3600_000;

export interface Portal {
  room: string;
  user: string;
  foreign: Address;
  /**
   * Of the person. invited: has not answered; left: was in the room, so the next message invites again; declined: is not
   * invited again for a week.
   */
  membership: 'invited' | 'joined' | 'left' | 'declined';
  /** Membership `declined`: when, in ms since the epoch. */
  declinedAt?: number;
  /** The ghost was removed, or the room replaced: the next message creates another room. */
  closed?: boolean;
  /** The room that the homeserver names in its place, as long as the ghost is not in it. */
  replacedBy?: string;
  /** How many rooms the adapter created for this pair. */
  made?: number;
  /** The invitation carries a contact request of the remote person. */
  requested?: boolean;
}

/** Portals and rooms that are kept in memory; others are read when something happens in them. */
const CACHED = 50_000;
/** Users whose list of portals is kept in memory. */
const CACHED_USERS = 20_000;
/** Set when the portals of earlier releases, which had no index by user, are indexed. */
const INDEXED = 'portals-by-user';

export class Portals {
  /** The room that the pair uses now. */
  private readonly byPair: StoredMap<Portal>;
  /** Also earlier rooms of the pair: messages in them are still delivered. */
  private readonly byRoom: StoredMap<Portal>;
  /** Keys of the pairs of a user, from the index `portal-of.<user>.<pair>`. */
  private readonly pairsOf = new LruCache<string, Set<string>>({ max: CACHED_USERS });
  /** Portals that are being opened: bounded by the deliveries in progress. */
  private readonly pending = new Map<string, Promise<Portal>>();
  private answered: (portal: Portal, membership: string) => Promise<void> = () => Promise.resolve();

  constructor(
    private readonly hub: Hub,
    private readonly client: MatrixClient,
    private readonly ghosts: Ghosts,
    private readonly serverName: string,
  ) {
    this.byPair = new StoredMap(hub.memory, 'portal.', CACHED);
    this.byRoom = new StoredMap(hub.memory, 'room.', CACHED);
  }

  /** Once: indexes the portals of earlier releases. Must end before `inRoom`: the oldest portals have no entry by room. */
  async indexEarlierReleases(): Promise<void> {
    const { memory } = this.hub;
    if (await memory.get(INDEXED)) return;
    for await (const [, value] of memory.entries('portal.>')) {
      const portal = value as Portal | null;
      if (!portal) continue;
      if (!(await this.inRoom(portal.room))) await this.byRoom.put(roomKey(portal.room), portal);
      await this.index(portal);
    }
    await memory.put(INDEXED, true);
  }

  /** Called for a person who answered an invitation before its room was known, when the pushed answer could not be matched. */
  onAnswered(listener: (portal: Portal, membership: string) => Promise<void>): void {
    this.answered = listener;
  }

  find(user: string, foreign: Address): Promise<Portal | undefined> {
    return this.byPair.get(pairKey(user, foreign));
  }

  inRoom(room: string): Promise<Portal | undefined> {
    return this.byRoom.get(roomKey(room));
  }

  /** After `inRoom`: the newest state, without waiting, for a change that depends on it. */
  knownIn(room: string): Portal | undefined {
    return this.byRoom.known(roomKey(room));
  }

  /** Every open room with its person in it, read as the caller proceeds. */
  async *joined(): AsyncGenerator<Portal> {
    for await (const [, stored] of this.hub.memory.entries('room.>')) {
      const portal = stored as Portal | null;
      if (portal?.membership === 'joined' && !portal.closed) yield portal;
    }
  }

  /** The portals of one user, with the room that each pair uses now. */
  async ofUser(user: string): Promise<Portal[]> {
    const pairs = await Promise.all([...(await this.pairs(user))].map((pair) => this.byPair.get(pair)));
    return pairs.filter((portal) => portal !== undefined);
  }

  /**
   * The portal, with the ghost in it and the person invited.
   * @throws HubError 14 when there is no such person, 40 when they declined less than a week ago
   */
  async ensure(user: string, foreign: Party): Promise<Portal> {
    const key = pairKey(user, foreign.address);
    await this.byPair.load(key);
    const known = this.byPair.known(key);
    if (known && !known.closed && (known.membership === 'joined' || known.membership === 'invited'))
      return known;
    if (known?.membership === 'declined' && Date.now() - (known.declinedAt ?? 0) < DECLINED_MS)
      throw new HubError('40', 'the person declined the invitation less than a week ago');
    const before = this.pending.get(key);
    if (before) return before;
    const work = this.open(user, foreign, known).finally(() => this.pending.delete(key));
    this.pending.set(key, work);
    return work;
  }

  /** A room that the person made by inviting the ghost. The newest one is where messages go. */
  async adopt(room: string, user: string, foreign: Address): Promise<Portal> {
    const made = (await this.find(user, foreign))?.made;
    return this.save({ room, user, foreign, membership: 'joined', ...(made === undefined ? {} : { made }) });
  }

  /** Stores a changed room. The pair uses it from now on, unless it has a newer one. */
  async save(portal: Portal): Promise<Portal> {
    const key = pairKey(portal.user, portal.foreign);
    // The usual case changes the state before anybody else runs.
    if (!this.byPair.isLoaded(key)) await this.byPair.load(key);
    if (!this.pairsOf.get(portal.user)?.has(key)) await this.index(portal);
    const current = this.byPair.known(key);
    const isOver = portal.membership !== 'joined' || portal.closed === true;
    const isEarlier = current !== undefined && current.room !== portal.room && isOver;
    const stored = [this.byRoom.put(roomKey(portal.room), portal)];
    if (!isEarlier) stored.push(this.byPair.put(key, portal));
    await Promise.all(stored);
    return portal;
  }

  /** The room that replaces this one. undefined: the ghost cannot enter it, or the person is not in it. */
  async follow({ user, foreign }: Portal, room: string): Promise<Portal | undefined> {
    const ghost = await this.ghosts.ensure({ address: foreign });
    if (!(await this.client.join(ghost, room))) return undefined;
    if ((await this.client.membership(ghost, room, user)) === 'join') return this.adopt(room, user, foreign);
    await this.client.as(ghost, 'POST', `/rooms/${encodeURIComponent(room)}/leave`, {});
    return undefined;
  }

  /**
   * After a message was forbidden: a room in which the ghost may speak.
   * @returns undefined when the ghost is in the room, so that the answer stands
   */
  async reopen(portal: Portal, foreign: Party): Promise<Portal | undefined> {
    const ghost = await this.ghosts.ensure(foreign);
    const membership = await this.client.membership(ghost, portal.room, ghost);
    if (membership === 'join') return undefined;
    if (membership === 'invite' && (await this.client.join(ghost, portal.room))) return portal;
    await this.save({ ...portal, closed: true });
    return this.ensure(portal.user, foreign);
  }

  /** Whether the ghost can write in this room and the person is in it. */
  async isOpen(room: string): Promise<boolean> {
    const portal = await this.inRoom(room);
    return portal?.membership === 'joined' && !portal.closed;
  }

  private async open(user: string, foreign: Party, known: Portal | undefined): Promise<Portal> {
    if (known?.replacedBy !== undefined) {
      const followed = await this.follow(known, known.replacedBy);
      if (followed) return followed;
    }
    if (known && !known.closed) {
      const again = await this.inviteAgain(known, foreign);
      if (again) return again;
    }
    return this.create(user, foreign, (known?.made ?? 0) + 1);
  }

  private async create(user: string, foreign: Party, made: number): Promise<Portal> {
    if (!(await this.client.profile(user))) throw new HubError('14', 'there is no such user');
    const ghost = await this.ghosts.ensure(foreign);
    const first = `${GHOST_PREFIX}_${pairKey(user, foreign.address)}`;
    const alias = made === 1 ? first : `${first}_${made}`;
    const room = await this.client
      .as<{ room_id: string }>(ghost, 'POST', '/createRoom', {
        preset: 'trusted_private_chat',
        is_direct: true,
        invite: [user],
        room_alias_name: alias,
        // Without a canonical alias, clients name the room after the ghost, also when the person's name changes.
        initial_state: [{ type: 'm.room.canonical_alias', state_key: '', content: {} }],
        topic: ghostTopic(foreign.address),
      })
      .then(({ room_id }) => room_id)
      .catch((error: unknown) => this.madeBefore(ghost, alias, error));
    return this.invited({ room, user, foreign: foreign.address, membership: 'invited', made }, ghost);
  }

  /**
   * The person was invited, and the pair speaks in this room from now on. They may have answered already: homeservers push
   * events also before they answer the request that caused them. So the portal is known first, then their membership is
   * read, and then the portal is stored; after a failure or a crash before that, all of it is done again.
   */
  private async invited(portal: Portal, ghost: string): Promise<Portal> {
    const key = pairKey(portal.user, portal.foreign);
    const before = this.byPair.known(key);
    this.byRoom.assume(roomKey(portal.room), portal);
    this.byPair.assume(key, portal);
    try {
      const membership = await this.client.membership(ghost, portal.room, portal.user);
      if (membership !== undefined && membership !== 'invite') await this.answered(portal, membership);
      const now = await this.save(this.knownIn(portal.room) ?? portal);
      if (now.membership === 'declined') throw new HubError('40', 'the person declined the invitation');
      return now;
    } catch (error) {
      if (this.byPair.known(key) === portal) this.byPair.assume(key, before);
      throw error;
    }
  }

  private async madeBefore(ghost: string, alias: string, error: unknown): Promise<string> {
    if (!(error instanceof HubError) || !error.detail.includes('M_ROOM_IN_USE')) throw error;
    const path = `/directory/room/${encodeURIComponent(`#${alias}:${this.serverName}`)}`;
    return (await this.client.as<{ room_id: string }>(ghost, 'GET', path)).room_id;
  }

  /** undefined: the ghost cannot invite into that room any more. */
  private async inviteAgain(portal: Portal, foreign: Party): Promise<Portal | undefined> {
    const ghost = await this.ghosts.ensure(foreign);
    const path = `/rooms/${encodeURIComponent(portal.room)}`;
    const { declinedAt: _answered, ...open } = portal;
    try {
      await this.client.as(ghost, 'POST', `${path}/invite`, { user_id: portal.user });
    } catch (error) {
      if (!isForbidden(error)) throw error;
      const membership = await this.client.membership(ghost, portal.room, portal.user);
      if (membership === 'join') return this.save({ ...open, membership: 'joined' });
      if (membership !== 'invite') return undefined;
    }
    const now = this.knownIn(portal.room);
    if (now?.membership === 'joined') return now;
    return this.invited({ ...open, membership: 'invited' }, ghost);
  }

  private async pairs(user: string): Promise<ReadonlySet<string>> {
    const known = this.pairsOf.get(user);
    if (known) return known;
    const read = new Set<string>();
    const before = `${indexKey(user)}.`;
    for await (const [key] of this.hub.memory.entries(`${before}*`)) read.add(key.slice(before.length));
    // A portal may have been stored meanwhile, and with it the cached set.
    const pairs = this.pairsOf.get(user) ?? read;
    this.pairsOf.set(user, pairs);
    return pairs;
  }

  private async index({ user, foreign }: Portal): Promise<void> {
    const pair = pairKey(user, foreign);
    const pairs = await this.pairs(user);
    if (pairs.has(pair)) return;
    await this.hub.memory.put(`${indexKey(user)}.${pair}`, true);
    this.pairsOf.get(user)?.add(pair);
  }
}

function roomKey(room: string): string {
  return Buffer.from(room).toString('base64url');
}

function indexKey(user: string): string {
  return `portal-of.${Buffer.from(user).toString('base64url')}`;
}

function pairKey(user: string, foreign: Address): string {
  return createHash('sha256').update(`${user} ${foreign}`).digest('hex').slice(0, 32);
}
