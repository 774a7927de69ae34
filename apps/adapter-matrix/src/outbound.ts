/** Small state of what we show in rooms: which reactions a ghost has set, "delivered" marks, ghosts' presence. */
import { createHash } from 'node:crypto';
import type { Hub } from '#adapter-kit';
import { deliveredContent, presenceContent, reactionContent } from './from-canonical.js';
import type { MatrixClient } from './matrix.client.js';
import { HubError, type Availability, type EventId } from '#protocol';

const DELIVERED_EVERY_MS = 1000;
/** COMPAT(Synapse): a user who does not sync is shown offline after 30 s, so ghosts' presence is said again before. */
const PRESENCE_EVERY_MS = 20_000;
const MAX_PRESENT = 500;

export class ReactionState {
  constructor(
    private readonly hub: Hub,
    private readonly client: MatrixClient,
  ) {}

  /** Makes the ghost's reactions what `wanted` says; safe to repeat. @returns the event ids made */
  async set(
    ghost: string,
    room: string,
    target: { id: EventId; event: string },
    wanted: string[],
    txn: string,
  ): Promise<string[]> {
    const key = `shown.${target.id}.${short(ghost)}`;
    const shown = ((await this.hub.recent.get(key)) as Record<string, string> | undefined) ?? {};
    const made: string[] = [];
    for (const emoji of wanted.filter((one) => !(one in shown))) {
      const event = await this.add(ghost, room, target.event, emoji, `${txn}-${short(emoji)}`);
      if (event) made.push((shown[emoji] = event));
    }
    for (const emoji of Object.keys(shown).filter((one) => !wanted.includes(one))) {
      await this.client.redact(ghost, room, shown[emoji] ?? '', `${txn}-un-${short(emoji)}`);
      delete shown[emoji];
    }
    await this.hub.recent.put(key, shown);
    return made;
  }

  private async add(
    ghost: string,
    room: string,
    target: string,
    emoji: string,
    txn: string,
  ): Promise<string | undefined> {
    try {
      return await this.client.send(ghost, room, 'm.reaction', txn, reactionContent(target, emoji));
    } catch (error) {
      if (error instanceof HubError && error.detail.includes('M_DUPLICATE_ANNOTATION')) return undefined;
      throw error;
    }
  }
}

/** Marks are up-to and at most one a second and room: a homeserver has better things to do. */
export class DeliveredMarks {
  private readonly waiting = new Map<string, NodeJS.Timeout>();
  private readonly newest = new Map<string, { ghost: string; event: string; network: string }>();

  constructor(
    private readonly hub: Hub,
    private readonly client: MatrixClient,
  ) {}

  mark(room: string, ghost: string, event: string, network: string): void {
    this.newest.set(room, { ghost, event, network });
    if (this.waiting.has(room)) return;
    this.waiting.set(
      room,
      setTimeout(() => {
        this.waiting.delete(room);
        const mark = this.newest.get(room);
        this.newest.delete(room);
        if (!mark) return;
        this.client
          .send(
            mark.ghost,
            room,
            'com.beeper.message_send_status',
            `delivered-${short(mark.event)}`,
            deliveredContent(mark.event, mark.ghost, mark.network),
          )
          .catch((error: unknown) =>
            this.hub.log.debug({ reason: (error as Error).message }, 'delivered mark not shown'),
          );
      }, DELIVERED_EVERY_MS),
    );
  }
}

export class GhostPresence {
  private readonly present = new Map<
    string,
    { availability: Availability; statusText: string | undefined }
  >();
  private readonly timer: NodeJS.Timeout;

  constructor(private readonly client: MatrixClient) {
    this.timer = setInterval(() => void this.sayAgain(), PRESENCE_EVERY_MS);
    this.timer.unref();
  }

  async show(ghost: string, availability: Availability, statusText: string | undefined): Promise<void> {
    this.present.delete(ghost);
    if (availability !== 'offline' && availability !== 'unknown')
      this.present.set(ghost, { availability, statusText });
    for (const oldest of this.present.keys()) {
      if (this.present.size <= MAX_PRESENT) break;
      this.present.delete(oldest);
    }
    await this.say(ghost, availability, statusText);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private async sayAgain(): Promise<void> {
    for (const [ghost, { availability, statusText }] of this.present)
      await this.say(ghost, availability, statusText).catch(() => undefined);
  }

  private async say(
    ghost: string,
    availability: Availability,
    statusText: string | undefined,
  ): Promise<void> {
    await this.client.as(
      ghost,
      'PUT',
      `/presence/${encodeURIComponent(ghost)}/status`,
      presenceContent(availability, statusText),
    );
  }
}

function short(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 16);
}
