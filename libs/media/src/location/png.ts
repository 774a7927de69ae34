/**
 * Removes locations from a PNG (ISO 15948), chunk by chunk, in place: eXIf, plain and compressed texts, raw profiles of
 * ImageMagick. Changed chunks get a new checksum. File offsets stay: a chunk that becomes shorter is followed by a private
 * chunk that every reader skips.
 */
import { crc32, deflateSync, inflateSync } from 'node:zlib';
import { bytesMentionPlace, isPlaceName, mentionsPlace } from './location-names.js';
import type { Inner } from './tiff.js';

const SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex');
const XMP_KEYWORD = 'XML:com.adobe.xmp';
/** Whatever its keyword has become. */
const LIKE_A_PROFILE = /^\n[^\n]{0,40}\n\s*\d+\n[0-9a-f]{10}/i;
const RAW_PROFILE = /^Raw profile type (\S+)$/;
/** Type of the filler chunk: private, ancillary, safe to copy. */
const FILLER = 'huFl';
const FRAME = 12;
const SPACE = 0x20;
/** Maximum size of all decompressed texts of an image, bytes. */
const MAX_UNPACKED = 32 * 1024 * 1024;
/** Chunks without metadata. */
const OF_THE_PICTURE = new Set(
  'IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP cICP mDCV cLLI sBIT bKGD hIST pHYs sPLT tIME acTL fcTL fdAT oFFs pCAL sCAL sTER gIFg gIFx iDOT vpAg CgBI npTc npOl npLb'.split(
    ' ',
  ),
);

export interface PngInner extends Inner {
  exif(block: Buffer): boolean;
  /** Unknown structure: search for known containers and for text with a location. */
  unknown(bytes: Buffer): boolean;
  /** Image data: search only for containers, which a damaged length may have put there. */
  embedded(bytes: Buffer): boolean;
}

export function isPng(bytes: Buffer): boolean {
  return bytes.subarray(0, SIGNATURE.length).equals(SIGNATURE);
}

export function eraseFromPng(bytes: Buffer, inner: PngInner): { changed: boolean; end: number } {
  let changed = false;
  let ended = false;
  const budget = { unpacked: MAX_UNPACKED };
  let at = SIGNATURE.length;
  while (at + FRAME <= bytes.length) {
    const length = bytes.readUInt32BE(at);
    const end = at + FRAME + length;
    if (end > bytes.length) break;
    const chunk = new Chunk(bytes.subarray(at, end));
    if (eraseFromChunk(chunk, inner, budget)) {
      chunk.seal();
      changed = true;
    }
    at = end;
    ended = chunk.type === 'IEND';
    if (ended) break;
  }
  if (at + 8 > bytes.length || ended) return { changed, end: Math.min(at, bytes.length) };
  // A truncated chunk: image data stays; other data cannot be checked (it may be compressed text), so it becomes zeros.
  const isPixels = OF_THE_PICTURE.has(bytes.toString('latin1', at + 4, at + 8));
  const cut = bytes.subarray(at + 8);
  if (isPixels) changed = inner.embedded(cut) || changed;
  else if (cut.some((byte) => byte !== 0)) changed = cut.fill(0).length > 0;
  return { changed, end: bytes.length };
}

/** A chunk: length, type, data and checksum. */
class Chunk {
  constructor(private readonly frame: Buffer) {}

  get type(): string {
    return this.frame.toString('latin1', 4, 8);
  }

  get data(): Buffer {
    return this.frame.subarray(8, this.frame.length - 4);
  }

  /** Whether the checksum is right. */
  get isRight(): boolean {
    const end = this.frame.length - 4;
    return crc32(this.frame.subarray(4, end)) === this.frame.readUInt32BE(end);
  }

  seal(): void {
    // The chunk may have become two.
    for (let at = 0; at + FRAME <= this.frame.length;) {
      const end = at + FRAME + this.frame.readUInt32BE(at);
      this.frame.writeUInt32BE(crc32(this.frame.subarray(at + 4, end - 4)), end - 4);
      at = end;
    }
  }

  /** Replaces the chunk by a filler chunk. */
  empty(): true {
    this.frame.write(FILLER, 4, 'latin1');
    this.data.fill(0);
    return true;
  }

  /** Keeps the first part of the data, appends `packed`, and fills the rest with a filler chunk. */
  repack(kept: number, packed: Buffer): true {
    const left = this.data.length - kept - packed.length;
    if (left < FRAME && left !== 0) return this.empty();
    packed.copy(this.data, kept);
    if (left === 0) return true;
    const { length } = this.frame;
    this.frame.writeUInt32BE(kept + packed.length, 0);
    const filler = this.frame.subarray(length - left);
    filler.fill(0);
    filler.writeUInt32BE(left - FRAME, 0);
    filler.write(FILLER, 4, 'latin1');
    return true;
  }
}

