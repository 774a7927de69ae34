/** A room event of a subscriber -> what he did. Pure. */
import { markdownText, plainText, type Availability, type SinglePart } from '#protocol';
import { htmlToMarkdown } from './html.js';
import { MessageContent, ReactionContent, type MatrixEvent } from './matrix.events.js';

/** Targets are event ids. */
export type MatrixAct =
  | { act: 'message'; body: SinglePart; replyTo?: string }
  | { act: 'edit'; target: string; body: SinglePart }
  | { act: 'reaction'; target: string; key: string }
  | { act: 'redaction'; target: string }
  | { act: 'encrypted' }
  | { act: 'nothing' };

export function readEvent(event: MatrixEvent): MatrixAct {
  switch (event.type) {
    case 'm.room.message':
      return readMessage(event);
    case 'm.sticker':
      return { act: 'message', body: plainText(`[sticker] ${textOf(event.content['body'])}`.trim()) };
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

const MEDIA_WORDS: Record<string, string> = {
  'm.image': 'image',
  'm.file': 'file',
  'm.audio': 'audio',
  'm.video': 'video',
  'm.location': 'location',
};

function toPart(content: MessageContent, isReply: boolean): SinglePart {
  const text = isReply ? withoutReplyFallback(content.body ?? '') : (content.body ?? '');
  const media = MEDIA_WORDS[content.msgtype ?? ''];
  if (media) return plainText(`[${media}] ${text}`.trim());
  const lead = content.msgtype === 'm.emote' ? '/me ' : '';
  const markdown =
    content.format === 'org.matrix.custom.html' && content.formatted_body
      ? htmlToMarkdown(content.formatted_body)
      : undefined;
  return markdown === undefined ? plainText(lead + text) : markdownText(lead + markdown);
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
