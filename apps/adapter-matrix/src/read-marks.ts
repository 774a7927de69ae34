/**
 * Finds the message that a read mark covers. Clients set it on the newest event of a room, which may be a reaction, an
 * edit, a redaction, a change of the room or our own "delivered" mark: it covers the last message before that event.
 */
import { toHubError } from '#protocol';
import { coversMessage, type Hub, type MessageRef } from '#adapter-kit';
import { LruCache } from '#service';
import type { Ghosts } from './ghosts.js';
import type { MatrixClient } from './matrix.client.js';
import { MatrixEvent, relationOf } from './matrix.events.js';
import type { Portal } from './portals.js';

const MESSAGES = new Set(['m.room.message', 'm.sticker']);

export class ReadMarks {
  /** Results by event: clients repeat marks on the same event. */
  private readonly known = new LruCache<string, MessageRef>({ max: 20_000 });

  constructor(
    private readonly hub: Hub,
    private readonly client: MatrixClient,
    private readonly ghosts: Ghosts,
  ) {}

  /** The last message of the other person up to this event. undefined: there is none. */
  async messageReadWith(portal: Portal, eventId: string): Promise<MessageRef | undefined> {
    const key = `${portal.room} ${eventId}`;
    const before = this.known.get(key);
    if (before) return before;
    const message = await this.hub.findNative(eventId);
    const isMessage = message?.author === portal.foreign && coversMessage(message, eventId);
    const found = isMessage ? message : await this.lookUp(portal, eventId);
    if (found) this.known.set(key, found);
    return found;
  }

  private async lookUp(portal: Portal, eventId: string): Promise<MessageRef | undefined> {
    const ghost = await this.ghosts.ensure({ address: portal.foreign });
    try {
      const { event, events_before: earlier = [] } = await this.client.messagesBefore(
        ghost,
        portal.room,
        eventId,
        ghost,
      );
      for (const raw of [event, ...earlier]) {
        const read = MatrixEvent.safeParse(raw).data;
        if (!read?.event_id || !isNewMessage(read) || read.sender !== ghost) continue;
        const message = await this.hub.findNative(read.event_id);
        if (message?.author === portal.foreign && coversMessage(message, read.event_id)) return message;
      }
      return undefined;
    } catch (thrown) {
      const { code, detail } = toHubError(thrown);
      if (code === '91') throw thrown;
      // The ghost may not see an event from before it joined, so the event is not a message of the ghost.
      this.hub.log.debug({ code, reason: detail }, 'event of a read mark not found');
      return undefined;
    }
  }
}

/** Whether the event is a message, and neither an edit nor a notice of the adapter. */
function isNewMessage({ type, content }: MatrixEvent): boolean {
  return (
    MESSAGES.has(type) && relationOf(content)?.rel_type !== 'm.replace' && content['msgtype'] !== 'm.notice'
  );
}
