/**
 * Removes locations from MP4, QuickTime, 3GP, HEIC and AVIF, box by box, in place: user data (`©xyz`, `loci`), keys such as
 * `com.apple.quicktime.location.ISO6709`, XMP and Exif in boxes and items, cover images, and position tracks. Boxes keep their
 * sizes, so that no file offset changes; a removed box becomes `free`. A file whose boxes cannot be followed to its end is
 * refused.
 */
import { HubError } from '#protocol';
import { itemsOf, type Item } from '../container/items.js';
import { boxesIn, metaStart, rowIn, type Box } from '../container/boxes.js';
import type { Span } from '../container/span.js';
import { itemEraser } from './box-items.js';
import { BoxPatch } from './box-patch.js';
import { isPlaceName } from './location-names.js';
import type { PngInner } from './png.js';
import { positionSamples } from './position-track.js';
import { touches, uncovered, type Stretch } from './ranges.js';
import { samplesIn, sampleTable } from './sample-tables.js';
import { isUserDatum, PLACES } from './user-data.js';

/** Boxes that contain boxes. */
const FAMILIES = new Set('moov trak mdia minf moof traf mfra udta edts dinf meco iprp ipco'.split(' '));
/** Boxes without metadata. */
const OF_THE_MEDIUM = new Set(
  'ftyp styp mdat wide pnot mvhd tkhd mdhd hdlr vmhd smhd nmhd gmhd stbl elst dref mfhd tfhd tfdt trun sidx tfra mfro iloc iinf iref pitm idat imda iods mvex tref load ipma ispe pixi colr av1C hvcC avcC irot imir clap pasp auxC clli mdcv'.split(
    ' ',
  ),
);
/** Boxes that occur only in a track: an unknown box that contains one is a damaged track box. */
const OF_A_TRACK = new Set('tkhd mdia minf stbl stsd mdhd'.split(' '));
const XMP_UUID = 'be7acfcb97a942e89c71999491e3afac';
const EXIF_UUID = '4a706754696666457869662d3e4a5032';
const MAX_DEPTH = 12;
/** Maximum size of a metadata box, bytes. A larger one is removed without being loaded. */
const MAX_LOADED = 32 * 1024 * 1024;
/** Maximum size of all items together, bytes. */
const MAX_ITEM_BYTES = 64 * 1024 * 1024;

/** @param isWhole the bytes are a whole file: only zeros may follow the last box. @throws HubError 106 */
export function eraseFromBoxes(
  span: Span,
  inner: PngInner,
  isWhole = true,
): { changed: boolean; end: number } {
  const { boxes, end } = rowIn(span, 0, span.size);
  const eraser = new BoxEraser(span, inner, boxes);
  if (isWhole) eraser.requireEnd(end, span.size);
  eraser.file();
  return { changed: eraser.changed, end };
}

class BoxEraser {
  private readonly patch: BoxPatch;
  private itemBytes = 0;
  private readonly items: Item[] = [];
  /** Ranges in which items and samples may be. */
  private readonly data: Box[];

  constructor(
    private readonly span: Span,
    private readonly inner: PngInner,
    private readonly boxes: Box[],
  ) {
    this.patch = new BoxPatch(span, MAX_LOADED);
    this.data = boxes.filter(({ type }) => type === 'mdat' || type === 'imda');
  }

  get changed(): boolean {
    return this.patch.changed;
  }

  file(): void {
    const has = (type: string) => this.boxes.some((box) => box.type === type);
    const isFilm = has('moov');
    if (!isFilm && !has('meta')) throw new HubError('106', 'it is neither a film nor a picture');
    const tracks = this.tracks();
    for (const box of this.boxes) this.box(box, 0);
    if (!isFilm && this.items.length === 0) throw new HubError('106', 'it is a picture without items');
    const positions = this.positions(tracks);
    if (this.items.length === 0 && !positions) return;
    if (has('moof')) throw new HubError('106', 'where the samples of its fragments lie is not known');
    this.unreferred(tracks);
    // An item may be a file of another format.
    for (const box of isFilm ? [] : this.boxes)
      if (box.type === 'mdat' && box.end - box.start <= MAX_LOADED)
        this.patch.content(box.start, box.end, (bytes) => this.inner.embedded(bytes));
  }

  /** After a box with a wrong length, the content of the rest is unknown. */
  requireEnd(from: number, to: number): void {
    if (!this.patch.isZero(from, to))
      throw new HubError('106', 'the MP4 boxes cannot be followed to their end');
  }

  private box(box: Box, depth: number): void {
    if (depth > MAX_DEPTH) throw new HubError('106', 'the MP4 boxes are nested too deeply');
    const { type } = box;
    if (type === 'meta') this.meta(box, depth);
    else if (type === 'udta') this.userData(box, depth);
    else if (FAMILIES.has(type)) this.children(box, depth);
    else if (PLACES.has(type)) this.patch.takeOut(box);
    else if (type === 'uuid') this.uuid(box);
    else if (type === 'XMP_' || type === 'xml ' || type === 'bxml')
      this.patch.content(box.start, box.end, xmp(this.inner, type));
    else if (!OF_THE_MEDIUM.has(type)) this.other(box);
  }

  private children({ start, end: to }: Box, depth: number): void {
    const { boxes, end } = rowIn(this.span, start, to);
    this.requireEnd(end, to);
    for (const box of boxes) this.box(box, depth + 1);
  }

  /** A box of unknown type. */
  private other(box: Box): void {
    const { boxes, end } = rowIn(this.span, box.start, box.end);
    if (end === box.end && boxes.some(({ type }) => OF_A_TRACK.has(type)))
      throw new HubError('106', 'a part of its tracks is not known');
    this.patch.content(box.start, box.end, (bytes) => this.inner.unknown(bytes));
  }

