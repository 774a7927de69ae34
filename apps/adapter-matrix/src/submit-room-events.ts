/** Publishes what a subscriber did in a portal, or tells them why it does not cross. */
import { EMPTY, HubError, plainText, type Content, type EventId } from '#protocol';
import type { NativeAttachment, ReactionChange } from '#adapter-kit';
import { LruCache, tolerate } from '#service';
import { RoomCalls } from './room-calls.js';
import type { MatrixEvent } from './matrix.events.js';
import { ENCRYPTED, keyOf, type Notices } from './notices.js';
import { answerWords, readPoll } from './polls.js';
import type { InboundParts } from './matrix.session.js';
import { sentAt, type PortalEvent } from './portal-event.js';
import type { References } from './references.js';
import { readEvent, type MatrixAct } from './to-canonical.js';
import { person } from './user-ids.js';

/** Minimum time between two positions of a live location that cross, ms. */
const POSITION_EVERY_MS = 10 * 60_000;

interface Stored {
  stored: Promise<unknown>;
}
const NOTHING: Stored = { stored: Promise.resolve() };

interface RoomEventParts extends Pick<InboundParts, 'network' | 'hub' | 'client' | 'ghosts'> {
  references: References;
  notices: Notices;
}

export class RoomEvents {
  /** For each live location, by the event that began it: when its last position was published, ms since the epoch. */
  private readonly positions = new LruCache<string, number>({ max: 5000 });
  private readonly calls: RoomCalls;

  constructor(private readonly parts: RoomEventParts) {
    this.calls = new RoomCalls(parts);
  }

  /** @returns a promise that resolves when the event is stored. @throws HubError when it cannot cross; the caller notifies the person */
  async carryOut(from: PortalEvent): Promise<Stored> {
    const act = understood(from.event);
    switch (act.act) {
      case 'message':
        return this.message(from, act);
      case 'edit':
        return this.edit(from, act);
      case 'reaction':
        return this.reaction(from, act);
      case 'redaction':
        return this.redaction(from, act.target);
      case 'pollAnswer':
        return this.pollAnswer(from, act);
      case 'position':
        return this.position(from, act);
      case 'call':
        return (await this.calls.begin(from, act.attempt))
          ? NOTHING
          : this.message(from, { act: 'message', body: plainText(act.attempt.words) });
      case 'hangUp':
        if (!(await this.calls.hungUp(from, act.call)))
          this.notCarried(from, 'call', 'the end of a call that is not open');
        return NOTHING;
      case 'encrypted':
        await this.parts.notices.tell(from.portal, from.id, ENCRYPTED);
        return NOTHING;
      case 'refused':
        throw new HubError(act.code, act.why);
      case 'notCarried':
        this.notCarried(from, act.kind, act.why);
        return NOTHING;
      // Upgrades were handled before (room-upgrades.ts); a redacted event is handled with its redaction.
      case 'replaced':
      case 'redacted':
        return NOTHING;
    }
  }

  private notCarried({ event }: PortalEvent, kind: string, why: string): void {
    this.parts.hub.notCarried({ kind, why, native: JSON.stringify(event) });
  }

  private async message(from: PortalEvent, act: MatrixAct & { act: 'message' }): Promise<Stored> {
    if (act.unless !== undefined && (await this.parts.references.messageOf(act.unless))) return NOTHING;
    const inReplyTo =
      act.replyTo === undefined ? undefined : await this.parts.references.messageOf(act.replyTo);
    const content = { body: act.body, ...(inReplyTo ? { inReplyTo } : {}) };
    return this.submit(from, content, ['delivered', 'read'], act.media);
  }

  private async edit(from: PortalEvent, act: MatrixAct & { act: 'edit' }): Promise<Stored> {
    const replaces = await this.parts.references.target(act.target);
    await this.parts.references.rememberEdit(from.id, act.target, replaces);
    return this.submit(from, { replaces, body: act.body }, [], await this.exchangedMedium(from, act));
  }

