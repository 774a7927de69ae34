/**
 * Takes places out of MP4, QuickTime, 3GP, HEIC and AVIF by their boxes, in place: user data (`©xyz`, `loci`), keys as
 * `com.apple.quicktime.location.ISO6709`, XMP and Exif in boxes and items, cover pictures, and tracks of positions. Boxes keep
 * their sizes, so that nothing that refers to a position in the file has to change; what is taken out becomes `free`.
 */
import { HubError } from '#protocol';
import { boxesIn, itemsOf, metaStart, rowIn, type Box } from '../container/boxes.js';
import type { Span } from '../container/span.js';
import { isPlaceName } from './place-names.js';
import type { PngInner } from './png.js';
import { positionSamples } from './position-track.js';

/** Boxes that have boxes in them. */
const FAMILIES = new Set(['moov', 'trak', 'mdia', 'minf', 'moof', 'traf', 'udta', 'edts', 'dinf', 'meco']);
/** Boxes without words in them. */
const OF_THE_MEDIUM = new Set(
  'ftyp styp mdat free skip wide pnot mvhd tkhd mdhd hdlr vmhd smhd nmhd gmhd stbl elst dref mfhd tfhd tfdt trun sidx mfra iloc iinf iprp iref pitm idat iods mvex tref load'.split(
    ' ',
  ),
);
/** In user data, of QuickTime and of 3GPP. */
const PLACES = new Set(['\u00a9xyz', 'loci', '\u00a9loc', 'GPMF', '\u00a9gps']);
const XMP_UUID = 'be7acfcb97a942e89c71999491e3afac';
const EXIF_UUID = '4a706754696666457869662d3e4a5032';
const MAX_DEPTH = 12;
/** A box of words that is larger is not loaded; it is taken out. */
const MAX_LOADED = 32 * 1024 * 1024;
/** Of all items together. */
const MAX_ITEM_BYTES = 64 * 1024 * 1024;
const EXIF = 'Exif\0\0';

export function eraseFromBoxes(span: Span, inner: PngInner): { changed: boolean; end: number } {
  const eraser = new BoxEraser(span, inner);
  const { boxes, end } = rowIn(span, 0, span.size);
  const isPicture = boxes.some(({ type }) => type === 'meta') && !boxes.some(({ type }) => type === 'moov');
  if (isPicture) for (const box of boxes) if (box.type === 'mdat') eraser.pixels(box);
  for (const box of boxes) eraser.box(box, 0);
  return { changed: eraser.changed, end };
}

class BoxEraser {
  changed = false;
  private itemBytes = 0;

  constructor(
    private readonly span: Span,
    private readonly inner: PngInner,
  ) {}

  box(box: Box, depth: number): void {
    if (depth > MAX_DEPTH) return;
    const { type } = box;
    if (type === 'trak' && positionSamples(this.span, box) !== undefined) this.track(box);
    else if (type === 'meta') this.meta(box, depth);
    else if (FAMILIES.has(type)) this.children(box.start, box.end, depth);
    else if (PLACES.has(type)) this.takeOut(box);
    else if (type === 'uuid') this.uuid(box);
    else if (type === 'XMP_' || type === 'xml ' || type === 'bxml')
      this.content(box.start, box.end, xmp(this.inner, type));
    else if (!OF_THE_MEDIUM.has(type)) this.content(box.start, box.end, (bytes) => this.inner.unknown(bytes));
  }

  /** Should its table of items be damaged, Exif lies here all the same. */
  pixels({ start, end }: Box): void {
    if (end - start <= MAX_LOADED) this.content(start, end, (bytes) => this.inner.embedded(bytes));
  }

  private children(from: number, to: number, depth: number): void {
    const { boxes, end } = rowIn(this.span, from, to);
    for (const box of boxes) this.box(box, depth + 1);
    // Behind a box with a wrong length.
    this.content(end, to, (bytes) => this.inner.unknown(bytes));
  }

  private meta(box: Box, depth: number): void {
    const from = metaStart(this.span, box);
    const { boxes, end } = rowIn(this.span, from, box.end);
    const keys = boxes.find(({ type }) => type === 'keys');
    const names = keys ? this.keyNames(keys) : [];
    for (const item of itemsOf(this.span, box)) this.item(item);
    for (const one of boxes) {
      if (one.type === 'ilst') this.list(one, names);
      else if (one.type !== 'keys') this.box(one, depth + 1);
    }
    this.content(end, box.end, (bytes) => this.inner.unknown(bytes));
  }

