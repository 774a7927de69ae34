/** The boxes of an ISO base media file (ISO 14496-12: MP4, QuickTime, 3GP, HEIF, AVIF), read without trust. */
import type { Span } from './span.js';

const MAX_BOXES = 50_000;
const MAX_FTYP_BYTES = 1024;

export interface Box {
  type: string;
  /** Of its header. */
  at: number;
  /** Of its content. */
  start: number;
  end: number;
}

/** As far as they are whole; a box that ends outside of its parent ends the row. */
export function boxesIn(span: Span, from: number, to: number): Box[] {
  return rowIn(span, from, to).boxes;
}

/** `end`: of the last whole one. */
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

/** Four characters, or the number of a key in an `ilst`. */
function isType(type: string): boolean {
  return /^(?:[\x20-\x7e\xa9]{4}|(?!\0{4})\0.{3})$/s.test(type);
}

export function boxOf(span: Span, parent: Box | undefined, type: string): Box | undefined {
  return parent && boxesIn(span, parent.start, parent.end).find((box) => box.type === type);
}

export function isBoxes(head: Buffer): boolean {
  return head.toString('latin1', 4, 8) === 'ftyp';
}

/** A film that lies in other bytes begins with a whole `ftyp` of a few brands: four bytes of pixels alone are none. */
export function beginsAsBoxes(head: Buffer): boolean {
  if (!isBoxes(head) || head.length < 16) return false;
  const size = head.readUInt32BE(0);
  return size >= 16 && size <= MAX_FTYP_BYTES && size % 4 === 0 && size <= head.length;
}

/** ISO says that `meta` has a version and flags; QuickTime that it has not. */
export function metaStart(span: Span, { start }: Box): number {
  return span.read(start, 8).toString('latin1', 4, 8) === 'hdlr' ? start : start + 4;
}
