/**
 * Reads events that the homeserver does not push: those from before a ghost was in the room, and those whose push failed.
 *
 * COMPAT(Synapse 1.160): it queues events that it could not push, and pushes them later, oldest first. But events that it
 * queues at the moment when it marks us as reachable again, or had queued when it crashed, stay in the queue until the
 * next failure, while it pushes newer ones. So after every failure, of the homeserver or of this adapter, the order is in
 * doubt. While it is, a room is read before events pushed from it are processed; afterwards every room is read once.
 */
import { toHubError, type Address } from '#protocol';
import { guarded, LruCache, runInBackground, sleep } from '#service';
import type { MatrixEvent } from './matrix.events.js';
import type { InboundParts } from './matrix.session.js';
import { isOurs } from './user-ids.js';

const TASK = 'rooms read';
const PAGES_AT_MOST = 50;
/** Events of the first page and of each later page: usually few are missing. */
const [FIRST_PAGE, PAGE] = [20, 100];
/** Rooms are read when nothing was pushed for this time, ms. */
const QUIET_MS = 10_000;
/** An active room is read at these times after its last event, ms. */
const LOOKS_MS = [QUIET_MS, 60_000, 600_000];
/** Events older than this are not read, ms. The bus recognises repeated events for a week. */
const READ_BACK_MS = 24 * 3600_000;
/** Allowance for events in transit when a failure began, and for clock differences, ms. */
const MARGIN_MS = 60_000;
/** Doubt ends this long after the last failure, ms. */
const DOUBT_MS = 30_000;
/** A message pushed later than this after it was written, ms, waited in the queue: the homeserver is still catching up. */
const LATE_MS = 15_000;
/** Pause between two rooms when all rooms are read, ms, to limit the load of the homeserver. */
const PACE_MS = 200;

interface Activity {
  at: number;
  looks: number;
}

interface CatchUpParts extends Pick<InboundParts, 'serverName' | 'hub' | 'client' | 'portals'> {
  /** The user id of the ghost of a remote person. */
  ghostOf: (remote: Address) => Promise<string>;
  /** Processes events as if the homeserver had pushed them. */
  take: (events: unknown[]) => Promise<unknown>;
  /** Runs work when nothing else of the room is being processed. */
  inTurn: (room: string, work: () => Promise<void>) => Promise<void>;
}

export class CatchUp {
  /**
   * Events that are stored, whether they were pushed or read. COMPAT(Synapse on SQLite): after a crash it numbers its
   * transactions anew and reuses an id for other events, so transaction ids are not used for deduplication.
   */
  private readonly known = new LruCache<string, true>({ max: 50_000 });
  /** Rooms with recent events. They are read if the homeserver stops pushing. */
  private readonly active = new LruCache<string, Activity>({ max: 5000 });
  /** The newest event of a room when it was last read: that event and all earlier ones are stored. */
  private readonly readTo = new LruCache<string, string>({ max: 50_000 });
  /** The start of this adapter ends an absence, so it begins with doubt. */
  private doubt = { since: Date.now(), until: Date.now() + DOUBT_MS };
  private roundDue = true;
  private lastPush = 0;
  private readonly timer: NodeJS.Timeout;
  private readonly stopping = new AbortController();

  constructor(private readonly parts: CatchUpParts) {
    const { hub } = parts;
    this.timer = setInterval(
      guarded(TASK, hub.log, () => this.look()),
      QUIET_MS,
    );
    this.timer.unref();
  }

  stop(): void {
    clearInterval(this.timer);
    this.stopping.abort();
  }

  /** The homeserver has pushed something. */
  pushed(): void {
    this.lastPush = Date.now();
  }

  /** Something happened in this room. */
  touch(room: string): void {
    this.active.set(room, { at: Date.now(), looks: 0 });
  }

  stored(event: string): void {
    this.known.set(event, true);
  }

  isKnown(event: string | undefined): boolean {
    return event !== undefined && this.known.has(event);
  }

  /** An event could not be stored, pushed or read. */
  refused(): void {
    this.mistrust(Date.now());
  }

  homeserverReturned(awaySince: Date): void {
    this.mistrust(awaySince.getTime());
    this.readRooms([...this.active.keys()]);
  }

  /** While in doubt: reads the earlier events of their rooms before these are processed. */
  async before(events: MatrixEvent[]): Promise<void> {
    const fresh = events.filter(
      ({ event_id: id, state_key }) => state_key === undefined && !this.isKnown(id),
    );
    if (fresh.some((event) => this.isLate(event))) this.mistrust(Date.now());
    if (Date.now() > this.doubt.until) return;
    for (const room of new Set(fresh.map(({ room_id: room }) => room)))
      if (room !== undefined) await this.catchUp(room);
  }