  private keyNames({ start, end }: Box): string[] {
    const names: string[] = [];
    for (let at = start + 8; at + 8 <= end;) {
      const head = this.span.read(at, 4).readUInt32BE(0);
      if (head < 8 || at + head > end) break;
      names.push(this.span.read(at + 8, Math.min(head - 8, 256)).toString('latin1'));
      at += head;
    }
    return names;
  }

  /** Values of keys, and values with names of their own (`----`, with `mean`, `name` and `data`). */
  private list({ start, end }: Box, names: string[]): void {
    for (const box of boxesIn(this.span, start, end)) {
      const key = names[Buffer.from(box.type, 'latin1').readUInt32BE(0) - 1];
      const own = boxesIn(this.span, box.start, box.end).find(({ type }) => type === 'name');
      const name =
        key ?? (own ? this.span.read(own.start + 4, 256).toString('latin1', 0, own.end - own.start - 4) : '');
      if (PLACES.has(box.type) || isPlaceName(name.split('.').at(-1) ?? '') || isPlaceName(name))
        this.takeOut(box);
      else this.content(box.start, box.end, (bytes) => this.inner.unknown(bytes));
    }
  }

  private item({ type, contentType, extents }: ReturnType<typeof itemsOf>[number]): void {
    const how = itemEraser(type, contentType, this.inner);
    if (!how) return;
    const parts = extents.map(({ at, length }) => this.span.read(at, length === 0 ? MAX_LOADED : length));
    const whole = Buffer.concat(parts);
    this.itemBytes += whole.length;
    if (this.itemBytes > MAX_ITEM_BYTES)
      throw new HubError('106', 'too much beside its picture to look for a place');
    if (!how(whole)) return;
    this.changed = true;
    let from = 0;
    for (const [n, { at }] of extents.entries()) {
      const length = parts[n]?.length ?? 0;
      this.span.write(at, whole.subarray(from, from + length));
      from += length;
    }
  }

  private uuid(box: Box): void {
    const id = this.span.read(box.start, 16).toString('hex');
    const how =
      id === XMP_UUID
        ? (bytes: Buffer) => this.inner.xmp(bytes)
        : id === EXIF_UUID
          ? (bytes: Buffer) => this.inner.exif(bytes)
          : (bytes: Buffer) => this.inner.unknown(bytes);
    this.content(box.start + 16, box.end, how);
  }

  /** A track of positions goes, with its samples. */
  private track(box: Box): void {
    for (const { at, length } of positionSamples(this.span, box) ?? [])
      this.zero(at, Math.min(at + length, this.span.size));
    this.takeOut(box);
  }

  private content(from: number, to: number, how: (bytes: Buffer) => boolean): void {
    if (to <= from) return;
    if (to - from > MAX_LOADED) return this.zero(from, to);
    const bytes = this.span.read(from, to - from);
    if (!how(bytes)) return;
    this.span.write(from, bytes);
    this.changed = true;
  }

  private takeOut(box: Box): void {
    this.span.write(box.at + 4, Buffer.from('free', 'latin1'));
    this.zero(box.start, box.end);
    this.changed = true;
  }

  private zero(from: number, to: number): void {
    const step = 1024 * 1024;
    for (let at = from; at < to; at += step) this.span.write(at, Buffer.alloc(Math.min(step, to - at)));
    this.changed = true;
  }
}

function xmp(inner: PngInner, type: string): (bytes: Buffer) => boolean {
  // `xml ` and `bxml` have a version and flags before their content.
  return (bytes) => inner.xmp(type === 'XMP_' ? bytes : bytes.subarray(4));
}

/** What an item of HEIF has: Exif behind an offset, XMP, a picture of its own. */
function itemEraser(
  type: string,
  contentType: string,
  inner: PngInner,
): ((bytes: Buffer) => boolean) | undefined {
  switch (type) {
    case 'Exif':
      return (bytes) => {
        if (bytes.length < 8) return false;
        const skipped = 4 + bytes.readUInt32BE(0);
        const marked = bytes.toString('latin1', 4, 4 + EXIF.length) === EXIF ? 4 + EXIF.length : 4;
        return inner.exif(bytes.subarray(skipped < bytes.length ? skipped : marked));
      };
    case 'mime':
      return contentType.includes('xml') ? (bytes) => inner.xmp(bytes) : (bytes) => inner.unknown(bytes);
    case 'jpeg':
      return (bytes) => inner.picture(bytes);
    case 'uri ':
      return (bytes) => inner.unknown(bytes);
    default:
      return undefined;
  }
}
