/**
 * Removes the location from a TIFF structure (CIPA DC-008 Exif, TIFF 6.0), in place: the GPS directory and the entry that refers
 * to it are erased, also locations in XMP, IPTC and texts. Everything else, including the orientation, stays.
 */
import { beginsAsJpeg } from './jpeg.js';
import { isTiff, readTiff, type Directory, type Range, type Tiff, type Value } from './tiff-reader.js';
import { bytesMentionPlace } from './location-names.js';

const XMP = 700;
const IPTC = 0x83bb;
const PHOTOSHOP = 0x8649;
const MAKER_NOTE = 0x927c;
const ORIENTATION = 0x0112;
const ENTRY = 12;
/** Types with text: BYTE, ASCII, SBYTE, UNDEFINED, UTF-8. */
const TEXT_TYPES = new Set([1, 2, 6, 7, 129]);
/** Maximum padding between values, bytes. */
const MAX_PADDING = 8;

/** Handlers for data inside a TIFF that has a structure of its own. */
export interface Inner {
  xmp(packet: Buffer): boolean;
  iptc(records: Buffer): boolean;
  photoshop(resources: Buffer): boolean;
  picture(bytes: Buffer): boolean;
  unknown(bytes: Buffer): boolean;
}

/**
 * Handles an Exif block inside another file. Bytes to which no directory refers may contain an earlier location: they become
 * zeros. A block that cannot be followed is replaced by one with the orientation only.
 * @returns whether something was changed
 */
export function eraseFromExif(block: Buffer, inner: Inner): boolean {
  const tiff = isTiff(block) ? readTiff(block) : undefined;
  if (!tiff) return block.some((byte) => byte !== 0) && emptied(block, orientationOf(block));
  let changed = eraseValues(block, tiff, inner);
  for (const { from, to } of gaps(block.length, [...tiff.tables, ...tiff.referred]))
    if (to - from > MAX_PADDING) changed = zeroed(block, { from, to }) || changed;
  return removePointers(block, tiff) || changed;
}

/**
 * Handles a TIFF file: only the GPS directory is overwritten, and in a whole file only where it overlaps nothing else.
 * @param isWhole the bytes are a whole file: bytes to which no directory refers belong to it and are searched
 */
export function eraseFromTiffFile(
  file: Buffer,
  inner: Inner,
  isWhole: boolean,
): 'unchanged' | 'erased' | 'unreadable' {
  const tiff = readTiff(file, true);
  if (!tiff) return 'unreadable';
  let changed = eraseValues(file, tiff, inner);
  const free = gaps(file.length, [...tiff.tables, ...tiff.referred]);
  // Inside another file, a value with a damaged length may overlap the GPS directory and would preserve it.
  const writable = isWhole ? free : gaps(file.length, tiff.tables);
  for (const range of tiff.gps.flatMap(({ ranges }) => ranges))
    for (const gap of writable) changed = zeroed(file, overlap(range, gap)) || changed;
  if (isWhole)
    for (const { from, to } of free)
      if (to - from > MAX_PADDING) changed = inner.unknown(file.subarray(from, to)) || changed;
  return removePointers(file, tiff) || changed ? 'erased' : 'unchanged';
}

function eraseValues(bytes: Buffer, tiff: Tiff, inner: Inner): boolean {
  let changed = false;
  const hasPlace = tiff.gps.length > 0;
  for (const value of tiff.values) {
    const content = bytes.subarray(value.from, value.to);
    changed = eraseValue(value, content, hasPlace, inner) || changed;
  }
  for (const range of tiff.pictures) {
    const picture = bytes.subarray(range.from, range.to);
    // Inside another file this is a small JPEG (thumbnail), or not shown at all.
    const isPicture = tiff.isFile || beginsAsJpeg(picture);
    changed = (isPicture ? inner.picture(picture) : zeroed(bytes, range)) || changed;
  }
  // A value that overlaps the GPS directory would preserve it.
  for (const range of tiff.gps.flatMap(({ ranges }) => ranges))
    for (const value of tiff.values) {
      const shared = overlap(range, value);
      const inTable = tiff.tables.some((table) => overlap(shared, table).to > overlap(shared, table).from);
      if (!tiff.isFile && !inTable) changed = zeroed(bytes, shared) || changed;
    }
  return changed;
}

