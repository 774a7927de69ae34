/** Removes locations from a GIF (89a), block by block, in place. */
import { HubError } from '#protocol';
import { bytesMentionPlace } from './location-names.js';
import type { PngInner } from './png.js';

const HEADER = 13;
const [EXTENSION, IMAGE, TRAILER] = [0x21, 0x2c, 0x3b];
const [APPLICATION, COMMENT, PLAIN_TEXT] = [0xff, 0xfe, 0x01];
const XMP = 'XMP DataXMP';
/** XMP ends with the bytes 1, 255 down to 0, which lead every reader of sub-blocks to its end. */
const AFTER_XMP = Buffer.from([1, ...Array.from({ length: 256 }, (_, n) => 255 - n), 0]);
const SPACE = 0x20;

export function isGif(bytes: Buffer): boolean {
  return /^GIF8[79]a/.test(bytes.toString('latin1', 0, 6));
}

export function eraseFromGif(bytes: Buffer, inner: PngInner): { changed: boolean; end: number } {
  let changed = false;
  let at = HEADER + tableBytes(bytes[10] ?? 0);
  while (at < bytes.length) {
    const kind = bytes[at];
    if (kind === IMAGE) at = afterBlocks(bytes, at + 11 + tableBytes(bytes[at + 9] ?? 0));
    else if (kind === EXTENSION) {
      const end = afterBlocks(bytes, at + 2);
      changed = eraseFromExtension(bytes, at, end, inner) || changed;
      at = end;
    } else break;
  }
  if (at >= bytes.length || bytes[at] === TRAILER) return { changed, end: Math.min(at + 1, bytes.length) };
  // Some readers continue after a damaged block and find images, so the rest cannot simply be erased.
  const rest = bytes.subarray(at);
  changed = inner.embedded(rest) || changed;
  if (bytesMentionPlace(rest))
    throw new HubError(
      '106',
      'the GIF blocks cannot be followed to their end, and the file contains a location',
    );
  return { changed, end: bytes.length };
}

function tableBytes(flags: number): number {
  return (flags & 0x80) === 0 ? 0 : 3 << ((flags & 7) + 1);
}

/** @param at position of the size of the first sub-block */
function afterBlocks(bytes: Buffer, at: number): number {
  let next = at;
  for (let size = bytes[next]; size !== undefined && size !== 0; size = bytes[next]) next += 1 + size;
  return Math.min(next + 1, bytes.length);
}

function eraseFromExtension(bytes: Buffer, at: number, end: number, inner: PngInner): boolean {
  const label = bytes[at + 1];
  if (label === APPLICATION && bytes.toString('latin1', at + 3, at + 14) === XMP) {
    const magic = bytes.indexOf(AFTER_XMP, at + 14);
    // Without the complete trailer, what readers skip depends on every byte of the text.
    if (magic < 0 || magic + AFTER_XMP.length > end) {
      if (!bytesMentionPlace(bytes.subarray(at + 14))) return false;
      throw new HubError('106', 'the GIF comment is not terminated correctly and contains a location');
    }
    return inner.xmp(bytes.subarray(at + 14, magic));
  }
  if (label !== APPLICATION && label !== COMMENT && label !== PLAIN_TEXT) return false;
  const said = Buffer.concat(blocksOf(bytes, at + 2, end));
  if (!inner.unknown(Buffer.from(said))) return false;
  for (const block of blocksOf(bytes, label === COMMENT ? at + 2 : at + 3 + (bytes[at + 2] ?? 0), end))
    block.fill(SPACE);
  return true;
}

function blocksOf(bytes: Buffer, from: number, end: number): Buffer[] {
  const blocks: Buffer[] = [];
  for (let at = from, size = bytes[at] ?? 0; size > 0 && at < end; size = bytes[at] ?? 0) {
    blocks.push(bytes.subarray(at + 1, Math.min(at + 1 + size, end)));
    at += 1 + size;
  }
  return blocks;
}