  /** Metadata is not needed to show the file: unknown or damaged boxes are removed. */
  private userData(box: Box, depth: number): void {
    const { boxes, end } = rowIn(this.span, box.start, box.end);
    if (!this.patch.isZero(end, box.end)) return this.patch.takeOut(box);
    for (const one of boxes) {
      if (isUserDatum(one.type)) this.box(one, depth + 1);
      else this.patch.takeOut(one);
    }
  }

  private meta(box: Box, depth: number): void {
    const { boxes, end } = rowIn(this.span, metaStart(this.span, box), box.end);
    // Inside user data a box is not needed to show the file.
    if (depth > 0 && !this.patch.isZero(end, box.end)) return this.patch.takeOut(box);
    this.requireEnd(end, box.end);
    const keys = boxes.find(({ type }) => type === 'keys');
    const names = keys ? this.keyNames(keys) : [];
    const items = itemsOf(this.span, box);
    this.data.push(...boxes.filter(({ type }) => type === 'idat'));
    for (const item of items) this.item(item);
    this.items.push(...items);
    for (const one of boxes) {
      if (one.type === 'ilst') this.list(one, names);
      else if (one.type !== 'keys') this.box(one, depth + 1);
    }
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

  /** Values of keys, and values with custom names (`----`, with `mean`, `name` and `data`). */
  private list(list: Box, names: string[]): void {
    const { boxes, end } = rowIn(this.span, list.start, list.end);
    if (!this.patch.isZero(end, list.end)) return this.patch.takeOut(list);
    for (const box of boxes) {
      const key = names[Buffer.from(box.type, 'latin1').readUInt32BE(0) - 1];
      const own = boxesIn(this.span, box.start, box.end).find(({ type }) => type === 'name');
      const name =
        key ?? (own ? this.span.read(own.start + 4, 256).toString('latin1', 0, own.end - own.start - 4) : '');
      if (PLACES.has(box.type) || isPlaceName(name.split('.').at(-1) ?? '') || isPlaceName(name))
        this.patch.takeOut(box);
      else this.patch.content(box.start, box.end, (bytes) => this.inner.unknown(bytes));
    }
  }

  private item({ type, contentType, extents }: Item): void {
    if (extents.some(({ at, length }) => !this.isOfTheMedium({ from: at, to: at + length })))
      throw new HubError('106', 'an item lies where no data are');
    const how = itemEraser(type, contentType, this.inner);
    if (!how) return;
    const parts = extents.map(({ at, length }) => {
      this.itemBytes += length;
      if (this.itemBytes > MAX_ITEM_BYTES)
        throw new HubError('106', 'too much beside its picture to look for a place');
      return this.span.read(at, length);
    });
    const whole = Buffer.concat(parts);
    if (!how(whole)) return;
    let from = 0;
    for (const { at, length } of extents) {
      this.patch.write(at, whole.subarray(from, from + length));
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
    this.patch.content(Math.min(box.start + 16, box.end), box.end, how);
  }

  private tracks(): Box[] {
    return this.boxes
      .filter(({ type }) => type === 'moov')
      .flatMap((moov) => boxesIn(this.span, moov.start, moov.end))
      .filter(({ type }) => type === 'trak');
  }

  /** Removes position tracks with their samples. @returns whether there was one */
  private positions(tracks: Box[]): boolean {
    const found = tracks.map((track) => ({ track, samples: positionSamples(this.span, track) }));
    const others = found.flatMap(({ track, samples }) => (samples ? [] : this.samplesOf(track)));
    const sorted = others.toSorted((one, other) => one.from - other.from);
    for (const { track, samples } of found) {
      if (!samples) continue;
      const stretches = samples.map(({ at, length }) => ({ from: at, to: at + length }));
      if (stretches.some((stretch) => touches(stretch, sorted) || !this.isOfTheMedium(stretch)))
        throw new HubError('106', 'a track of positions lies over another one');
      for (const { from, to } of stretches) this.patch.zero(from, to);
      this.patch.takeOut(track);
    }
    return found.some(({ samples }) => samples !== undefined);
  }

  private samplesOf(track: Box): Stretch[] {
    return samplesIn(this.span, sampleTable(this.span, track)).map(({ at, length }) => ({
      from: at,
      to: at + length,
    }));
  }

  private isOfTheMedium({ from, to }: Stretch): boolean {
    return this.data.some(({ start, end }) => start <= from && to <= end);
  }

  /** Overwrites bytes to which no item or sample refers: no reader needs them, and they may contain a location from an earlier version of the file. */
  private unreferred(tracks: Box[]): void {
    const items = this.items.flatMap(({ extents }) => extents);
    const used = [
      ...items.map(({ at, length }) => ({ from: at, to: at + length })),
      ...tracks.filter(({ at }) => this.isTrack(at)).flatMap((track) => this.samplesOf(track)),
    ];
    for (const { start, end } of this.data)
      for (const { from, to } of uncovered({ from: start, to: end }, used)) this.patch.zero(from, to);
  }

  /** Still, after tracks of positions were taken out. */
  private isTrack(at: number): boolean {
    return this.span.read(at + 4, 4).toString('latin1') === 'trak';
  }
}

function xmp(inner: PngInner, type: string): (bytes: Buffer) => boolean {
  // `xml ` and `bxml` have a version and flags before their content.
  return (bytes) => inner.xmp(type === 'XMP_' ? bytes : bytes.subarray(4));
}