function eraseValue({ tag, type }: Value, content: Buffer, hasPlace: boolean, inner: Inner): boolean {
  switch (tag) {
    case XMP:
      return inner.xmp(content);
    case IPTC:
      return inner.iptc(content);
    case PHOTOSHOP:
      return inner.photoshop(content);
    case MAKER_NOTE:
      // Maker note: a proprietary structure, in which some makers repeat the location.
      if (hasPlace || bytesMentionPlace(content)) return zeroed(content, { from: 0, to: content.length });
      return inner.picture(content);
    default:
      if (TEXT_TYPES.has(type) && bytesMentionPlace(content))
        return zeroed(content, { from: 0, to: content.length });
      return content.length > MAX_PADDING && inner.picture(content);
  }
}

/** Removes entries from the last to the first, so that the positions of the others stay valid. */
function removePointers(bytes: Buffer, { gps, little }: Tiff): boolean {
  const pointers = gps.flatMap(({ entry, directory }) => [{ entry, directory }]);
  for (const { entry, directory } of pointers.toSorted((one, other) => other.entry - one.entry))
    removeEntry(bytes, entry, directory, little);
  return pointers.length > 0;
}

function removeEntry(bytes: Buffer, entry: number, { at, end }: Directory, little: boolean): void {
  const count = little ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at);
  bytes.copyWithin(entry, entry + ENTRY, end);
  bytes.fill(0, end - ENTRY, end);
  if (little) bytes.writeUInt16LE(count - 1, at);
  else bytes.writeUInt16BE(count - 1, at);
}

function zeroed(bytes: Buffer, { from, to }: Range): boolean {
  if (to <= from || bytes.subarray(from, to).every((byte) => byte === 0)) return false;
  bytes.fill(0, from, to);
  return true;
}

function overlap(one: Range, other: Range): Range {
  return { from: Math.max(one.from, other.from), to: Math.min(one.to, other.to) };
}

/** The bytes between the ranges. */
function gaps(length: number, ranges: Range[]): Range[] {
  const free: Range[] = [];
  let at = 0;
  for (const { from, to } of ranges.toSorted((one, other) => one.from - other.from)) {
    if (from > at) free.push({ from: at, to: Math.min(from, length) });
    at = Math.max(at, to);
  }
  if (at < length) free.push({ from: at, to: length });
  return free;
}

/** The orientation, if the first directory can be read. */
function orientationOf(block: Buffer): number {
  const little = block.toString('latin1', 0, 2) === 'II';
  if (block.length < 10) return 0;
  const u16 = (at: number) =>
    at + 2 > block.length ? 0 : little ? block.readUInt16LE(at) : block.readUInt16BE(at);
  const first = little ? block.readUInt32LE(4) : block.readUInt32BE(4);
  for (let entry = first + 2; entry + ENTRY <= Math.min(block.length, first + 2 + 64 * ENTRY); entry += ENTRY)
    if (u16(entry) === ORIENTATION && u16(entry + 2) === 3) return u16(entry + 8);
  return 0;
}

/** A block with the orientation only. */
function emptied(block: Buffer, orientation: number): boolean {
  const before = Buffer.from(block);
  block.fill(0);
  if (block.length >= 26) {
    const says = orientation >= 1 && orientation <= 8;
    block.write('II*\0', 0, 'latin1');
    block.writeUInt32LE(8, 4);
    block.writeUInt16LE(says ? 1 : 0, 8);
    if (says) {
      block.writeUInt16LE(ORIENTATION, 10);
      block.writeUInt16LE(3, 12);
      block.writeUInt32LE(1, 14);
      block.writeUInt16LE(orientation, 18);
    }
  }
  return !before.equals(block);
}
