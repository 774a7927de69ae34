/** Removes locations from metadata of audio files, in place: ID3 of MP3, comments and pictures of FLAC. */
import { HubError } from '#protocol';
import { eraseFromComments } from './comments.js';
import type { Erased } from './containers.js';
import { isPlaceName } from './location-names.js';
import type { PngInner } from './png.js';

const SPACE = 0x20;
const ID3_HEAD = 10;
const FLAC_HEAD = 4;
const [STREAMINFO, SEEKTABLE, COMMENT] = [0, 3, 4];
/** Frames whose names and values any program can define. */
const FREE_FRAMES = /^(?:TXXX|COMM|GEOB|PRIV|WXXX)$/;

export function isId3(bytes: Buffer): boolean {
  return bytes.toString('latin1', 0, 3) === 'ID3' && bytes.length >= ID3_HEAD;
}

export function isFlac(bytes: Buffer): boolean {
  return bytes.toString('latin1', 0, 4) === 'fLaC';
}

function syncSafe(bytes: Buffer, at: number): number {
  return bytes.subarray(at, at + 4).reduce((size, byte) => size * 128 + (byte & 0x7f), 0);
}

/**
 * Checks each frame of ID3v2.3 and 2.4. Tags of version 2.2, or with a changed layout, are searched for images and text.
 * @throws HubError 106 when the frames do not fit into the tag
 */
export function eraseFromId3(bytes: Buffer, inner: PngInner): Erased {
  const version = bytes[3] ?? 0;
  const end = ID3_HEAD + syncSafe(bytes, 6);
  if (end > bytes.length) throw new HubError('106', 'the ID3 tag is truncated');
  const plain = ((bytes[5] ?? 0) & 0xe0) === 0 && (version === 3 || version === 4);
  if (!plain) return { changed: inner.unknown(bytes.subarray(ID3_HEAD, end)), end, goesOn: true };
  let changed = false;
  let at = ID3_HEAD;
  for (; at + ID3_HEAD <= end && bytes[at] !== 0;) {
    const id = bytes.toString('latin1', at, at + 4);
    const size = version === 4 ? syncSafe(bytes, at + 4) : bytes.readUInt32BE(at + 4);
    const from = at + ID3_HEAD;
    at = from + size;
    if (at > end || !/^[A-Z][A-Z0-9]{2}[A-Z0-9 ]$/.test(id))
      throw new HubError('106', 'the ID3 tag is damaged');
    changed = eraseFromFrame(id, bytes.subarray(from, at), inner) || changed;
  }
  // Padding.
  if (bytes.subarray(at, end).some((byte) => byte !== 0)) throw new HubError('106', 'the ID3 tag is damaged');
  return { changed, end, goesOn: true };
}

function eraseFromFrame(id: string, frame: Buffer, inner: PngInner): boolean {
  const words = frame.subarray(1);
  const name = words.toString('latin1').replaceAll('\0', ' ').trim().split(/\s/)[0] ?? '';
  if (FREE_FRAMES.test(id) && isPlaceName(name.split(/[.:]/).at(-1) ?? '')) {
    words.fill(id === 'GEOB' || id === 'PRIV' ? 0 : SPACE);
    return true;
  }
  return inner.unknown(words);
}

/** @throws HubError 106 when no audio follows the metadata blocks */
export function eraseFromFlac(bytes: Buffer, inner: PngInner): Erased {
  let changed = false;
  let at = FLAC_HEAD;
  for (let last = false; !last;) {
    if (at + 4 > bytes.length) throw new HubError('106', 'the FLAC metadata blocks are truncated');
    const kind = bytes[at] ?? 0;
    const from = at + 4;
    at = from + bytes.readUIntBE(from - 3, 3);
    last = (kind & 0x80) !== 0;
    changed = eraseFromBlock(kind & 0x7f, bytes.subarray(from, at), inner) || changed;
  }
  // Sync code of a frame: fourteen bits, and one that is zero.
  const isFrame = bytes[at] === 0xff && ((bytes[at + 1] ?? 0) & 0xfe) === 0xf8;
  if (!isFrame && at !== bytes.length) throw new HubError('106', 'no sound follows its blocks');
  return { changed, end: at, goesOn: true };
}

function eraseFromBlock(kind: number, block: Buffer, inner: PngInner): boolean {
  if (kind === STREAMINFO || kind === SEEKTABLE) return false;
  return kind === COMMENT ? eraseFromComments(block, inner) : inner.unknown(block);
}