  /** Only events of this homeserver's users count: other homeservers have other clocks, and ghosts send events with old times. */
  private isLate({ sender = '', origin_server_ts: at }: MatrixEvent): boolean {
    const local = sender.endsWith(`:${this.parts.serverName}`) && !isOurs(sender, this.parts.serverName);
    return local && at !== undefined && Date.now() - at > LATE_MS;
  }

  private mistrust(since: number): void {
    const now = Date.now();
    this.doubt = {
      since: now > this.doubt.until ? since : Math.min(since, this.doubt.since),
      until: now + DOUBT_MS,
    };
    this.roundDue = true;
  }

  private look(): void {
    if (!this.parts.client.connected) return;
    // COMPAT(Synapse 1.160): after its crash under load, its queue towards us was seen to stand still for good, with
    // the application service "up".
    if (Date.now() - this.lastPush > QUIET_MS)
      this.readRooms([...this.active.keys()].filter((room) => this.isDue(room)));
    if (!this.roundDue || Date.now() < this.doubt.until) return;
    this.roundDue = false;
    runInBackground(TASK, this.parts.hub.log, () => this.readEveryRoom());
  }

  private isDue(room: string): boolean {
    const lately = this.active.get(room);
    if (!lately || Date.now() - lately.at < (LOOKS_MS[lately.looks] ?? 0)) return false;
    if (++lately.looks >= LOOKS_MS.length) this.active.delete(room);
    return true;
  }

  private readRooms(rooms: string[]): void {
    runInBackground(TASK, this.parts.hub.log, async () => {
      for (const room of rooms) await this.parts.inTurn(room, () => this.catchUp(room));
    });
  }

  /** Doubt is over. Rooms from which nothing was pushed since may still have events in the queue. */
  private async readEveryRoom(): Promise<void> {
    try {
      for await (const { room } of this.parts.portals.joined()) {
        if (this.roundDue || this.stopping.signal.aborted) return;
        await this.parts.inTurn(room, () => this.catchUp(room));
        await sleep(PACE_MS, this.stopping.signal);
      }
    } catch (error) {
      this.roundDue = true;
      throw error;
    }
  }

  private async catchUp(room: string): Promise<void> {
    const portal = await this.parts.portals.inRoom(room);
    if (portal?.membership !== 'joined') return;
    try {
      await this.readRoom(await this.parts.ghostOf(portal.foreign), room, this.doubt.since - MARGIN_MS);
    } catch (thrown) {
      const error = toHubError(thrown);
      if (error.verdict === 'retry') throw error;
      // A room that cannot be read does not stop the others.
      this.parts.hub.log.warn({ room, code: error.code, reason: error.detail }, 'room not read');
    }
  }

  /**
   * Reads a room backwards, to the event where the last reading ended or to the first stored event older than `since`,
   * and processes the events that are not stored: those from before a ghost was in the room, and those whose push failed.
   * @param since ms since the epoch
   */
  async readRoom(ghost: string, room: string, since = Infinity): Promise<void> {
    const path = `/rooms/${encodeURIComponent(room)}/messages`;
    const read: MatrixEvent[] = [];
    for (let from: string | undefined = '', pages = 0; from !== undefined && pages < PAGES_AT_MOST; pages++) {
      const limit = String(pages === 0 ? FIRST_PAGE : PAGE);
      const query = { dir: 'b', limit, ...(from ? { from } : {}) };
      const page: { chunk?: MatrixEvent[]; end?: string } = await this.parts.client.as(
        ghost,
        'GET',
        path,
        undefined,
        query,
      );
      const chunk = page.chunk ?? [];
      const end = await this.endOf(chunk, this.readTo.get(room), since);
      read.push(...chunk.slice(0, end));
      from = end === chunk.length && chunk.length > 0 ? page.end : undefined;
    }
    const missed = read.filter(({ event_id: id, state_key }) => state_key === undefined && !this.isKnown(id));
    await this.parts.take(missed.map((event) => ({ ...event, room_id: room })).reverse());
    const newest = read[0]?.event_id;
    if (newest !== undefined) this.readTo.set(room, newest);
  }

  /** The number of these events, newest first, that may not be stored. */
  private async endOf(chunk: MatrixEvent[], readTo: string | undefined, since: number): Promise<number> {
    for (const [index, { event_id: id, origin_server_ts: at = 0 }] of chunk.entries()) {
      if (id === readTo || at < Date.now() - READ_BACK_MS) return index;
      if (at < since && id !== undefined && (this.isKnown(id) || (await this.parts.hub.findNative(id))))
        return index;
    }
    return chunk.length;
  }
}
