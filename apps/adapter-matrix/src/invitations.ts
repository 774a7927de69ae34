/**
 * What was written into rooms whose invitation is unanswered. It is reported as stored; when the person joins it is
 * delivered, and when they decline it has failed.
 */
import { HubError, networkOf, type MessageEvent } from '#protocol';
import type { Hub, LateEnd, LateEvent } from '#adapter-kit';
import { keyOf } from './notices.js';
import type { Portals } from './portals.js';

/** Messages that wait in one room. */
const MOST_WAITING = 200;

export class Invitations {
  /** One change after the other for each room. */
  private readonly turns = new Map<string, Promise<unknown>>();

  constructor(
    private readonly hub: Hub,
    private readonly portals: Portals,
  ) {}

  /** @throws HubError 102 when so many wait that no more are sent */
  async admit(room: string): Promise<void> {
    if ((await this.waiting(room)).length >= MOST_WAITING)
      throw new HubError('102', 'the invitation to the room is unanswered, and many messages wait in it');
  }

  /** A message was sent into a room whose invitation was unanswered. */
  sent(room: string, event: MessageEvent): Promise<void> {
    const late = { id: event.id, author: networkOf(event.data.from.address) };
    return this.inTurn(room, async () => {
      // Answered while it was being sent.
      const end = endFor(this.portals.inRoom(room)?.membership);
      if (end) return this.hub.submitOutcome(late, end);
      const before = await this.waiting(room);
      if (before.some(({ id, author }) => id === late.id && author === late.author)) return;
      await this.hub.recent.put(keyFor(room), [...before, late]);
    });
  }

  /** The person answered, as the portal says. Safe to repeat. */
  answered(room: string): Promise<void> {
    return this.inTurn(room, async () => {
      const end = endFor(this.portals.inRoom(room)?.membership);
      const waiting = end ? await this.waiting(room) : [];
      if (!end || waiting.length === 0) return;
      for (const event of waiting) await this.hub.submitOutcome(event, end);
      await this.hub.recent.put(keyFor(room), []);
    });
  }

  private async waiting(room: string): Promise<LateEvent[]> {
    return ((await this.hub.recent.get(keyFor(room))) as LateEvent[] | null | undefined) ?? [];
  }

  private inTurn(room: string, work: () => Promise<void>): Promise<void> {
    const done = (this.turns.get(room) ?? Promise.resolve()).then(work, work);
    this.turns.set(room, done);
    return done.finally(() => {
      if (this.turns.get(room) === done) this.turns.delete(room);
    });
  }
}

function endFor(membership: string | undefined): LateEnd | undefined {
  if (membership === 'joined') return { outcome: 'delivered' };
  if (membership === 'invited') return undefined;
  return { outcome: 'failed', code: '40', detail: 'the person declined the invitation to the room' };
}

function keyFor(room: string): string {
  return `waiting.${keyOf(room)}`;
}
