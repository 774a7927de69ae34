/** Attachments as a browser can show them: only pictures and recordings, never anything that it could execute. */
import { convertVoice, demuxerOf } from './voice-notes.js';

const PICTURES: readonly [type: string, head: RegExp][] = [
  ['image/jpeg', /^\u00FF\u00D8\u00FF/],
  ['image/png', /^\u0089PNG/],
  ['image/gif', /^GIF8/],
  ['image/webp', /^RIFF[\s\S]{4}WEBP/],
];
const RECORDINGS: Record<string, string> = {
  matroska: 'audio/webm',
  ogg: 'audio/ogg',
  mov: 'audio/mp4',
  mp3: 'audio/mpeg',
  wav: 'audio/wav',
};

/** The type by the first bytes, whatever the sender said; everything else is a download. */
export function typeOf(bytes: Buffer): string {
  const head = bytes.subarray(0, 16).toString('latin1');
  const picture = PICTURES.find(([, pattern]) => pattern.test(head))?.[0];
  return picture ?? RECORDINGS[demuxerOf(bytes) ?? ''] ?? 'application/octet-stream';
}

/** Recordings of phones (AMR), which browsers do not play, as Ogg. */
export async function playable(bytes: Buffer, ffmpeg: string | undefined): Promise<Buffer> {
  if (ffmpeg === undefined || demuxerOf(bytes) !== 'amr') return bytes;
  return (await convertVoice(ffmpeg, bytes, 'audio/ogg')).bytes;
}

export function contentHeaders(bytes: Buffer): Record<string, string> {
  return {
    'content-type': typeOf(bytes),
    'cache-control': 'private, no-store',
    'content-disposition': 'attachment',
  };
}
