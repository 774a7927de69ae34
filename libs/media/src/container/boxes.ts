/** Reads the boxes of an untrusted ISO base media file (ISO 14496-12: MP4, QuickTime, 3GP, HEIF, AVIF). */
import type { Span } from './span.js';

const MAX_BOXES = 50_000;
const MAX_FTYP_BYTES = 1024;

export interface Box {
  type: string;
  /** Position of its header. */
  at: number;
  /** Position of its content. */
  start: number;
  end: number;
}

/** Complete boxes only: a box that ends outside its parent ends the sequence. */
export function boxesIn(span: Span, from: number, to: number): Box[] {
  return rowIn(span, from, to).boxes;
}

/** `end`: end of the last complete box. */
export function rowIn(span: Span, from: number, to: number): { boxes: Box[]; end: number } {
  const boxes: Box[] = [];
  let at = from;
  while (at + 8 <= to && boxes.length < MAX_BOXES) {
    const head = span.read(at, 16);
    if (head.length < 8) break;
    const type = head.toString('latin1', 4, 8);
    let size = head.readUInt32BE(0);
    let start = at + 8;
    if (size === 1 && head.length === 16) {
      size = Number(head.readBigUInt64BE(8));
      start = at + 16;
    } else if (size === 0) size = to - at;
    if (size < start - at || at + size > to || !isType(type)) break;
    boxes.push({ type, at, start, end: at + size });
    at += size;
  }
  return { boxes, end: at };
}

/** Type of a box: four characters, or the number of a key in an `ilst`. */
function isType(type: string): boolean {
  return /^(?:[\x20-\x7e\xa9]{4}|(?!\0{4})\0.{3})$/s.test(type);
}

export function boxOf(span: Span, parent: Box | undefined, type: string): Box | undefined {
  return parent && boxesIn(span, parent.start, parent.end).find((box) => box.type === type);
}

export function isBoxes(head: Buffer): boolean {
  return head.toString('latin1', 4, 8) === 'ftyp';
}

/** A video inside other data begins with a complete `ftyp` with a few brands; four matching bytes alone may be pixels. */
export function beginsAsBoxes(head: Buffer): boolean {
  if (!isBoxes(head) || head.length < 16) return false;
  const size = head.readUInt32BE(0);
  return size >= 16 && size <= MAX_FTYP_BYTES && size % 4 === 0 && size <= head.length;
}

/** In ISO files `meta` has a version and flags, in QuickTime files not. */
export function metaStart(span: Span, { start }: Box): number {
  return span.read(start, 8).toString('latin1', 4, 8) === 'hdlr' ? start : start + 4;
}
