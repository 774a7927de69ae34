/** Finds the message to which an event id belongs. An edit is an event with an id of its own, and others may refer to it. */
import { HubError, plainText, type EventId, type Part } from '#protocol';
import type { Hub } from '#adapter-kit';
import type { Ghosts } from './ghosts.js';
import type { MatrixClient } from './matrix.client.js';
import { MatrixEvent } from './matrix.events.js';
import { keyOf } from './notices.js';
import type { Portal } from './portals.js';
import { readEvent } from './to-canonical.js';

/** An edit by a person of this homeserver. */
interface Edit {
  target: EventId;
  /** Event id of the first version. */
  first: string;
}

export class References {
  constructor(
    private readonly hub: Hub,
    private readonly client: MatrixClient,
    private readonly ghosts: Ghosts,
  ) {}

  /** The message of an event id, which may be the id of an edit. undefined: the message never crossed, or is too old. */
  async messageOf(eventId: string): Promise<EventId | undefined> {
    const known = (await this.hub.findNative(eventId))?.id ?? (await this.editOf(eventId))?.target;
    return known ?? (await this.hub.findReferred(eventId))?.id;
  }

  /** @throws HubError 25 */
  async target(eventId: string): Promise<EventId> {
    const found = await this.messageOf(eventId);
    if (!found) throw new HubError('25', 'the message that this refers to never crossed');
    return found;
  }

  /** Stores which message an edit changes. @param edited event id of the first version, or of an earlier edit */
  async rememberEdit(editId: string, edited: string, target: EventId): Promise<void> {
    const first = (await this.editOf(edited))?.first ?? edited;
    await this.hub.recent.put(`edit.${keyOf(editId)}`, { target, first } satisfies Edit);
  }

  async editOf(eventId: string): Promise<Edit | undefined> {
    return ((await this.hub.recent.get(`edit.${keyOf(eventId)}`)) as Edit | null | undefined) ?? undefined;
  }

  /** The content of a message after this edit was redacted: its newest other edit, or its first version. */
  async bodyWithout(redacted: string, { first }: Edit, { room, user, foreign }: Portal): Promise<Part> {
    const ghost = await this.ghosts.ensure({ address: foreign });
    const edits = await this.client.editsOf(ghost, room, first);
    for (const raw of edits) {
      const edit = MatrixEvent.safeParse(raw).data;
      if (!edit || edit.sender !== user || edit.event_id === redacted) continue;
      const act = readEvent(edit);
      if (act.act === 'edit') return act.body;
    }
    const content = await this.client.eventContent(ghost, room, first);
    const act = readEvent({ type: 'm.room.message', content });
    // An empty body would be a recall, so a first version that is an attachment without text stays as it is.
    if (act.act === 'message') return act.body.kind === 'null' ? plainText('') : act.body;
    throw new HubError('25', 'the version before the edit cannot be read');
  }
}
