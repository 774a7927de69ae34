/** Determines the type of a file by its first bytes, not by its name. */
import { AMR_MAGIC, amrSeconds } from './amr.js';
import { mp3Frame, mp3Seconds } from './mp3.js';

export type Content = 'jpg' | 'png' | 'gif' | 'bmp' | 'amr' | 'mp3' | 'mp4';

const magic: readonly { content: Content; at: number; bytes: Buffer }[] = [
  { content: 'jpg', at: 0, bytes: Buffer.from('ffd8ff', 'hex') },
  { content: 'png', at: 0, bytes: Buffer.from('89504e470d0a1a0a', 'hex') },
  { content: 'gif', at: 0, bytes: Buffer.from('GIF8') },
  { content: 'bmp', at: 0, bytes: Buffer.from('BM') },
  { content: 'amr', at: 0, bytes: Buffer.from(AMR_MAGIC) },
  { content: 'mp3', at: 0, bytes: Buffer.from('ID3') },
  { content: 'mp4', at: 4, bytes: Buffer.from('ftyp') },
];

export function contentOf(file: Buffer): Content | undefined {
  const known = magic.find(({ at, bytes }) => file.subarray(at, at + bytes.length).equals(bytes));
  return known?.content ?? (mp3Frame(file, 0) ? 'mp3' : undefined);
}

/** @returns undefined for a file that is not a voice note in a format that accounts may send */
export function voiceSeconds(file: Buffer): number | undefined {
  const content = contentOf(file);
  if (content === 'amr') return amrSeconds(file);
  return content === 'mp3' ? mp3Seconds(file) : undefined;
}
