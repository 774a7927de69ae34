/**
 * Messages in rooms whose invitation is unanswered. Their outcome is first `submitted`; it becomes `delivered` when the
 * person joins, and `failed` when they decline or when the message expires.
 */
import { z } from 'zod';
import { EventId, HubError, Network, networkOf, type MessageEvent } from '#protocol';
import type { Hub, LateEvent, LateReport } from '#adapter-kit';
import { PeriodicTask, tolerate, TurnsByKey } from '#service';
import type { Ghosts } from './ghosts.js';
import type { MatrixClient } from './matrix.client.js';
import { keyOf } from './notices.js';
import type { Portal, Portals } from './portals.js';

const TASK = 'unanswered messages expired';
/** Messages that wait in one room. */
const MOST_WAITING = 200;
/** Rooms whose waiting messages are watched at the same time. */
const MOST_WATCHED = 50_000;
/** Interval of the search for expired messages, ms. */
const SWEEP_MS = 5000;
/** The expiry of an event that names none: what the kit gives to every event that it makes. */
const EXPIRES_AFTER_MS = 48 * 3600_000;

/** One record for each room, in the adapter's durable memory. */
const WaitingIn = z.object({
  room: z.string(),
  events: z.array(
    z.object({
      event: z.object({ id: EventId, author: Network }),
      /** Expiry time, in ms since the epoch. */
      until: z.number(),
    }),
  ),
});
type WaitingIn = z.infer<typeof WaitingIn>;
type Waiting = WaitingIn['events'][number];

export class Invitations {
  /** One change after the other for each record. */
  private readonly turns = new TurnsByKey();
  /** By key of the record: when its first event expires, in ms since the epoch. Records beyond the limit are found when others ended. */
  private readonly due = new Map<string, number>();
  private hasMore = false;
  private rounds: PeriodicTask | undefined;

  constructor(
    private readonly hub: Hub,
    private readonly portals: Portals,
    private readonly ghosts: Ghosts,
    private readonly client: MatrixClient,
  ) {}

  /** Finds what earlier processes left, and from then on ends what expires. */
  async start(): Promise<void> {
    await this.findRecords();
    this.rounds = new PeriodicTask(SWEEP_MS, () => this.expire(Date.now()), TASK, this.hub.log);
  }

  async stop(): Promise<void> {
    await this.rounds?.stop();
  }

  /** @throws HubError 102 when the room has the maximum of waiting messages */
  async admit(room: string): Promise<void> {
    if ((await this.waiting(keyFor(room))).length >= MOST_WAITING)
      throw new HubError('102', 'the invitation to the room is unanswered, and many messages wait in it');
  }

  /** A message was sent into a room whose invitation was unanswered. */
  sent(room: string, event: MessageEvent): Promise<void> {
    const late = { id: event.id, author: networkOf(event.data.from.address) };
    const key = keyFor(room);
    return this.turns.run(key, async () => {
      // The person answered while the message was being sent.
      const end = endFor((await this.portals.inRoom(room))?.membership);
      if (end) return this.hub.submitOutcome(late, end);
      const before = await this.waiting(key);
      if (before.some((one) => isSame(one.event, late))) return;
      await this.keep(key, room, [...before, { event: late, until: expiryOf(event) }]);
    });
  }

  /** The person answered, as the portal says. Safe to repeat. */
  answered(room: string): Promise<void> {
    const key = keyFor(room);
    return this.turns.run(key, async () => {
      const end = endFor((await this.portals.inRoom(room))?.membership);
      if (end) await this.endAll(key, room, await this.waiting(key), end);
    });
  }

  /**
   * Ends expired messages: redacts them in the room, and reports the failure to their senders.
   * @param now in ms since the epoch
   */
  async expire(now: number): Promise<void> {
    if (this.hasMore && this.due.size < MOST_WATCHED / 2) await this.findRecords();
    for (const [key, first] of this.due)
      if (first <= now)
        await tolerate(TASK, this.hub.log, () => this.turns.run(key, () => this.expireIn(key, now)));
  }

  /** What is due is known when the record is read. */
  private async findRecords(): Promise<void> {
    this.hasMore = false;
    for (const key of await this.hub.recent.keys('waiting.>')) if (!this.due.has(key)) this.watch(key, 0);
  }

  private watch(key: string, until: number): void {
    if (this.due.size < MOST_WATCHED || this.due.has(key)) this.due.set(key, until);
    else this.hasMore = true;
  }

  private async expireIn(key: string, now: number): Promise<void> {
    const { room, events } = (await this.read(key)) ?? { room: '', events: [] };
    const portal = await this.portals.inRoom(room);
    const answer = endFor(portal?.membership);
    if (answer) return this.endAll(key, room, events, answer);
    for (const { event, until } of events.filter((one) => one.until <= now)) {
      if (portal)
        await tolerate('expired message withdrawn', this.hub.log, () => this.withdraw(portal, event));
      const detail = `expired ${new Date(until).toISOString()}: the invitation to the room is unanswered`;
      await this.hub.submitOutcome(event, { stage: 'failed', basis: 'network', code: '68', detail });
    }
    await this.keep(
      key,
      room,
      events.filter(({ until }) => until > now),
    );
  }

  private async endAll(key: string, room: string, events: Waiting[], end: LateReport): Promise<void> {
    if (events.length === 0) return;
    for (const { event } of events) await this.hub.submitOutcome(event, end);
    await this.keep(key, room, []);
  }

  /** Redacts a failed message: its sender may have written it again, and the person must not read it when they join. */
  private async withdraw({ room, foreign }: Portal, event: LateEvent): Promise<void> {
    const ghost = await this.ghosts.ensure({ address: foreign });
    const { native = [] } = (await this.hub.find(event.id, event.author)) ?? {};
    for (const id of native) await this.client.redact(ghost, room, id, `expired-${keyOf(id)}`);
  }

  private async waiting(key: string): Promise<Waiting[]> {
    return (await this.read(key))?.events ?? [];
  }

  private async read(key: string): Promise<WaitingIn | undefined> {
    const stored = (await this.hub.recent.get(key)) ?? undefined;
    const record = WaitingIn.safeParse(stored);
    if (!record.success && stored !== undefined)
      this.hub.log.warn(
        { key, stored },
        'record of an unanswered invitation cannot be read, and is left out',
      );
    return record.data;
  }

  private async keep(key: string, room: string, events: Waiting[]): Promise<void> {
    await this.hub.recent.put(key, { room, events } satisfies WaitingIn);
    if (events.length === 0) this.due.delete(key);
    else this.watch(key, Math.min(...events.map(({ until }) => until)));
  }
}

function endFor(membership: Portal['membership'] | undefined): LateReport | undefined {
  if (membership === 'joined') return { stage: 'delivered', basis: 'network' };
  if (membership === 'invited' || membership === undefined) return undefined;
  return {
    stage: 'failed',
    basis: 'network',
    code: '40',
    detail: 'the person declined the invitation to the room',
  };
}

function isSame(one: LateEvent, other: LateEvent): boolean {
  return one.id === other.id && one.author === other.author;
}

function expiryOf({ expirytime, time }: MessageEvent): number {
  return expirytime === undefined ? Date.parse(time) + EXPIRES_AFTER_MS : Date.parse(expirytime);
}

function keyFor(room: string): string {
  return `waiting.${keyOf(room)}`;
}
