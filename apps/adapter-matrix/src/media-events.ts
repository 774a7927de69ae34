/** Media as events name them: msgtypes, and extensible events (MSC3551, MSC3552, MSC3553, MSC3246, MSC3245). Pure. */
import { z } from 'zod';
import type { NativeAttachment } from '#adapter-kit';
import { EMPTY, type Part } from '#protocol';
import { asObject, objectAt, stringAt, versioned, wordsIn, type Fields } from './extensible-events.js';
import type { MessageContent } from './matrix.events.js';
import { textPart } from './text-part.js';

export const MEDIA_TYPES: Record<string, string> = {
  'm.image': 'image/*',
  'm.file': 'application/octet-stream',
  'm.audio': 'audio/*',
  'm.video': 'video/*',
};

const VOICE = ['m.voice', 'org.matrix.msc3245.voice.v2', 'org.matrix.msc3245.voice'];
const AUDIO = ['m.audio', 'm.audio_details', 'org.matrix.msc1767.audio_details', 'org.matrix.msc1767.audio'];
const FILE = ['m.file', 'org.matrix.msc3551.file', 'org.matrix.msc1767.file'];
const CAPTION = ['m.caption', 'org.matrix.msc1767.caption', 'org.matrix.msc3552.caption'];
const MEDIA_EVENT = /^(?:m|org\.matrix\.msc\d+)\.(image|file|audio|voice|video)(?:\.v\d+)?$/;

const Waveform = z.array(z.int().min(0).max(1024)).max(256);
const LONGEST_TYPE = 200;

export function isEncryptedMedia(content: MessageContent): boolean {
  return content.url === undefined && asObject(content.file) !== undefined;
}

/** Since Matrix v1.10: with a `filename` beside it, the body is what the person wrote about it. */
export function captionOf(content: MessageContent): Part {
  const { filename, body = '', format, formatted_body: html } = content;
  if (filename === undefined || filename === body || body.trim() === '') return EMPTY;
  return textPart(body, format === 'org.matrix.custom.html' ? html : undefined, false);
}

export function mediaOf(content: MessageContent, claimed: string): NativeAttachment {
  const { url = '', info, body } = content;
  return medium(content, {
    url,
    contentType: info?.mimetype ?? claimed,
    filename: content.filename ?? body,
    durationMs: info?.duration,
  });
}

/** An attachment with an event type of its own. undefined: it is none, or cannot be read. */
export function readMediaEvent(
  type: string,
  content: Fields,
): { caption: Part; media: NativeAttachment } | 'encrypted' | undefined {
  const [, kind] = MEDIA_EVENT.exec(type) ?? [];
  const file = kind === undefined ? undefined : objectAt(content, FILE);
  const url = file && stringAt(file, ['url']);
  if (kind === undefined || !file || !url) return undefined;
  if (asObject(file['key'])) return 'encrypted';
  const caption = wordsIn(versioned(content, CAPTION));
  const claimed = kind === 'voice' ? 'audio/*' : (MEDIA_TYPES[`m.${kind}`] ?? 'application/octet-stream');
  const mimetype = stringAt(file, ['mimetype']);
  return {
    caption: caption ? textPart(caption.plain, caption.html, false) : EMPTY,
    media: medium(kind === 'voice' ? { ...content, 'm.voice': {} } : content, {
      url,
      contentType: mimetype !== undefined && mimetype.length <= LONGEST_TYPE ? mimetype : claimed,
      filename: stringAt(file, ['name']),
      durationMs: undefined,
    }),
  };
}

function medium(
  content: Fields,
  said: { url: string; contentType: string; filename: string | undefined; durationMs: number | undefined },
): NativeAttachment {
  const audio = objectAt(content, AUDIO);
  const waveform = Waveform.safeParse(audio?.['waveform']).data;
  const claimed = audio?.['duration'];
  const durationMs = said.durationMs ?? (typeof claimed === 'number' && claimed > 0 ? claimed : undefined);
  const meta = {
    ...(versioned(content, VOICE) === undefined ? {} : { voice: true }),
    ...(waveform === undefined ? {} : { waveform }),
    ...(durationMs === undefined ? {} : { durationMs: Math.round(durationMs) }),
  };
  return {
    source: { mxc: said.url },
    disposition: 'attachment',
    contentType: said.contentType,
    ...(said.filename ? { filename: said.filename } : {}),
    meta,
  };
}
