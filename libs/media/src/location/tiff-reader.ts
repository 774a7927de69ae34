/** Reads the directories of an untrusted TIFF structure and what they refer to: everything is inside the block, and limited. */

const GPS_TAG = 0x8825;
/** Maximum tag of a GPS directory; tags of other directories are larger. */
const MAX_GPS_TAG = 0x001f;
/** Tags that refer to further directories: Exif, Interoperability, SubIFDs. */
const DIRECTORY_TAGS = new Set([0x8769, 0xa005, 0x014a]);
/** Tags with the offsets of pixels or a JPEG, and the tags with their lengths. */
const CONTENT_TAGS = new Map([
  [0x0111, 0x0117],
  [0x0144, 0x0145],
  [0x0201, 0x0202],
]);
const TYPE_BYTES = new Map(
  [1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4].map((bytes, at): [number, number] => [at + 1, bytes]),
);
/** UTF-8, since Exif 3.0. */
TYPE_BYTES.set(129, 1);
const MAX_DIRECTORIES = 64;
const MAX_ENTRIES = 2000;
const MAX_VALUES = 5000;
/** Maximum size of all values, to limit the time for overlapping ones. */
const MAX_SHARED = 8;
const MAX_OFFSETS = 100_000;
const HEADER = 8;
const ENTRY = 12;

export interface Range {
  from: number;
  to: number;
}
/** `end`: end of the entries and of the offset of the next directory. */
export interface Directory {
  at: number;
  end: number;
}
export interface Value extends Range {
  tag: number;
  type: number;
}
export interface Tiff {
  little: boolean;
  isFile: boolean;
  /** Ranges of the header and of all directories except GPS. */
  tables: Range[];
  /** Ranges of values outside the directories, and of pixels. */
  referred: Range[];
  values: Value[];
  /** Ranges that may be JPEG files. */
  pictures: Range[];
  gps: { entry: number; directory: Directory; ranges: Range[] }[];
}

interface Entry {
  at: number;
  tag: number;
  type: number;
  value: Range;
}

export function isTiff(bytes: Buffer, at = 0): boolean {
  const head = bytes.toString('latin1', at, at + 4);
  return head === 'II*\0' || head === 'MM\0*';
}

/** @returns undefined when a directory is outside the block, or invalid */
export function readTiff(bytes: Buffer, isFile = false): Tiff | undefined {
  if (!isTiff(bytes) || bytes.length < HEADER + 2) return undefined;
  return new TiffReader(bytes, isFile).read();
}

class TiffReader {
  private readonly tiff: Tiff;
  private readonly seen = new Set<number>();

  constructor(
    private readonly bytes: Buffer,
    isFile: boolean,
  ) {
    const little = bytes.toString('latin1', 0, 2) === 'II';
    const tables = [{ from: 0, to: HEADER }];
    this.tiff = { little, isFile, tables, referred: [], values: [], pictures: [], gps: [] };
  }

  read(): Tiff | undefined {
    const waiting = [this.u32(4)];
    for (let at = waiting.shift(); at !== undefined; at = waiting.shift()) {
      if (this.seen.has(at)) continue;
      if (this.seen.size >= MAX_DIRECTORIES) return undefined;
      this.seen.add(at);
      const found = this.directory(at);
      if (!found) return undefined;
      const { directory, entries } = found;
      this.tiff.tables.push({ from: directory.at, to: directory.end });
      const next = this.u32(directory.at + 2 + entries.length * ENTRY);
      if (next !== 0) waiting.push(next);
      for (const entry of entries) {
        if (entry.tag === GPS_TAG) this.gps(entry, directory);
        else this.value(entry, directory, waiting);
      }
      this.contents(entries);
    }
    const size = this.tiff.values.reduce((sum, { from, to }) => sum + to - from, 0);
    const bounded = this.tiff.values.length <= MAX_VALUES && size <= MAX_SHARED * this.bytes.length;
    return bounded ? this.tiff : undefined;
  }

