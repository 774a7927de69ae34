/** A room event of a subscriber -> what he did. Pure. */
import {
  locationPart,
  markdownText,
  plainText,
  readGeoUri,
  type Availability,
  type ExternalPart,
  type SinglePart,
} from '#protocol';
import { htmlToMarkdown } from './html.js';
import { MessageContent, ReactionContent, type MatrixEvent } from './matrix.events.js';

/** Targets are event ids. */
export type MatrixAct =
  | { act: 'message'; body: SinglePart | ExternalPart; replyTo?: string }
  | { act: 'edit'; target: string; body: SinglePart | ExternalPart }
  | { act: 'reaction'; target: string; key: string }
  | { act: 'redaction'; target: string }
  | { act: 'encrypted' }
  | { act: 'nothing' };

export function readEvent(event: MatrixEvent): MatrixAct {
  switch (event.type) {
    case 'm.room.message':
      return readMessage(event);
    case 'm.sticker':
      return {
        act: 'message',
        body: media('image/png', 'inline', { description: textOf(event.content['body']) }),
      };
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

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
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
    const body = toPart(content['m.new_content'] ?? content, false);
    return { act: 'edit', target: relation.event_id, body };
  }
  const body = toPart(content, replyTo !== undefined);
  return { act: 'message', body, ...(replyTo ? { replyTo } : {}) };
}

const MEDIA_TYPES: Record<string, string> = {
  'm.image': 'image/*',
  'm.file': 'application/octet-stream',
  'm.audio': 'audio/*',
  'm.video': 'video/*',
};

function toPart(content: MessageContent, isReply: boolean): SinglePart | ExternalPart {
  const text = isReply ? withoutReplyFallback(content.body ?? '') : (content.body ?? '');
  const type = MEDIA_TYPES[content.msgtype ?? ''];
  if (type) return media(type, 'attachment', { filename: text });
  if (content.msgtype === 'm.location') {
    const place = readGeoUri(content.geo_uri ?? '');
    return place ? locationPart({ ...place, label: text }) : plainText(text);
  }
  const lead = content.msgtype === 'm.emote' ? '/me ' : '';
  const markdown =
    content.format === 'org.matrix.custom.html' && content.formatted_body
      ? htmlToMarkdown(content.formatted_body)
      : undefined;
  return markdown === undefined ? plainText(lead + text) : markdownText(lead + markdown);
}

/** The content itself does not cross yet: what stands here becomes words at the destination. */
function media(
  contentType: string,
  disposition: ExternalPart['disposition'],
  about: { filename?: string; description?: string },
): ExternalPart {
  return { kind: 'external', disposition, contentType, ...about };
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
