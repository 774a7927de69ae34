/** What a Matrix client shows of an event. */
import type { Seen } from '#phones';

export type Json = Record<string, unknown>;

export interface Event {
  type: string;
  event_id: string;
  sender: string;
  content: Json;
  redacts?: string;
  state_key?: string;
  origin_server_ts?: number;
}
/** @returns undefined for events that a client does not show */
export function readEvent(event: Event, room: string): Seen | undefined {
  const { sender: from, event_id: id, content } = event;
  const relation = content['m.relates_to'] as
    | { rel_type?: string; event_id?: string; key?: string; 'm.in_reply_to'?: { event_id: string } }
    | undefined;
  const about = relation?.event_id;
  switch (event.type) {
    case 'm.room.message': {
      if (content['msgtype'] === undefined) return undefined;
      const fresh = content['m.new_content'] as { body: string } | undefined;
      if (relation?.rel_type === 'm.replace' && fresh && about)
        return { kind: 'edit', from, id, target: about, text: fresh.body };
      const reply = relation?.['m.in_reply_to']?.event_id;
      if (content['msgtype'] === 'm.location')
        return {
          kind: 'location',
          from,
          id,
          text: `${String(content['body'])} ${String(content['geo_uri'])}`,
        };
      const media = mediaOf(content);
      if (media)
        return {
          kind: 'media',
          from,
          id,
          text: String(content['body']),
          state: content['msgtype'] as string,
          media,
        };
      const html = content['formatted_body'] as string | undefined;
      return {
        kind: content['msgtype'] === 'm.notice' ? 'notice' : 'text',
        from,
        id,
        text: String(content['body']),
        ...(event.origin_server_ts === undefined
          ? {}
          : { since: new Date(event.origin_server_ts).toISOString() }),
        ...(reply ? { target: reply } : {}),
        ...(html ? { state: html } : {}),
      };
    }
    case 'm.sticker': {
      const media = mediaOf(content);
      return media && { kind: 'media', from, id, text: String(content['body']), state: 'm.sticker', media };
    }
    case 'm.reaction':
      return about && relation?.key
        ? { kind: 'reaction', from, id, target: about, emoji: [relation.key] }
        : undefined;
    case 'm.room.redaction':
      return { kind: 'recall', from, id, target: String(event.redacts ?? content['redacts']) };
    case 'com.beeper.message_send_status':
      return about ? { kind: 'delivered', from, id, target: about } : undefined;
    case 'm.room.member':
      return content['membership'] === 'leave'
        ? { kind: 'error', from, id, text: (content['reason'] as string | undefined) ?? '', target: room }
        : undefined;
    default:
      return undefined;
  }
}

function mediaOf(content: Json): Seen['media'] {
  const { url, info } = content as {
    url?: string;
    info?: { mimetype?: string; duration?: number; thumbnail_url?: string };
  };
  if (typeof url !== 'string') return undefined;
  return {
    url,
    name: String(content['filename'] ?? content['body']),
    ...(info?.mimetype ? { type: info.mimetype } : {}),
    ...(info?.thumbnail_url ? { thumbnail: info.thumbnail_url } : {}),
    ...(info?.duration === undefined ? {} : { seconds: info.duration / 1000 }),
  };
}
