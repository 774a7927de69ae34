/** Reads rooms where the homeserver pushed nothing: from before a ghost was there, and what it failed to push. */
import { LRUCache } from 'lru-cache';
import { toHubError, type Address } from '#protocol';
import type { Hub } from '#adapter-kit';
import type { MatrixClient } from './matrix.client.js';
import type { Portals } from './portals.js';

const PAGES_AT_MOST = 50;
/** Nothing pushed for this long: time to look. */
const QUIET_MS = 10_000;
/** A room is looked at this long after something happened in it: often at first, then hardly. */
const LOOKS_MS = [QUIET_MS, 60_000, 600_000];
/** Well within the week for which an event is recognised: older ones are never read again. */
const READ_BACK_MS = 24 * 3600_000;
/** What was on its way when the homeserver went, and clocks that differ. */
const MARGIN_MS = 60_000;

interface PagedEvent {
  event_id?: string;
  state_key?: string;
  origin_server_ts?: number;
}

interface Activity {
  /** Up to here, nothing is missing. */
  sound: number;
  at: number;
  looks: number;
}

export class CatchUp {
  /** Events read, however they came to us. */
  private readonly known = new LRUCache<string, true>({ max: 50_000 });
  /** Rooms where something happened lately: should the homeserver's push fail, they are read. */
  private readonly active = new LRUCache<string, Activity>({ max: 5000 });
  private lastPush = 0;
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly hub: Hub,
    private readonly client: MatrixClient,
    private readonly portals: Portals,
    private readonly ghostOf: (foreign: Address) => Promise<string>,
    /** Takes events over as if they had been pushed. */
    private readonly take: (events: unknown[]) => Promise<void>,
    /** Runs when no transaction is being read. */
    private readonly inTurn: (work: () => Promise<void>) => Promise<void>,
  ) {
    this.timer = setInterval(() => this.readWhatWasNotPushed(), QUIET_MS);
    this.timer.unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /** The homeserver has pushed something. */
  pushed(): void {
    this.lastPush = Date.now();
  }

  /** Something happened in this room. */
  touch(room: string): void {
    const now = Date.now();
    this.active.set(room, { sound: this.active.get(room)?.sound ?? now, at: now, looks: 0 });
  }

  read(event: string): void {
    this.known.set(event, true);
  }

  /**
   * COMPAT(Synapse 1.160): a transaction that it had written down when it crashed is not sent after its restart, while
   * newer ones are. Before any of those is read, the rooms are.
   */
  homeserverReturned(awaySince: Date): void {
    this.readRooms([...this.active.keys()], awaySince.getTime());
  }

  /**
   * COMPAT(Synapse 1.160): after its crash under load, its queue towards us was seen to stand still for good, with the
   * application service "up". Rooms where something happened lately are read when nothing is pushed any more.
   */
  private readWhatWasNotPushed(): void {
    if (Date.now() - this.lastPush < QUIET_MS || !this.client.connected) return;
    this.readRooms(
      [...this.active.keys()].filter((room) => this.isDue(room)),
      Date.now(),
    );
  }

  private isDue(room: string): boolean {
    const lately = this.active.get(room);
    if (!lately || Date.now() - lately.at < (LOOKS_MS[lately.looks] ?? 0)) return false;
    if (++lately.looks >= LOOKS_MS.length) this.active.delete(room);
    return true;
  }

  private readRooms(rooms: string[], since: number): void {
    this.inTurn(async () => {
      for (const room of rooms) await this.catchUp(room, since);
    }).catch((error: unknown) => this.hub.log.warn({ reason: toHubError(error).detail }, 'rooms not read'));
  }

  private async catchUp(room: string, since: number): Promise<void> {
    const portal = this.portals.inRoom(room);
    if (portal?.membership !== 'joined') return;
    const lately = this.active.get(room);
    const begun = Date.now();
    await this.readRoom(
      await this.ghostOf(portal.foreign),
      room,
      Math.min(since, lately?.sound ?? since) - MARGIN_MS,
    );
    if (lately) lately.sound = begun;
  }

  /**
   * Reads a room backwards to the first event that is known and older than `since`, and takes over what is not known:
   * what was written before a ghost was in it, which the homeserver does not push, or what it failed to push.
   * @param since in ms since the epoch
   */
  async readRoom(ghost: string, room: string, since = Infinity): Promise<void> {
    const path = `/rooms/${encodeURIComponent(room)}/messages`;
    const missed: PagedEvent[] = [];
    for (let from: string | undefined = '', pages = 0; from !== undefined && pages < PAGES_AT_MOST; pages++) {
      const query = { dir: 'b', limit: '100', ...(from ? { from } : {}) };
      const page: { chunk?: PagedEvent[]; end?: string } = await this.client.as(
        ghost,
        'GET',
        path,
        undefined,
        query,
      );
      const chunk = page.chunk ?? [];
      const first = chunk.findIndex((event) => this.isKnown(event) && (event.origin_server_ts ?? 0) < since);
      missed.push(...(first < 0 ? chunk : chunk.slice(0, first)).filter((event) => !this.isKnown(event)));
      from = first < 0 && chunk.length > 0 ? page.end : undefined;
    }
    const events = missed
      .filter((event) => event.state_key === undefined)
      .map((event) => ({ ...event, room_id: room }));
    await this.take(events.reverse());
  }

  private isKnown({ event_id: id, origin_server_ts: at }: PagedEvent): boolean {
    return (id !== undefined && this.known.has(id)) || (at ?? 0) < Date.now() - READ_BACK_MS;
  }
}
