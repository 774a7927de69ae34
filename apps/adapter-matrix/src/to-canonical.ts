/**
 * A room event of a subscriber -> the act of a person. Pure. Every event becomes an act: an event without a canonical
 * form becomes words, and one that cannot be read is refused to its sender or recorded as not carried.
 */
import type { NativeAttachment } from '#adapter-kit';
import {
  qualifiedEmoji,
  EMPTY,
  plainText,
  type Availability,
  type Part,
  type ResultCode,
  type SinglePart,
} from '#protocol';
import { readCall, type CallAttempt } from './calls.js';
import { stringAt, wordsIn, type Fields } from './extensible-events.js';
import { isRedacted, MessageContent, relationOf, type MatrixEvent, type RelatesTo } from './matrix.events.js';
import { captionOf, isEncryptedMedia, mediaOf, readMediaEvent, MEDIA_TYPES } from './media-events.js';
import { LIVE_LOCATION, LIVE_POSITION, liveLocationWords, readPlace } from './locations.js';
import { endWords, POLL_END, POLL_RESPONSE, POLL_START, pollWords, readSelections } from './polls.js';
import { roomStateWords } from './room-state.js';
import { textPart } from './text-part.js';

/** Targets are event ids. */
export type MatrixAct =
  /** @param unless no act if the event of this id was published already */
  | { act: 'message'; body: Part; media?: NativeAttachment; replyTo?: string; unless?: string }
  /** `media`: the attachment of the new version, which may be the same as before. */
  | { act: 'edit'; target: string; body: Part; media?: NativeAttachment }
  | { act: 'reaction'; target: string; key: string }
  | { act: 'redaction'; target: string }
  | { act: 'pollAnswer'; poll: string; selections: string[] }
  /** One of many positions of a live location. @param share the event that began it */
  | { act: 'position'; share: string; body: SinglePart }
  /** The room was replaced by another. */
  | { act: 'replaced'; room: string }
  | { act: 'call'; attempt: CallAttempt }
  /** The person ends a call. @param call its id, as their client names it */
  | { act: 'hangUp'; call: string }
  | { act: 'encrypted' }
  /** The event was redacted before it was read; the redaction is handled by itself. */
  | { act: 'redacted' }
  | { act: 'refused'; code: ResultCode; why: string }
  | { act: 'notCarried'; kind: string; why: string };

export function readEvent(event: MatrixEvent): MatrixAct {
  if (isRedacted(event)) return { act: 'redacted' };
  const { type, content } = event;
  switch (type) {
    case 'm.room.message':
      return readMessage(content);
    case 'm.sticker':
      return readSticker(content);
    case 'm.reaction':
      return readReaction(content);
    case 'm.room.redaction': {
      const target = event.redacts ?? content['redacts'];
      return typeof target === 'string' && target.isWellFormed()
        ? { act: 'redaction', target }
        : unreadable('a redaction of nothing');
    }
    case 'm.room.encrypted':
    case 'm.room.encryption':
      return { act: 'encrypted' };
    case 'm.room.tombstone': {
      const room = stringAt(content, ['replacement_room']);
      return room && ROOM_ID.test(room) && room.isWellFormed()
        ? { act: 'replaced', room }
        : unreadable('a room that ends without another');
    }
    default:
      return readPollOrPlace(event) ?? readOther(event);
  }
}

const ROOM_ID = /^!\S{1,254}$/;

function readPollOrPlace({ type, content }: MatrixEvent): MatrixAct | undefined {
  const relation = relationOf(content);
  const about = relation?.event_id;
  if (POLL_START.has(type)) return readPollStart(content, relation);
  if (POLL_RESPONSE.has(type) && about !== undefined)
    return { act: 'pollAnswer', poll: about, selections: readSelections(content) };
  if (POLL_END.has(type)) return said(endWords(content), about);
  if (LIVE_LOCATION.has(type)) return said(liveLocationWords(content));
  if (!LIVE_POSITION.has(type)) return undefined;
  const body = readPlace(content, undefined);
  return body ? { act: 'position', share: about ?? '', body } : unreadable('a live position without a place');
}