  private directory(at: number): { directory: Directory; entries: Entry[] } | undefined {
    const { length } = this.bytes;
    if (at < HEADER || at + 2 > length) return undefined;
    const count = this.u16(at);
    const end = at + 2 + count * ENTRY;
    if (count > MAX_ENTRIES || end > length) return undefined;
    const entries: Entry[] = [];
    for (let entry = at + 2; entry < end; entry += ENTRY) {
      const type = this.u16(entry + 2);
      if (!TYPE_BYTES.has(type)) return undefined;
      entries.push({ at: entry, tag: this.u16(entry), type, value: this.valueOf(entry, type) });
    }
    // Some writers omit the offset of the next directory at the end of the block.
    return { directory: { at, end: Math.min(end + 4, length) }, entries };
  }

  private valueOf(entry: number, type: number): Range {
    const bytes = (TYPE_BYTES.get(type) ?? 1) * this.u32(entry + 4);
    const from = bytes <= 4 ? entry + 8 : this.u32(entry + 8);
    return { from: Math.min(from, this.bytes.length), to: Math.min(from + bytes, this.bytes.length) };
  }

  private value({ at, tag, type, value }: Entry, directory: Directory, waiting: number[]): void {
    this.tiff.values.push({ ...value, tag, type });
    this.tiff.referred.push(value);
    // A GPS directory under another tag can still be found by readers.
    const [offset] = this.numbers(type, value);
    if (!DIRECTORY_TAGS.has(tag) && value.to - value.from === 4 && offset !== undefined && this.isGps(offset))
      this.gps({ at, tag, type, value }, directory);
    if (DIRECTORY_TAGS.has(tag)) for (const number of this.numbers(type, value)) waiting.push(number);
  }

  private isGps(offset: number): boolean {
    const { entries = [] } = this.directory(offset) ?? {};
    return entries.length >= 2 && entries.every(({ tag }) => tag <= MAX_GPS_TAG);
  }

  /** Reads what the directory refers to, as far as possible. */
  private gps({ at, type, value }: Entry, directory: Directory): void {
    const ranges = this.numbers(type, value).flatMap((offset) => {
      const found = this.directory(offset);
      if (!found) return [];
      const table = { from: found.directory.at, to: found.directory.end };
      return [table, ...found.entries.map((entry) => entry.value)];
    });
    this.tiff.gps.push({ entry: at, directory, ranges });
  }

  private contents(entries: Entry[]): void {
    for (const [offsetTag, lengthTag] of CONTENT_TAGS) {
      const [offsets, lengths] = [offsetTag, lengthTag].map((tag) => {
        const entry = entries.find((one) => one.tag === tag);
        return entry ? this.numbers(entry.type, entry.value) : [];
      });
      for (const [n, from] of (offsets ?? []).entries()) {
        const { length } = this.bytes;
        const range = { from: Math.min(from, length), to: Math.min(from + (lengths?.[n] ?? 0), length) };
        this.tiff.referred.push(range);
        this.tiff.pictures.push(range);
      }
    }
  }

  private numbers(type: number, { from, to }: Range): number[] {
    const width = TYPE_BYTES.get(type) ?? 0;
    if (width !== 2 && width !== 4) return [];
    const numbers: number[] = [];
    for (let at = from; at + width <= to && numbers.length < MAX_OFFSETS; at += width)
      numbers.push(width === 2 ? this.u16(at) : this.u32(at));
    return numbers;
  }

  private u16(at: number): number {
    if (at + 2 > this.bytes.length) return 0;
    return this.tiff.little ? this.bytes.readUInt16LE(at) : this.bytes.readUInt16BE(at);
  }

  private u32(at: number): number {
    if (at + 4 > this.bytes.length) return 0;
    return this.tiff.little ? this.bytes.readUInt32LE(at) : this.bytes.readUInt32BE(at);
  }
}
