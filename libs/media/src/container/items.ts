/**
 * Reads the item table of HEIF and AVIF (ISO 14496-12, 8.11: `iinf`, `iloc`, `idat`), completely or not at all: with one wrong
 * number it cannot be determined which bytes are Exif and which are the image.
 */
import { HubError } from '#protocol';
import { boxesIn, metaStart, rowIn, type Box } from './boxes.js';
import type { Span } from './span.js';

const MAX_ITEMS = 10_000;
const MAX_EXTENTS = 100_000;
/** Maximum size of `iinf`, `iloc` and `iref`, bytes; those of photographs have a few thousand. */
const MAX_TABLE_BYTES = 4 * 1024 * 1024;
const WIDTHS = new Set([0, 4, 8]);
/** Values of `construction_method`. Items inside other items (2) are not supported. */
const [IN_THE_FILE, IN_IDAT] = [0, 1];

export interface Extent {
  at: number;
  length: number;
}

export interface Item {
  id: number;
  type: string;
  /** Content type of an item of the type `mime`. */
  contentType: string;
  extents: Extent[];
}

/**
 * The items of a `meta` box, with the positions of their bytes. Empty: the box has no table, as in a video.
 * @throws HubError 106 when the table cannot be read completely
 */
export function itemsOf(span: Span, meta: Box): Item[] {
  const boxes = boxesIn(span, metaStart(span, meta), meta.end);
  const only = (type: string) => {
    const [box, ...more] = boxes.filter((one) => one.type === type);
    if (more.length > 0) throw unreadable(`it has several boxes "${type}"`);
    return box;
  };
  const [iinf, iloc, iref, idat] = [only('iinf'), only('iloc'), only('iref'), only('idat')];
  if (!iinf && !iloc) return [];
  if (!iinf || !iloc) throw unreadable('its table of items is not whole');
  if (iref) requireReferences(span, iref);
  const places = locations(span, iloc, idat);
  const items = entries(span, iinf).map((entry): Item => {
    const extents = places.get(entry.id) ?? [];
    places.delete(entry.id);
    return { ...entry, extents };
  });
  if (places.size > 0) throw unreadable('it has bytes of an item that is in no table');
  requireApart(items.flatMap(({ extents }) => extents));
  return items;
}

function entries(span: Span, iinf: Box): Omit<Item, 'extents'>[] {
  const reader = new TableReader(load(span, iinf));
  const version = reader.uint(1);
  if (version > 1) throw unreadable('its table of items has a version that is not known');
  reader.uint(3);
  const count = reader.uint(version === 0 ? 2 : 4);
  const { boxes, end } = rowIn(span, iinf.start + reader.read, iinf.end);
  if (end !== iinf.end || boxes.length !== count || count > MAX_ITEMS)
    throw unreadable('its table of items does not have the length that it says');
  const found = boxes.map((box) => entry(span, box));
  if (new Set(found.map(({ id }) => id)).size !== found.length)
    throw unreadable('two of its items have the same number');
  return found;
}

function entry(span: Span, box: Box): Omit<Item, 'extents'> {
  const bytes = load(span, box);
  const reader = new TableReader(bytes);
  const version = reader.uint(1);
  if (box.type !== 'infe' || (version !== 2 && version !== 3))
    throw unreadable('an entry of its table of items has a form that is not known');
  reader.uint(3);
  const id = reader.uint(version === 3 ? 4 : 2);
  reader.uint(2);
  const type = bytes.toString('latin1', reader.read, reader.read + 4);
  const [, contentType = ''] = bytes.toString('latin1', reader.read).split('\0');
  reader.uint(4);
  return { id, type, contentType };
}

function locations(span: Span, iloc: Box, idat: Box | undefined): Map<number, Extent[]> {
  const reader = new TableReader(load(span, iloc));
  const version = reader.uint(1);
  if (version > 2) throw unreadable('its table of locations has a version that is not known');
  reader.uint(3);
  const sizes = reader.uint(2);
  const width = (shift: number) => {
    const found = (sizes >> shift) & 15;
    if (!WIDTHS.has(found)) throw unreadable(`its table of locations has numbers of ${found} bytes`);
    return found;
  };
  const [ofOffset, ofLength, ofBase] = [width(12), width(8), width(4)];
  const ofIndex = version === 0 ? 0 : width(0);
  const count = reader.uint(version < 2 ? 2 : 4);
  const found = new Map<number, Extent[]>();
  let left = MAX_EXTENTS;
  for (let n = 0; n < count; n++) {
    const id = reader.uint(version < 2 ? 2 : 4);
    const method = version === 0 ? IN_THE_FILE : reader.uint(2) & 15;
    if (reader.uint(2) !== 0) throw unreadable('the bytes of an item lie in another file');
    const base = reader.uint(ofBase);
    const extents = reader.uint(2);
    left -= extents + 1;
    if (left < 0 || found.has(id)) throw unreadable('its table of locations repeats itself');
    const list = Array.from({ length: extents }, () => {
      reader.uint(ofIndex);
      const at = base + reader.uint(ofOffset);
      return extentIn(span, idat, method, { at, length: reader.uint(ofLength) });
    });
    found.set(id, list);
  }
  if (!reader.done) throw unreadable('its table of locations does not have the length that it says');
  return found;
}

/** A box with its position in the file. */
function extentIn(span: Span, idat: Box | undefined, method: number, { at, length }: Extent): Extent {
  if (method !== IN_THE_FILE && method !== IN_IDAT)
    throw unreadable('an item is made in a way that is not known');
  const [from, to] = method === IN_IDAT ? [idat?.start ?? 0, idat?.end ?? 0] : [0, span.size];
  const extent = { at: from + at, length };
  if (length === 0 || !Number.isSafeInteger(at) || extent.at + length > to)
    throw unreadable('an item lies outside of the file');
  return extent;
}

/** Verifies that no byte belongs to two items: erasing one item must not change another one. */
function requireApart(extents: Extent[]): void {
  let end = 0;
  for (const { at, length } of extents.toSorted((one, other) => one.at - other.at)) {
    if (at < end) throw unreadable('two of its items lie over each other');
    end = at + length;
  }
}

/** `iref`: each reference has the id of its item, the number of targets, and the targets. */
function requireReferences(span: Span, iref: Box): void {
  const head = new TableReader(load(span, iref));
  const width = head.uint(1) === 0 ? 2 : 4;
  const { boxes, end } = rowIn(span, iref.start + 4, iref.end);
  const isRight = boxes.every(({ start, end: to }) => {
    const reader = new TableReader(span.read(start, Math.min(to - start, MAX_TABLE_BYTES)));
    reader.uint(width);
    return reader.uint(2) * width === to - start - reader.read;
  });
  if (end !== iref.end || !isRight) throw unreadable('its table of references is not whole');
}

function load(span: Span, { start, end }: Box): Buffer {
  if (end - start > MAX_TABLE_BYTES) throw unreadable('its table of items is too long');
  return span.read(start, end - start);
}

function unreadable(detail: string): HubError {
  return new HubError('106', detail);
}

/** Reads numbers in sequence. @throws HubError 106 at the end of the data */
class TableReader {
  read = 0;

  constructor(private readonly bytes: Buffer) {}

  get done(): boolean {
    return this.read === this.bytes.length;
  }

  /** @param width bytes: 0 to 4, or 8 */
  uint(width: number): number {
    if (width === 0) return 0;
    const at = this.read;
    this.read += width;
    if (this.read > this.bytes.length) throw unreadable('a table of it ends too early');
    return width === 8 ? Number(this.bytes.readBigUInt64BE(at)) : this.bytes.readUIntBE(at, width);
  }
}
