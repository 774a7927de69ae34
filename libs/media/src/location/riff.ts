/** Removes locations from RIFF files (WebP, WAV, AVI), chunk by chunk, in place. */
import type { Erased } from './containers.js';
import { isPlaceName } from './location-names.js';
import type { PngInner } from './png.js';

const HEADER = 12;
const EXIF = 'Exif\0\0';
const MAX_CHUNKS = 100_000;
const MAX_DEPTH = 8;
/** Chunks without metadata. */
const OF_THE_MEDIUM = /^(?:VP8[ LX]|ALPH|ANIM|ICCP|fmt |data|fact|idx1|ix\d\d|\d\d(?:dc|db|wb|pc))$/;
/** INFO chunks for the place of recording. */
const PLACES = new Set(['IARL', 'ILOC', 'LOCN', 'ICNT', 'ICTY']);

export function isRiff(bytes: Buffer): boolean {
  return bytes.toString('latin1', 0, 4) === 'RIFF' && bytes.length >= HEADER;
}

/** Signature within other data. */
export function beginsAsRiff(bytes: Buffer): boolean {
  return isRiff(bytes) && /^[A-Z0-9 ]{4}$/.test(bytes.toString('latin1', 8, HEADER));
}

export function eraseFromRiff(bytes: Buffer, inner: PngInner): Erased {
  const end = Math.min(8 + bytes.readUInt32LE(4), bytes.length);
  return { changed: eraseFromChunks(bytes.subarray(HEADER, end), inner, 0), end, goesOn: true };
}

function eraseFromChunks(bytes: Buffer, inner: PngInner, depth: number): boolean {
  let changed = false;
  let at = 0;
  for (let n = 0; at + 8 <= bytes.length && n < MAX_CHUNKS; n++) {
    const type = bytes.toString('latin1', at, at + 4);
    const length = bytes.readUInt32LE(at + 4);
    const end = Math.min(at + 8 + length, bytes.length);
    changed = eraseFromChunk(type, bytes.subarray(at + 8, end), inner, depth) || changed;
    at = end + (length % 2);
  }
  return inner.unknown(bytes.subarray(Math.min(at, bytes.length))) || changed;
}

function eraseFromChunk(type: string, data: Buffer, inner: PngInner, depth: number): boolean {
  if (OF_THE_MEDIUM.test(type)) return inner.embedded(data);
  if (type === 'EXIF') {
    const marked = data.toString('latin1', 0, EXIF.length) === EXIF;
    return inner.exif(marked ? data.subarray(EXIF.length) : data);
  }
  if (type === 'XMP ' || type === '_PMX') return inner.xmp(data);
  if (type === 'LIST' && data.toString('latin1', 0, 4) !== 'movi')
    return depth < MAX_DEPTH && eraseFromChunks(data.subarray(4), inner, depth + 1);
  // Frames of an animation or video.
  if (type === 'ANMF' || type === 'LIST') return inner.embedded(data);
  if (PLACES.has(type) || isPlaceName(type))
    return data.some((byte) => byte !== 0) && data.fill(0).length > 0;
  return inner.unknown(data);
}
