/** Events -> the content of room events. Pure. */
import {
  leaves,
  nativeOf,
  networkOf,
  placeOf,
  reportWords,
  textParts,
  wordsOf,
  type Availability,
  type Address,
  type MediaKind,
  type MessageEvent,
  type ReportEvent,
} from '#protocol';
import type { OutgoingAttachment } from '#adapter-kit';
import type { MediaFile } from '#media';
import { isMarkdown, plainWords, treeOfBody } from '#text';
import { writeHtml } from '#text/html-writer';

type Content = Record<string, unknown>;

/** @param replyTo event id of the message that it answers */
export function messageContent(event: MessageEvent, replyTo: string | undefined): Content {
  return {
    ...(locationContent(event) ?? textContent(event)),
    external_url: event.data.from.address,
    ...(replyTo ? { 'm.relates_to': { 'm.in_reply_to': { event_id: replyTo } } } : {}),
  };
}

/** The content of an event with an attachment that was uploaded. @param thumbnail uploaded too, if there is one */
export function mediaContent(
  event: MessageEvent,
  { file, as, part }: Pick<OutgoingAttachment, 'file' | 'as' | 'part'>,
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

/**
 * @param first event id of the FIRST version: an edit of an edit is not valid
 * @param original the content of that event, if it may be an attachment: the attachment stays, and the text is its caption
 */
export function editContent(event: MessageEvent, first: string, original: Content = {}): Content {
  const words = textContent(event);
  const fresh = typeof original['url'] === 'string' ? captioned(original, words) : words;
  return {
    ...fresh,
    body: `* ${fresh.body}`,
    ...(fresh.formatted_body ? { format: fresh.format, formatted_body: `* ${fresh.formatted_body}` } : {}),
    'm.new_content': fresh,
    'm.relates_to': { rel_type: 'm.replace', event_id: first },
    external_url: event.data.from.address,
  };
}

/** Limit of the content of an event, bytes. Keys, ids, hashes and signatures of the homeserver need the rest of 64 KiB. */
const CONTENT_BYTES = 60_000;
/** A text of this length fits even if every character needs tags and escapes, twice. */
const SURELY_FITS = 1000;

/** Whether the text fits in one event, also as an edit, which contains it twice. */
export function fitsInEvent(event: MessageEvent): boolean {
  if (wordsOf(event.data.content.body).length <= SURELY_FITS) return true;
  return Buffer.byteLength(JSON.stringify(editContent(event, '$'.repeat(255)))) <= CONTENT_BYTES;
}

/** The same attachment with another caption. Without a caption the body is its name (Matrix v1.10). */
function captioned(original: Content, words: Text & Content): Text & Content {
  const { 'm.relates_to': _reply, format: _f, formatted_body: _b, body, ...medium } = original;
  const name = [original['filename'], body].find((one) => typeof one === 'string') ?? '';
  const msgtype = typeof original['msgtype'] === 'string' ? original['msgtype'] : 'm.file';
  if (words.body === '') return { ...medium, msgtype, filename: name, body: name };
  return { ...medium, ...words, msgtype, filename: name };
}

export function reactionContent(target: string, key: string): Content {
  return { 'm.relates_to': { rel_type: 'm.annotation', event_id: target, key } };
}

/** A report, sent by the ghost that the person wrote to. An m.notice, which no bot answers. */
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
  const { body: said } = event.data.content;
  const body = plainWords(said);
  const emote = body.startsWith('/me ');
  const plain = { msgtype: emote ? 'm.emote' : 'm.text', body: emote ? body.slice(4) : body };
  if (!textParts(said).some(isMarkdown)) return plain;
  const html = writeHtml(treeOfBody(said));
  return {
    ...plain,
    format: 'org.matrix.custom.html',
    formatted_body: emote ? html.replace(/^(<p>)?\/me /, '$1') : html,
  };
}

/** The native id of the person, which distinguishes two people of the same name. */
export function ghostTopic(address: Address): string {
  return `${nativeOf(address)} on ${networkOf(address)}`;
}
