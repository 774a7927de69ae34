/**
 * Takes the place where a picture was made out of it, in its file, without touching the picture: the GPS part of Exif (CIPA
 * DC-008) and its copies in XMP are overwritten in place, so that everything else, the orientation too, stays as it is.
 */
import { open, readFile } from 'node:fs/promises';

const GPS_TAG = 0x8825;
const MAX_ENTRIES = 64;
const MAX_BLOCKS = 4;
const MAX_VALUE_BYTES = 1000;
const TYPE_BYTES = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8];
/** `exif:GPSLatitude="..."` and `<exif:GPSLatitude>...</exif:GPSLatitude>`, up to a bound. */
const XMP_ATTRIBUTE = /exif:GPS\w{1,40}\s{0,8}=\s{0,8}(["'])[^"'<>]{0,200}\1/g;
const XMP_ELEMENT = /<exif:GPS(\w{1,40})>[^<]{0,200}<\/exif:GPS\1>/g;

/** Larger pictures do not come from phones. */
const MAX_BYTES = 32 * 1024 * 1024;
/** So often a mark is looked for; and so much of a description is read. */
const MAX_MARKS = 64;
const MAX_XMP_BYTES = 256 * 1024;

/** @returns whether there was one */
export async function eraseLocation(path: string, size: number): Promise<boolean> {
  if (size > MAX_BYTES) return false;
  const bytes = await readFile(path);
  if (!eraseLocationIn(bytes)) return false;
  await using file = await open(path, 'r+');
  await file.write(bytes, 0, bytes.length, 0);
  return true;
}

/** Changes `bytes`. */
export function eraseLocationIn(bytes: Buffer): boolean {
  let erased = false;
  for (const start of tiffBlocks(bytes)) erased = eraseGps(bytes.subarray(start)) || erased;
  return eraseXmp(bytes) || erased;
}

/** Where Exif blocks begin: after "Exif\0\0", in a PNG's eXIf chunk, in WebP's EXIF chunk, or as a TIFF file itself. */
function tiffBlocks(bytes: Buffer): number[] {
  const starts: number[] = isTiff(bytes, 0) ? [0] : [];
  for (const [mark, skip] of [
    ['Exif\0\0', 6],
    ['eXIf', 4],
    ['EXIF', 8],
  ] as const) {
    let at = bytes.indexOf(mark, 0, 'latin1');
    for (let n = 0; at >= 0 && n < MAX_MARKS && starts.length < MAX_BLOCKS; n++) {
      if (isTiff(bytes, at + skip)) starts.push(at + skip);
      at = bytes.indexOf(mark, at + 1, 'latin1');
    }
  }
  return starts;
}

function isTiff(bytes: Buffer, at: number): boolean {
  const head = bytes.toString('latin1', at, at + 4);
  return head === 'II*\0' || head === 'MM\0*';
}

/** The first GPS directory only: there is one, or somebody plays games. Nothing is written outside of the block. */
function eraseGps(tiff: Buffer): boolean {
  const little = tiff.toString('latin1', 0, 2) === 'II';
  const u16 = (at: number) =>
    at + 2 > tiff.length ? 0 : little ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at);
  const u32 = (at: number) =>
    at + 4 > tiff.length ? 0 : little ? tiff.readUInt32LE(at) : tiff.readUInt32BE(at);
  const blank = (from: number, to: number) => {
    if (from < tiff.length) tiff.fill(0, from, Math.min(to, tiff.length));
  };
  const entriesOf = (directory: number) =>
    Array.from({ length: Math.min(u16(directory), MAX_ENTRIES) }, (_, n) => directory + 2 + n * 12);
  const pointer = entriesOf(u32(4)).find((entry) => u16(entry) === GPS_TAG);
  if (pointer === undefined) return false;
  const entries = entriesOf(u32(pointer + 8));
  for (const gps of entries) {
    const bytes = (TYPE_BYTES[u16(gps + 2)] ?? 1) * u32(gps + 4);
    if (bytes > 4) blank(u32(gps + 8), u32(gps + 8) + Math.min(bytes, MAX_VALUE_BYTES));
    blank(gps + 4, gps + 12);
  }
  return entries.length > 0;
}

function eraseXmp(bytes: Buffer): boolean {
  let erased = false;
  let at = bytes.indexOf('<x:xmpmeta', 0, 'latin1');
  for (let n = 0; at >= 0 && n < MAX_BLOCKS; n++) {
    const end = bytes.indexOf('</x:xmpmeta>', at, 'latin1');
    const stop = Math.min(end < 0 ? bytes.length : end, at + MAX_XMP_BYTES);
    // Latin-1 keeps one character for one byte, so that nothing moves.
    const text = bytes.toString('latin1', at, stop);
    const blank = (found: string) => ' '.repeat(found.length);
    const clean = text.replace(XMP_ATTRIBUTE, blank).replace(XMP_ELEMENT, blank);
    if (clean !== text) {
      bytes.write(clean, at, 'latin1');
      erased = true;
    }
    at = end < 0 ? -1 : bytes.indexOf('<x:xmpmeta', end, 'latin1');
  }
  return erased;
}
