/** Takes places out of Matroska and WebM, in place: tags named for a place, and pictures that are attached. */
import { crc32 } from 'node:zlib';
import { elementsIn, SEGMENT, type Element } from '../container/ebml.js';
import type { Span } from '../container/span.js';
import { isPlaceName, mentionsPlace } from './place-names.js';
import type { PngInner } from './png.js';

const CRC = 0xbf;
const VOID = 0xec;
const MAX_TEXT = 4096;
const [TAGS, TAG, SIMPLE_TAG, TAG_NAME, TAG_STRING] = [0x1254c367, 0x7373, 0x67c8, 0x45a3, 0x4487];
const [ATTACHMENTS, ATTACHED_FILE, FILE_DATA] = [0x1941a469, 0x61a7, 0x465c];
const PARENTS = new Set<number | undefined>([SEGMENT, TAGS, TAG, ATTACHMENTS, ATTACHED_FILE]);
const MAX_DEPTH = 8;
const MAX_VALUE = 16 * 1024 * 1024;

export function eraseFromEbml(span: Span, inner: PngInner): { changed: boolean; end: number } {
  const top = elementsIn(span, 0, span.size);
  let changed = false;
  for (const element of top) changed = eraseFromElement(span, element, inner, 0) || changed;
  return { changed, end: top.at(-1)?.end ?? 0 };
}

function eraseFromElement(span: Span, element: Element, inner: PngInner, depth: number): boolean {
  if (depth > MAX_DEPTH) return false;
  if (element.id === SIMPLE_TAG) return eraseFromTag(span, element, depth);
  if (element.id === FILE_DATA) return rewritten(span, element, (bytes) => inner.picture(bytes));
  if (!PARENTS.has(element.id)) return false;
  const children = elementsIn(span, element.start, element.end);
  let changed = false;
  for (const child of children) changed = eraseFromElement(span, child, inner, depth + 1) || changed;
  if (changed) renewChecksum(span, element, children[0]);
  return changed;
}

/** A tag of a place becomes a void element with everything in it. Tags may have tags in them. */
function eraseFromTag(span: Span, tag: Element, depth: number): boolean {
  const children = elementsIn(span, tag.start, tag.end);
  const text = (id: number | undefined) => {
    const found = children.find((child) => child.id === id);
    return found ? span.read(found.start, Math.min(found.end - found.start, MAX_TEXT)).toString('utf8') : '';
  };
  const name = text(TAG_NAME);
  if (isPlaceName(name.split(/[.:]/).at(-1) ?? '') || isPlaceName(name) || mentionsPlace(text(TAG_STRING))) {
    span.write(tag.at, voidOf(tag.end - tag.at));
    return true;
  }
  let changed = false;
  for (const child of children)
    if (child.id === SIMPLE_TAG && depth < MAX_DEPTH)
      changed = eraseFromTag(span, child, depth + 1) || changed;
  if (changed) renewChecksum(span, tag, children[0]);
  return changed;
}

/** An element that says nothing, of so many bytes with its header. */
function voidOf(length: number): Buffer {
  const bytes = Buffer.alloc(length);
  bytes[0] = VOID;
  if (length - 2 < 0x7f) bytes[1] = 0x80 | (length - 2);
  else bytes.writeBigUInt64BE((1n << 56n) | BigInt(length - 9), 1);
  return bytes;
}

function rewritten(span: Span, { start, end }: Element, how: (bytes: Buffer) => boolean): boolean {
  if (end - start > MAX_VALUE) return false;
  const bytes = span.read(start, end - start);
  if (!how(bytes)) return false;
  span.write(start, bytes);
  return true;
}

/** The first child of an element may be the checksum of all that follows in it. */
function renewChecksum(span: Span, { end }: Element, first: Element | undefined): void {
  if (first?.id !== CRC || first.end - first.start !== 4 || end - first.end > MAX_VALUE) return;
  const sum = Buffer.alloc(4);
  sum.writeUInt32LE(crc32(span.read(first.end, end - first.end)));
  span.write(first.start, sum);
}
