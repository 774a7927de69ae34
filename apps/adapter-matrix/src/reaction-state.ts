/** The reactions that each ghost has set. Canonical events carry the full set, Matrix has one event for each reaction. */
import type { Hub } from '#adapter-kit';
import { HubError, type EventId } from '#protocol';
import { reactionContent } from './from-canonical.js';
import type { MatrixClient } from './matrix.client.js';
import { digest16 } from './digest.js';

export class ReactionState {
  constructor(
    private readonly hub: Hub,
    private readonly client: MatrixClient,
  ) {}

  /** Adds and removes reactions until the ghost's set equals `wanted`; safe to repeat. @returns the ids of the new events */
  async set(
    ghost: string,
    room: string,
    target: { id: EventId; event: string },
    wanted: string[],
    txn: string,
  ): Promise<string[]> {
    const key = `shown.${target.id}.${digest16(ghost)}`;
    const shown = ((await this.hub.recent.get(key)) as Record<string, string> | undefined) ?? {};
    const made: string[] = [];
    for (const emoji of wanted.filter((one) => !(one in shown))) {
      const event = await this.add(ghost, room, target.event, emoji, `${txn}-${digest16(emoji)}`);
      if (event) made.push((shown[emoji] = event));
    }
    for (const emoji of Object.keys(shown).filter((one) => !wanted.includes(one))) {
      await this.client.redact(ghost, room, shown[emoji] ?? '', `${txn}-un-${digest16(emoji)}`);
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
