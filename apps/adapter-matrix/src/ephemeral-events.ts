/** Typing, receipts and presence, which the homeserver pushes beside the events of rooms. */
import { toHubError } from '#protocol';
import { LruCache } from '#service';
import { MatrixEvent, PresenceContent, ReceiptContent, TypingContent } from './matrix.events.js';
import type { InboundParts } from './matrix.session.js';
import type { Portal } from './portals.js';
import { ReadMarks } from './read-marks.js';
import { readAvailability } from './to-canonical.js';
import { isOurs, person } from './user-ids.js';

const TYPING_TTL_MS = 30_000;

export class EphemeralEvents {
  private readonly typing = new LruCache<string, boolean>({ max: 20_000 });
  private readonly readMarks: ReadMarks;

  constructor(private readonly parts: Omit<InboundParts, 'invitations'>) {
    this.readMarks = new ReadMarks(parts.hub, parts.client, parts.ghosts);
  }

  /** Records what cannot be read: ephemeral events have no sender to whom they could be refused. */
  async read(raw: unknown): Promise<void> {
    const event = MatrixEvent.safeParse(raw);
    if (!event.success) return this.unreadable('no event', raw);
    const { type, content, room_id: room, sender } = event.data;
    if (type === 'm.presence') return this.readPresence(sender, content, raw);
    if (type !== 'm.typing' && type !== 'm.receipt') return this.unreadable(`${type} is not known`, raw);
    if (room === undefined) return this.unreadable('no room', raw);
    const portal = await this.parts.portals.inRoom(room);
    // Not a portal, or no longer one: nothing in the room concerns another network.
    if (!portal) return;
    if (type === 'm.typing') return this.readTyping(portal, content, raw);
    await this.readReceipts(portal, content, raw).catch((error: unknown) =>
      this.parts.hub.log.warn({ reason: toHubError(error).detail }, 'receipt not stored'),
    );
  }

  private unreadable(why: string, raw: unknown): void {
    this.parts.hub.notCarried({ kind: 'unreadable', why, native: JSON.stringify(raw) });
  }

  /** Each list of typing users replaces the previous list. */
  private readTyping(portal: Portal, content: Record<string, unknown>, raw: unknown): void {
    const list = TypingContent.safeParse(content);
    if (!list.success) return this.unreadable('typing of nobody', raw);
    const now = list.data.user_ids.includes(portal.user);
    if ((this.typing.get(portal.room) ?? false) === now) return;
    this.typing.set(portal.room, now);
    this.parts.hub.typing(
      person(this.parts.network, portal.user),
      portal.foreign,
      now ? 'composing' : 'stopped',
      TYPING_TTL_MS,
    );
  }

  private async readReceipts(portal: Portal, content: Record<string, unknown>, raw: unknown): Promise<void> {
    const receipts = ReceiptContent.safeParse(content);
    if (!receipts.success || Object.keys(content).length === 0)
      return this.unreadable('receipts of nothing', raw);
    for (const [eventId, { 'm.read': readers }] of Object.entries(receipts.data)) {
      if (!readers || !(portal.user in readers)) continue;
      const message = await this.readMarks.messageReadWith(portal, eventId);
      if (!message) continue;
      await this.parts.hub.submitReceipt({
        nativeId: `${portal.user} read ${message.id}`,
        from: person(this.parts.network, portal.user),
        to: portal.foreign,
        status: 'read',
        messages: [message.id],
        upTo: true,
        // The homeserver passes on what the client of the person has marked.
        basis: 'user-device',
      });
    }
  }

  private async readPresence(
    sender: string | undefined,
    content: Record<string, unknown>,
    raw: unknown,
  ): Promise<void> {
    const presence = PresenceContent.safeParse(content);
    if (sender === undefined || !presence.success) return this.unreadable('presence of nobody', raw);
    if (isOurs(sender, this.parts.serverName)) return;
    for (const { foreign, membership } of await this.parts.portals.ofUser(sender)) {
      if (membership === 'joined')
        this.parts.hub.presence(
          person(this.parts.network, sender),
          foreign,
          readAvailability(presence.data.presence),
          presence.data.status_msg?.slice(0, 500),
        );
    }
  }
}