function readPollStart(content: Fields, relation: RelatesTo | undefined): MatrixAct {
  const fresh = MessageContent.parse(content)['m.new_content'];
  if (relation?.rel_type === 'm.replace' && relation.event_id !== undefined)
    return { act: 'edit', target: relation.event_id, body: plainText(pollWords(fresh ?? content)) };
  return said(pollWords(content), repliedTo(relation));
}

/** Calls, room state, extensible events; for an unknown type, the fallback text of its client. */
function readOther(event: MatrixEvent): MatrixAct {
  const { type, content } = event;
  const call = readCall(event);
  if (call === 'part')
    return { act: 'notCarried', kind: 'call', why: 'signalling of a call that was told in words' };
  if (call && 'attempt' in call) return { act: 'call', attempt: call.attempt };
  if (call && 'ended' in call) return { act: 'hangUp', call: call.ended };
  if (call) return callAct(call.words, relationOf(content));
  if (event.state_key !== undefined) {
    const change = roomStateWords(event);
    return change === undefined
      ? { act: 'notCarried', kind: 'room-state', why: `${type} concerns Matrix only` }
      : said(change);
  }
  const replyTo = repliedTo(relationOf(content));
  const place = /^(m|org\.matrix\.msc3488)\.location$/.test(type) ? readPlace(content, undefined) : undefined;
  if (place) return messageOf(place, replyTo);
  const medium = readMediaEvent(type, content);
  if (medium === 'encrypted') return { act: 'encrypted' };
  if (medium) return { ...messageOf(medium.caption, replyTo), media: medium.media };
  const words = wordsIn(content);
  if (words) return messageOf(textPart(words.plain, words.html, type.endsWith('.emote')), replyTo);
  return { act: 'notCarried', kind: 'event', why: `${type} is not known and has no words` };
}

function callAct(words: string, relation: RelatesTo | undefined): MatrixAct {
  const { rel_type: type, event_id: about } = relation ?? {};
  return {
    act: 'message',
    body: plainText(words),
    ...(type === 'm.reference' && about ? { unless: about } : {}),
  };
}

function readMessage(fields: Fields): MatrixAct {
  const content = MessageContent.parse(fields);
  const relation = content['m.relates_to'];
  if (relation?.rel_type === 'm.replace' && relation.event_id !== undefined)
    return readEdit(content, relation.event_id);
  const replyTo = repliedTo(relation);
  if (content.msgtype === 'm.key.verification.request')
    return { act: 'refused', code: '12', why: 'devices on two networks cannot verify each other' };
  const claimed = MEDIA_TYPES[content.msgtype ?? ''];
  if (claimed !== undefined) {
    if (isEncryptedMedia(content)) return { act: 'encrypted' };
    return { ...messageOf(captionOf(content), replyTo), media: mediaOf(content, claimed) };
  }
  const part = toPart(withNewest(content), replyTo !== undefined);
  return part ? messageOf(part, replyTo) : unreadable('a message without words');
}

/** An edit with an unreadable relation counts as a message with its new content. */
function withNewest(content: MessageContent): MessageContent {
  const fresh = content['m.new_content'];
  return fresh && wordsIn(fresh) ? MessageContent.parse({ msgtype: content.msgtype, ...fresh }) : content;
}

function readEdit(content: MessageContent, target: string): MatrixAct {
  const fresh = withNewest(content);
  if (isEncryptedMedia(fresh)) return { act: 'encrypted' };
  const claimed = MEDIA_TYPES[fresh.msgtype ?? ''];
  if (claimed !== undefined) {
    // An edit of an attachment changes its caption, or removes it; the attachment stays.
    const caption = captionOf(fresh);
    const body = caption.kind === 'null' ? plainText('') : caption;
    return { act: 'edit', target, body, media: mediaOf(fresh, claimed) };
  }
  // COMPAT: without new content, the mark of the fallback is not what the person wrote.
  const words = fresh === content ? { ...content, body: content.body?.replace(/^\* /, '') } : fresh;
  const body = toPart(words, false);
  return body ? { act: 'edit', target, body } : unreadable('an edit without words');
}