interface Budget {
  /** Bytes that may still be decompressed. */
  unpacked: number;
}

function eraseFromChunk(chunk: Chunk, inner: PngInner, budget: Budget): boolean {
  const { type, data } = chunk;
  switch (type) {
    case 'eXIf':
      return inner.exif(data);
    case 'tEXt':
    case 'zTXt':
    case 'iTXt':
      return eraseFromText(chunk, inner, budget);
    default:
      if (OF_THE_PICTURE.has(type)) return false;
      // A private ancillary chunk: its content is unknown, and it is not needed to show the image.
      return data.some((byte) => byte !== 0) && chunk.empty();
  }
}

interface Text {
  keyword: string;
  /** Offset of the text in the data. */
  at: number;
  packed: boolean;
}

function eraseFromText(chunk: Chunk, inner: PngInner, budget: Budget): boolean {
  const { data } = chunk;
  const text = textOf(chunk);
  // In a damaged chunk the beginning of the text, and whether it is compressed, are unknown.
  if (
    !text ||
    !chunk.isRight ||
    isPlaceName(text.keyword.split(/[:\s]/).at(-1) ?? '') ||
    mentionsPlace(text.keyword)
  )
    return chunk.empty();
  if (!text.packed) {
    const said = data.subarray(text.at);
    return eraseWords(text.keyword, said, inner);
  }
  let unpacked: Buffer;
  try {
    unpacked = inflateSync(data.subarray(text.at), { maxOutputLength: Math.max(1, budget.unpacked) });
    budget.unpacked -= unpacked.length;
  } catch (error) {
    // Damaged, or larger than any real text: no reader can show it.
    if (!cannotBeUnpacked(error)) throw error;
    return chunk.empty();
  }
  return (
    eraseWords(text.keyword, unpacked, inner) && chunk.repack(text.at, deflateSync(unpacked, { level: 9 }))
  );
}

function cannotBeUnpacked(error: unknown): boolean {
  const { code = '' } = error as NodeJS.ErrnoException;
  return code.startsWith('Z_') || code === 'ERR_BUFFER_TOO_LARGE';
}

/** @returns undefined when the chunk does not have this format */
function textOf({ type, data }: Chunk): Text | undefined {
  const end = data.indexOf(0);
  if (end <= 0 || end > 79) return undefined;
  const keyword = data.toString('latin1', 0, end);
  if (type === 'tEXt') return { keyword, at: end + 1, packed: false };
  if (type === 'zTXt') return { keyword, at: end + 2, packed: true };
  const language = data.indexOf(0, end + 3);
  const translated = language < 0 ? -1 : data.indexOf(0, language + 1);
  return translated < 0 ? undefined : { keyword, at: translated + 1, packed: data[end + 1] !== 0 };
}

function eraseWords(keyword: string, words: Buffer, inner: PngInner): boolean {
  if (keyword === XMP_KEYWORD) return inner.xmp(words);
  const profile = RAW_PROFILE.exec(keyword)?.[1];
  if (profile !== undefined || LIKE_A_PROFILE.test(words.toString('latin1', 0, 200)))
    return eraseProfile(profile ?? '', words, inner);
  if (inner.unknown(words)) return true;
  return bytesMentionPlace(words) && words.fill(SPACE).length > 0;
}

/** "\n<name>\n<length>\n<hexadecimal digits, in lines>": the digits are changed in place. */
function eraseProfile(kind: string, words: Buffer, inner: PngInner): boolean {
  const head = /^\n?[^\n]*\n\s*\d+\n/.exec(words.toString('latin1', 0, 200))?.[0].length;
  // The header is damaged: the beginning of the digits is unknown.
  if (head === undefined) return words.fill(SPACE).length > 0;
  const digits = words.toString('latin1', head).replace(/[^0-9A-Fa-f]/g, '');
  const content = Buffer.from(digits, 'hex');
  if (!eraseFromProfile(kind.toLowerCase(), content, inner)) return false;
  const clean = content.toString('hex');
  for (let at = head, digit = 0; at < words.length && digit < clean.length; at++) {
    if (!/[0-9A-Fa-f]/.test(String.fromCharCode(words[at] ?? 0))) continue;
    words[at] = clean.charCodeAt(digit++);
  }
  return true;
}

const EXIF = 'Exif\0\0';
const XMP = 'http://ns.adobe.com/xap/1.0/\0';

function eraseFromProfile(kind: string, content: Buffer, inner: PngInner): boolean {
  const head = content.toString('latin1', 0, XMP.length);
  if (head.startsWith(EXIF)) return inner.exif(content.subarray(EXIF.length));
  if (head === XMP) return inner.xmp(content.subarray(XMP.length));
  if (kind === 'exif') return inner.exif(content);
  if (kind === 'xmp') return inner.xmp(content);
  if (kind === 'iptc' || kind === '8bim') return inner.photoshop(content);
  return inner.unknown(content);
}
