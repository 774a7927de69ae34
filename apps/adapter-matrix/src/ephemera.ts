/** Typing, receipts and presence of persons, as the homeserver pushes them beside the events. */
import { toHubError, type Network } from '#protocol';
import { coversMessage, type Hub } from '#adapter-kit';
import { MatrixEvent, PresenceContent, ReceiptContent, TypingContent } from './matrix.events.js';
import type { Portal, Portals } from './portals.js';
import { readAvailability } from './to-canonical.js';
import { isOurs, person } from './user-ids.js';

const TYPING_TTL_MS = 30_000;

export class Ephemera {
  private readonly typing = new Map<string, boolean>();

  constructor(
    private readonly network: Network,
    private readonly serverName: string,
    private readonly hub: Hub,
    private readonly portals: Portals,
  ) {}

  async read(raw: unknown): Promise<void> {
    const event = MatrixEvent.safeParse(raw);
    if (!event.success) return;
    const { type, content, room_id: room, sender } = event.data;
    const portal = room === undefined ? undefined : this.portals.inRoom(room);
    if (type === 'm.typing' && portal) this.readTyping(portal, content);
    if (type === 'm.receipt' && portal)
      await this.readReceipts(portal, content).catch((error: unknown) =>
        this.hub.log.warn({ reason: toHubError(error).detail }, 'receipt not stored'),
      );
    if (type === 'm.presence' && sender) this.readPresence(sender, content);
  }

  /** The list REPLACES the one before. */
  private readTyping(portal: Portal, content: Record<string, unknown>): void {
    const list = TypingContent.safeParse(content);
    if (!list.success) return;
    const now = list.data.user_ids.includes(portal.user);
    if ((this.typing.get(portal.room) ?? false) === now) return;
    this.typing.set(portal.room, now);
    this.hub.typing(
      person(this.network, portal.user),
      portal.foreign,
      now ? 'composing' : 'stopped',
      TYPING_TTL_MS,
    );
  }

  private async readReceipts(portal: Portal, content: Record<string, unknown>): Promise<void> {
    const receipts = ReceiptContent.safeParse(content);
    if (!receipts.success) return;
    for (const [eventId, { 'm.read': readers }] of Object.entries(receipts.data)) {
      if (!readers || !(portal.user in readers)) continue;
      const message = await this.hub.findNative(eventId);
      if (message?.author !== portal.foreign || !coversMessage(message, eventId)) continue;
      await this.hub.submitReceipt({
        nativeId: `${portal.user} read ${message.id}`,
        from: person(this.network, portal.user),
        to: portal.foreign,
        status: 'read',
        messages: [message.id],
        upTo: true,
      });
    }
  }

  private readPresence(sender: string, content: Record<string, unknown>): void {
    const presence = PresenceContent.safeParse(content);
    if (!presence.success || isOurs(sender, this.serverName)) return;
    for (const { foreign, membership } of this.portals.ofUser(sender)) {
      if (membership === 'joined')
        this.hub.presence(
          person(this.network, sender),
          foreign,
          readAvailability(presence.data.presence),
          presence.data.status_msg?.slice(0, 500),
        );
    }
  }
}