function readSticker(fields: Fields): MatrixAct {
  const content = MessageContent.parse(fields);
  if (isEncryptedMedia(content)) return { act: 'encrypted' };
  const { body } = content;
  const image = mediaOf(content, 'image/*');
  const media: NativeAttachment = { ...image, disposition: 'inline', ...(body ? { description: body } : {}) };
  return { ...messageOf(EMPTY, repliedTo(content['m.relates_to'])), media };
}

/** @returns undefined when it has no content */
function toPart(content: MessageContent, isReply: boolean): SinglePart | undefined {
  const words = wordsIn(content) ?? { plain: '' };
  const text = isReply ? withoutReplyFallback(words.plain) : words.plain;
  if (content.msgtype === 'm.location') {
    const place = readPlace(content, text);
    if (place) return place;
    return text || content.geo_uri ? plainText(text || (content.geo_uri ?? '')) : undefined;
  }
  const html = content.formatted_body === undefined ? words.html : htmlOf(content);
  const part = textPart(text, html, content.msgtype === 'm.emote');
  return part.content.trim() === '' ? undefined : part;
}

/** Without a body, formatted words of any type are better than none. */
function htmlOf({ format, formatted_body: html, body }: MessageContent): string | undefined {
  return format === 'org.matrix.custom.html' || !body ? html : undefined;
}

/** COMPAT(clients before Matrix v1.13): the quoted lines of the old fallback are not what the person wrote. */
export function withoutReplyFallback(body: string): string {
  if (!body.startsWith('> ')) return body;
  const lines = body.split('\n');
  const end = lines.findIndex((line) => !line.startsWith('>'));
  if (end < 0 || lines[end] !== '') return body;
  return lines.slice(end + 1).join('\n');
}

/**
 * The message that an event answers. In a thread (MSC3440, also under the name it had as a proposal), clients name the
 * newest message of the thread for others that know no threads; that is a message in the thread, so it answers the first message and not the named one.
 */
function repliedTo(relation: RelatesTo | undefined): string | undefined {
  const answered = relation?.['m.in_reply_to']?.event_id;
  if (relation?.rel_type !== 'm.thread' && relation?.rel_type !== 'io.element.thread') return answered;
  return relation.is_falling_back === true
    ? (relation.event_id ?? answered)
    : (answered ?? relation.event_id);
}

/** The longest emoji of the canonical form. */
const LONGEST_REACTION = 64;

function readReaction(content: Fields): MatrixAct {
  const relation = relationOf(content);
  const target = relation?.event_id;
  const key = relation?.key === undefined ? undefined : reactionKey(relation.key, content);
  if (target === undefined || !key) return unreadable('a reaction without its target or its key');
  return key.length > LONGEST_REACTION
    ? { act: 'refused', code: '12', why: 'a reaction that is longer than an emoji' }
    : { act: 'reaction', target, key };
}

/** A custom emoji is an image (MSC4027); other networks get its short code. */
function reactionKey(key: string, content: Fields): string | undefined {
  if (!key.startsWith('mxc://')) return qualifiedEmoji(key);
  const name = stringAt(content, ['shortcode', 'com.beeper.reaction.shortcode'])?.replaceAll(':', '');
  return name ? `:${name}:` : undefined;
}

function messageOf(body: Part, replyTo: string | undefined): MatrixAct & { act: 'message' } {
  return { act: 'message', body, ...(replyTo === undefined ? {} : { replyTo }) };
}

function said(words: string, replyTo?: string): MatrixAct {
  return messageOf(plainText(words), replyTo);
}

function unreadable(why: string): MatrixAct {
  return { act: 'refused', code: '30', why };
}

export function readAvailability(presence: string): Availability {
  switch (presence) {
    case 'online':
      return 'available';
    case 'unavailable':
      return 'away';
    case 'offline':
      return 'offline';
    case 'busy':
    case 'org.matrix.msc3026.busy':
      return 'dnd';
    default:
      return 'unknown';
  }
}