  /** The attachment of an edit, if the edit replaces it. Most edits of an attachment change its caption only. */
  private async exchangedMedium(
    { portal: { room, foreign } }: PortalEvent,
    { target, media }: MatrixAct & { act: 'edit' },
  ): Promise<NativeAttachment | undefined> {
    const url = media?.source['mxc'];
    if (!url) return undefined;
    const ghost = await this.parts.ghosts.ensure({ address: foreign });
    const before = await tolerate('event that was edited', this.parts.hub.log, () =>
      this.parts.client.eventContent(ghost, room, target),
    );
    return typeof before?.['url'] === 'string' && before['url'] !== url ? media : undefined;
  }

  private async reaction(from: PortalEvent, act: MatrixAct & { act: 'reaction' }): Promise<Stored> {
    const target = await this.parts.references.target(act.target);
    await this.parts.hub.recent.put(`reaction.${keyOf(from.id)}`, { target, key: act.key });
    return this.react(from, target, { add: act.key });
  }

  /** Redaction of a reaction removes it; of an edit restores the version before; of a message recalls it. */
  private async redaction(from: PortalEvent, redacted: string): Promise<Stored> {
    const reaction = (await this.parts.hub.recent.get(`reaction.${keyOf(redacted)}`)) as
      { target: EventId; key: string } | null | undefined;
    if (reaction) return this.react(from, reaction.target, { remove: reaction.key });
    const edit = await this.parts.references.editOf(redacted);
    if (edit) {
      const body = await this.parts.references.bodyWithout(redacted, edit, from.portal);
      return this.submit(from, { replaces: edit.target, body });
    }
    return this.submit(from, { replaces: await this.parts.references.target(redacted), body: EMPTY });
  }

  private async pollAnswer(from: PortalEvent, act: MatrixAct & { act: 'pollAnswer' }): Promise<Stored> {
    const ghost = await this.parts.ghosts.ensure({ address: from.portal.foreign });
    const content = await tolerate('poll that was answered', this.parts.hub.log, () =>
      this.parts.client.eventContent(ghost, from.portal.room, act.poll),
    );
    const body = plainText(answerWords(act.selections, content && readPoll(content)));
    return this.message(from, { act: 'message', body, replyTo: act.poll });
  }

  private async position(from: PortalEvent, act: MatrixAct & { act: 'position' }): Promise<Stored> {
    const { type, event_id, sender } = from.event;
    const last = this.positions.get(act.share);
    if (last !== undefined && Date.now() - last < POSITION_EVERY_MS) {
      // Without the coordinates: operators can read dead letters.
      const native = JSON.stringify({ type, event_id, sender });
      const why = 'one position of a live location crosses in ten minutes';
      this.parts.hub.notCarried({ kind: 'live-position', why, native });
      return NOTHING;
    }
    this.positions.set(act.share, Date.now());
    return this.message(from, { act: 'message', body: act.body, replyTo: act.share });
  }

  private async react(from: PortalEvent, target: EventId, change: ReactionChange): Promise<Stored> {
    const { address } = person(this.parts.network, from.portal.user);
    const reacting = { from: address, to: from.portal.foreign, target };
    const reactions = await this.parts.hub.reactionsAfter(reacting, change);
    return this.submit(from, { inReplyTo: target, body: EMPTY, reactions });
  }

  private submit(
    { event, id, portal }: PortalEvent,
    content: Content,
    wants: ('delivered' | 'read')[] = [],
    media?: NativeAttachment,
  ): Stored {
    const stored = this.parts.hub.submitMessage({
      nativeId: id,
      conversation: event.room_id ?? portal.room,
      from: person(this.parts.network, portal.user),
      to: portal.foreign,
      sentAt: sentAt(event),
      content,
      ...(media ? { media: [media] } : {}),
      requestStatus: wants,
    });
    return { stored };
  }
}

/** Malformed events are permanent failures: never retry. */
export function understood(event: MatrixEvent): MatrixAct {
  try {
    return readEvent(event);
  } catch (cause) {
    throw new HubError('30', 'an event that cannot be read', { cause });
  }
}
