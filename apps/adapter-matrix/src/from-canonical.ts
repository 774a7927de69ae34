/** Events -> the content of room events. Pure. */
import {
  leaves,
  MARKDOWN,
  nativeOf,
  networkOf,
  placeOf,
  reportWords,
  stripMarkdown,
  textParts,
  type Availability,
  type Address,
  type MediaKind,
  type MessageEvent,
  type ReportEvent,
} from '#protocol';
import type { OutgoingMedium } from '#adapter-kit';
import type { MediaFile } from '#media';
import { markdownToHtml } from './html.js';

type Content = Record<string, unknown>;

/** @param replyTo event id of the message that it answers */
export function messageContent(event: MessageEvent, replyTo: string | undefined): Content {
  return {
    ...(locationContent(event) ?? textContent(event)),
    external_url: event.data.from.address,
    ...(replyTo ? { 'm.relates_to': { 'm.in_reply_to': { event_id: replyTo } } } : {}),
  };
}

/** What is put with a medium once it is uploaded. @param thumbnail uploaded too, where there is one */
export function mediaContent(
  event: MessageEvent,
  { file, as, part }: Pick<OutgoingMedium, 'file' | 'as' | 'part'>,
  url: string,
  thumbnail: { url: string; file: MediaFile } | undefined,
  replyTo: string | undefined,
): Content {
  const { width, height, durationMs, waveform } = file.facts.meta;
  const info = {
    mimetype: file.contentType,
    size: file.size,
    ...(width && height ? { w: width, h: height } : {}),
    ...(durationMs === undefined ? {} : { duration: durationMs }),
    ...(thumbnail ? { thumbnail_url: thumbnail.url, thumbnail_info: thumbnailInfo(thumbnail.file) } : {}),
  };
  const caption = textContent(event);
  const said = caption.body === '' ? { body: file.filename } : { ...caption, filename: file.filename };
  const voice =
    as === 'voice'
      ? {
          'org.matrix.msc3245.voice': {},
          'org.matrix.msc1767.audio': { duration: durationMs ?? 0, ...(waveform ? { waveform } : {}) },
        }
      : {};
  return {
    ...said,
    ...(part.disposition === 'inline'
      ? { body: part.description ?? file.filename }
      : { msgtype: msgtypeOf(as, file.contentType) }),
    url,
    info,
    ...voice,
    external_url: event.data.from.address,
    ...(replyTo ? { 'm.relates_to': { 'm.in_reply_to': { event_id: replyTo } } } : {}),
  };
}

function msgtypeOf(as: MediaKind, contentType: string): string {
  if (as === 'voice') return 'm.audio';
  if (as !== 'file') return `m.${as}`;
  const [kind] = contentType.split('/');
  return kind === 'audio' || kind === 'image' || kind === 'video' ? `m.${kind}` : 'm.file';
}

function thumbnailInfo({ contentType, size, facts: { meta } }: MediaFile): Content {
  return { mimetype: contentType, size, w: meta.width, h: meta.height };
}

function locationContent(event: MessageEvent): Content | undefined {
  const [part] = leaves(event.data.content.body);
  const place = part?.kind === 'single' ? placeOf(part) : undefined;
  if (!place) return undefined;
  const uri = `geo:${place.latitude},${place.longitude}`;
  return { msgtype: 'm.location', body: place.label ?? uri, geo_uri: uri };
}

/** @param first event id of the FIRST version: an edit of an edit is not valid */
export function editContent(event: MessageEvent, first: string): Content {
  const fresh = textContent(event);
  return {
    msgtype: fresh.msgtype,
    body: `* ${fresh.body}`,
    ...(fresh.formatted_body ? { format: fresh.format, formatted_body: `* ${fresh.formatted_body}` } : {}),
    'm.new_content': fresh,
    'm.relates_to': { rel_type: 'm.replace', event_id: first },
    external_url: event.data.from.address,
  };
}

export function reactionContent(target: string, key: string): Content {
  return { 'm.relates_to': { rel_type: 'm.annotation', event_id: target, key } };
}

/** Shown by the ghost that the person wrote to; a notice, so that nothing ever answers it. */
export function failureContent({ data }: ReportEvent, target: string | undefined): Content {
  return {
    msgtype: 'm.notice',
    body: reportWords(data.code, 'en'),
    ...(target ? { 'm.relates_to': { 'm.in_reply_to': { event_id: target } } } : {}),
  };
}

/** COMPAT(Beeper clients): Matrix itself has no "delivered"; clients that know this event show it, others show nothing. */
export function deliveredContent(target: string, user: string, network: string): Content {
  return {
    'm.relates_to': { rel_type: 'm.reference', event_id: target },
    network,
    status: 'SUCCESS',
    delivered_to_users: [user],
  };
}

export function presenceContent(availability: Availability, statusText: string | undefined): Content {
  const presence =
    availability === 'available'
      ? 'online'
      : availability === 'offline' || availability === 'unknown'
        ? 'offline'
        : 'unavailable';
  return { presence, ...(statusText ? { status_msg: statusText } : {}) };
}

interface Text {
  msgtype: string;
  body: string;
  format?: string;
  formatted_body?: string;
}

function textContent(event: MessageEvent): Text & Content {
  const parts = textParts(event.data.content.body);
  const markdown = parts.some((part) => part.contentType === MARKDOWN);
  const body = parts
    .map((part) => (part.contentType === MARKDOWN ? stripMarkdown(part.content) : part.content))
    .join('\n');
  const emote = body.startsWith('/me ');
  const plain = { msgtype: emote ? 'm.emote' : 'm.text', body: emote ? body.slice(4) : body };
  if (!markdown) return plain;
  const html = parts
    .map((part) => markdownToHtml(part.contentType === MARKDOWN ? part.content : escapeHtml(part.content)))
    .join('<br>');
  return {
    ...plain,
    format: 'org.matrix.custom.html',
    formatted_body: emote ? html.replace(/^\/me /, '') : html,
  };
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** What tells two people of the same name apart: how the person is called on their own network. */
export function ghostTopic(address: Address): string {
  return `${nativeOf(address)} on ${networkOf(address)}`;
}
