/** A room event of a subscriber -> what he did. Pure. */
import type { NativeMedia } from '#adapter-kit';
import {
  EMPTY,
  locationPart,
  plainText,
  readGeoUri,
  type Availability,
  type Part,
  type SinglePart,
} from '#protocol';
import { MessageContent, ReactionContent, type MatrixEvent } from './matrix.events.js';
import { wordsPart } from './words.js';

/** Targets are event ids. */
export type MatrixAct =
  | { act: 'message'; body: Part; media?: NativeMedia; replyTo?: string }
  /** `media`: as the new version names the medium, whether or not it is the old one. */
  | { act: 'edit'; target: string; body: Part; media?: NativeMedia }
  | { act: 'reaction'; target: string; key: string }
  | { act: 'redaction'; target: string }
  | { act: 'encrypted' }
  | { act: 'nothing' };

export function readEvent(event: MatrixEvent): MatrixAct {
  switch (event.type) {
    case 'm.room.message':
      return readMessage(event);
    case 'm.sticker':
      return readSticker(event);
    case 'm.reaction':
      return readReaction(event);
    case 'm.room.redaction': {
      const target = event.redacts ?? event.content['redacts'];
      return typeof target === 'string' ? { act: 'redaction', target } : { act: 'nothing' };
    }
    case 'm.room.encrypted':
      return { act: 'encrypted' };
    default:
      return { act: 'nothing' };
  }
}

function readMessage(event: MatrixEvent): MatrixAct {
  const parsed = MessageContent.safeParse(event.content);
  // A redacted event has no content left.
  if (!parsed.success || parsed.data.msgtype === undefined || parsed.data.body === undefined)
    return { act: 'nothing' };
  const content = parsed.data;
  const relation = content['m.relates_to'];
  const replyTo = relation?.['m.in_reply_to']?.event_id;
  if (relation?.rel_type === 'm.replace' && relation.event_id !== undefined) {
    return { act: 'edit', target: relation.event_id, ...newVersion(content['m.new_content'] ?? content) };
  }
  const reply = replyTo ? { replyTo } : {};
  const claimed = MEDIA_TYPES[content.msgtype ?? ''];
  if (claimed === undefined)
    return { act: 'message', body: toPart(content, replyTo !== undefined), ...reply };
  if (content.file !== undefined) return { act: 'encrypted' };
  return { act: 'message', body: captionOf(content), media: mediaOf(content, claimed), ...reply };
}

/** Of a medium, an edit changes the caption; without one, the caption goes, and the medium stays. */
function newVersion(content: MessageContent): { body: Part; media?: NativeMedia } {
  const claimed = MEDIA_TYPES[content.msgtype ?? ''];
  if (claimed === undefined) return { body: toPart(content, false) };
  const caption = captionOf(content);
  return { body: caption.kind === 'null' ? plainText('') : caption, media: mediaOf(content, claimed) };
}

function readSticker(event: MatrixEvent): MatrixAct {
  const parsed = MessageContent.safeParse(event.content);
  if (!parsed.success) return { act: 'nothing' };
  const { body } = parsed.data;
  const image = mediaOf(parsed.data, 'image/*');
  const media: NativeMedia = { ...image, disposition: 'inline', ...(body ? { description: body } : {}) };
  return { act: 'message', body: EMPTY, media };
}

/** Since Matrix v1.10: with a `filename` beside it, the body is what the person wrote about it. */
function captionOf(content: MessageContent): Part {
  const { filename, body = '' } = content;
  return filename === undefined || filename === body || body === '' ? EMPTY : toPart(content, false);
}

function mediaOf(content: MessageContent, claimed: string): NativeMedia {
  const { url = '', info, body } = content;
  const filename = content.filename ?? body;
  const waveform = content['org.matrix.msc1767.audio']?.waveform;
  const meta = {
    ...(content['org.matrix.msc3245.voice'] === undefined ? {} : { voice: true }),
    ...(waveform === undefined ? {} : { waveform }),
    ...(info?.duration === undefined ? {} : { durationMs: Math.round(info.duration) }),
  };
  return {
    source: { mxc: url },
    disposition: 'attachment',
    contentType: info?.mimetype ?? claimed,
    ...(filename ? { filename } : {}),
    meta,
  };
}

const MEDIA_TYPES: Record<string, string> = {
  'm.image': 'image/*',
  'm.file': 'application/octet-stream',
  'm.audio': 'audio/*',
  'm.video': 'video/*',
};

function toPart(content: MessageContent, isReply: boolean): SinglePart {
  const text = isReply ? withoutReplyFallback(content.body ?? '') : (content.body ?? '');
  if (content.msgtype === 'm.location') {
    const place = readGeoUri(content.geo_uri ?? '');
    return place ? locationPart({ ...place, label: text }) : plainText(text);
  }
  return wordsPart({ ...content, body: text }, content.msgtype === 'm.emote' ? '/me ' : '');
}

/** COMPAT(clients before Matrix v1.13): the quoted lines of the old fallback are not what the person wrote. */
export function withoutReplyFallback(body: string): string {
  if (!body.startsWith('> ')) return body;
  const lines = body.split('\n');
  const end = lines.findIndex((line) => !line.startsWith('>'));
  if (end < 0 || lines[end] !== '') return body;
  return lines.slice(end + 1).join('\n');
}

function readReaction(event: MatrixEvent): MatrixAct {
  const parsed = ReactionContent.safeParse(event.content);
  if (!parsed.success) return { act: 'nothing' };
  const { rel_type: type, event_id: target, key } = parsed.data['m.relates_to'];
  return type === 'm.annotation' && target !== undefined && key
    ? { act: 'reaction', target, key }
    : { act: 'nothing' };
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
