/** The boxes of an ISO base media file (ISO 14496-12: MP4, QuickTime, 3GP, HEIF, AVIF), read without trust. */
import type { Span } from './span.js';

const MAX_BOXES = 50_000;

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

/** ISO says that `meta` has a version and flags; QuickTime that it has not. */
export function metaStart(span: Span, { start }: Box): number {
  return span.read(start, 8).toString('latin1', 4, 8) === 'hdlr' ? start : start + 4;
}

export interface Item {
  id: number;
  type: string;
  /** Of an item of the type `mime`. */
  contentType: string;
  extents: { at: number; length: number }[];
}

const MAX_ITEMS = 10_000;

/** The items of a `meta` box, and where their bytes lie. */
export function itemsOf(span: Span, meta: Box): Item[] {
  const boxes = boxesIn(span, metaStart(span, meta), meta.end);
  const find = (type: string) => boxes.find((box) => box.type === type);
  const [iinf, iloc, idat] = [find('iinf'), find('iloc'), find('idat')];
  if (!iinf || !iloc) return [];
  const places = locations(span.read(iloc.start, iloc.end - iloc.start), idat);
  const version = span.read(iinf.start, 1)[0] ?? 0;
  return boxesIn(span, iinf.start + (version === 0 ? 6 : 8), iinf.end).flatMap((infe) => {
    const item = entry(span.read(infe.start, infe.end - infe.start));
    return item ? [{ ...item, extents: places.get(item.id) ?? [] }] : [];
  });
}

function entry(bytes: Buffer): Omit<Item, 'extents'> | undefined {
  const version = bytes[0] ?? 0;
  const wide = version === 3 ? 4 : 2;
  const at = 4 + wide + 2;
  if (version < 2 || bytes.length < at + 4) return undefined;
  const id = wide === 4 ? bytes.readUInt32BE(4) : bytes.readUInt16BE(4);
  const words = bytes.toString('latin1', at + 4).split('\0');
  return { id, type: bytes.toString('latin1', at, at + 4), contentType: words[1] ?? '' };
}

function locations(bytes: Buffer, idat: Box | undefined): Map<number, Item['extents']> {
  const found = new Map<number, Item['extents']>();
  const reader = new Reader(bytes);
  const version = reader.uint(1);
  reader.uint(3);
  const sizes = reader.uint(2);
  const [offsetSize, lengthSize, baseSize, indexSize] = [12, 8, 4, 0].map(
    (shift) => (sizes >> shift) & 15,
  ) as [number, number, number, number];
  const count = reader.uint(version < 2 ? 2 : 4);
  for (let n = 0; n < count && n < MAX_ITEMS && !reader.done; n++) {
    const id = reader.uint(version < 2 ? 2 : 4);
    const method = version === 0 ? 0 : reader.uint(2) & 15;
    reader.uint(2);
    const base = reader.uint(baseSize);
    const extents = reader.uint(2);
    const list: Item['extents'] = [];
    for (let extent = 0; extent < extents && !reader.done; extent++) {
      if (version > 0) reader.uint(indexSize);
      const at = base + reader.uint(offsetSize);
      const length = reader.uint(lengthSize);
      if (method === 0) list.push({ at, length });
      else if (method === 1 && idat && at <= idat.end - idat.start)
        list.push({ at: idat.start + at, length: Math.min(length || Infinity, idat.end - idat.start - at) });
    }
    found.set(id, list);
  }
  return found;
}

/** Numbers one after the other; zero at the end. */
export class Reader {
  private at = 0;

  constructor(private readonly bytes: Buffer) {}

  get done(): boolean {
    return this.at >= this.bytes.length;
  }

  uint(width: number): number {
    if (width === 0) return 0;
    if (this.at + width > this.bytes.length) {
      this.at = this.bytes.length;
      return 0;
    }
    const value =
      width === 8 ? Number(this.bytes.readBigUInt64BE(this.at)) : this.bytes.readUIntBE(this.at, width);
    this.at += width;
    return value;
  }
}
