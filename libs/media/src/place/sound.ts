/** Takes places out of the descriptions of sound files, in place: ID3 of MP3, comments and pictures of FLAC and Ogg. */
import { isPlaceName, mentionsPlace } from './place-names.js';
import type { PngInner } from './png.js';

const SPACE = 0x20;
const [FLAC_COMMENT, FLAC_PICTURE] = [4, 6];
const MAX_PAGES = 64;

/** Where the descriptions end that stand at the beginning of a sound file; 0: it is none. */
export function soundEnd(bytes: Buffer): number {
  const head = bytes.toString('latin1', 0, 4);
  if (head.startsWith('ID3')) return 10 + id3Size(bytes);
  if (head === 'fLaC' || head === 'OggS') return bytes.length;
  return 0;
}

export function eraseFromSound(bytes: Buffer, inner: PngInner): boolean {
  const head = bytes.toString('latin1', 0, 4);
  if (head.startsWith('ID3')) return eraseFromId3(bytes, inner);
  return head === 'fLaC' ? eraseFromFlac(bytes, inner) : eraseFromOgg(bytes);
}

function id3Size(bytes: Buffer): number {
  return bytes.length < 10 ? 0 : syncSafe(bytes, 6);
}

function syncSafe(bytes: Buffer, at: number): number {
  return bytes.subarray(at, at + 4).reduce((size, byte) => size * 128 + (byte & 0x7f), 0);
}

/** Frames of ID3v2.3 and 2.4; of 2.2 and of those with a changed layout only what lies in them as a picture. */
function eraseFromId3(bytes: Buffer, inner: PngInner): boolean {
  const version = bytes[3] ?? 0;
  const end = Math.min(10 + id3Size(bytes), bytes.length);
  const plain = ((bytes[5] ?? 0) & 0xe0) === 0 && (version === 3 || version === 4);
  if (!plain) return inner.unknown(bytes.subarray(10, end));
  let changed = false;
  for (let at = 10; at + 10 <= end && bytes[at] !== 0;) {
    const size = version === 4 ? syncSafe(bytes, at + 4) : bytes.readUInt32BE(at + 4);
    const frame = bytes.subarray(at + 10, Math.min(at + 10 + size, end));
    changed = eraseFromFrame(bytes.toString('latin1', at, at + 4), frame, inner) || changed;
    at += 10 + size;
  }
  return changed;
}

function eraseFromFrame(id: string, frame: Buffer, inner: PngInner): boolean {
  const words = frame.subarray(1);
  const name = words.toString('latin1').replaceAll('\0', ' ').trim().split(/\s/)[0] ?? '';
  if (/^(?:TXXX|COMM|GEOB|PRIV|WXXX)$/.test(id) && isPlaceName(name.split(/[.:]/).at(-1) ?? '')) {
    words.fill(id === 'GEOB' || id === 'PRIV' ? 0 : SPACE);
    return true;
  }
  return inner.unknown(words);
}

function eraseFromFlac(bytes: Buffer, inner: PngInner): boolean {
  let changed = false;
  for (let at = 4, last = false; at + 4 <= bytes.length && !last;) {
    const kind = bytes[at] ?? 0;
    const size = bytes.readUIntBE(at + 1, 3);
    const block = bytes.subarray(at + 4, at + 4 + size);
    last = (kind & 0x80) !== 0;
    if ((kind & 0x7f) === FLAC_COMMENT) changed = eraseFromComments(block) || changed;
    if ((kind & 0x7f) === FLAC_PICTURE) changed = inner.picture(block) || changed;
    at += 4 + size;
  }
  return changed;
}

/** Vorbis comments: `NAME=value`, with lengths before each. */
function eraseFromComments(block: Buffer): boolean {
  let changed = false;
  if (block.length < 8) return false;
  let at = 4 + block.readUInt32LE(0);
  const count = at + 4 <= block.length ? block.readUInt32LE(at) : 0;
  at += 4;
  for (let n = 0; n < count && at + 4 <= block.length; n++) {
    const size = block.readUInt32LE(at);
    const comment = block.subarray(at + 4, at + 4 + size);
    const text = comment.toString('utf8');
    const equals = comment.indexOf('=');
    if (equals > 0 && (isPlaceName(text.split('=')[0] ?? '') || mentionsPlace(text))) {
      comment.fill('X', 0, equals);
      comment.fill(SPACE, equals + 1);
      changed = true;
    }
    at += 4 + size;
  }
  return changed;
}

/** Comments are in the first pages, each page with a checksum of its own. A comment over several pages is taken out by its lines. */
function eraseFromOgg(bytes: Buffer): boolean {
  let changed = false;
  let at = 0;
  for (let page = 0; page < MAX_PAGES && bytes.toString('latin1', at, at + 4) === 'OggS'; page++) {
    const segments = bytes[at + 26] ?? 0;
    const start = at + 27 + segments;
    if (start > bytes.length) break;
    const size = bytes.subarray(at + 27, start).reduce((sum, byte) => sum + byte, 0);
    if (start + size > bytes.length) break;
    const body = bytes.subarray(start, start + size);
    const mark = ['OpusTags', '\x03vorbis', '\x81theora'].find(
      (one) => body.toString('latin1', 0, one.length) === one,
    );
    const begins = mark?.length ?? 0;
    const isHead = HEADS.some((one) => body.toString('latin1', 0, one.length) === one);
    if (!isHead && page < 4 && eraseFromComments(body.subarray(begins))) {
      bytes.writeUInt32LE(0, at + 22);
      bytes.writeUInt32LE(oggCrc(bytes.subarray(at, start + size)), at + 22);
      changed = true;
    }
    at = start + size;
  }
  return changed;
}

const HEADS = ['OpusHead', '\x01vorbis', '\x80theora', '\x7fFLAC', 'Speex   ', 'fishead'];
const POLYNOMIAL = 0x04c11db7;
const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let rest = n << 24;
  for (let bit = 0; bit < 8; bit++) rest = (rest << 1) ^ (rest < 0 ? POLYNOMIAL : 0);
  return rest >>> 0;
});

/** Of RFC 3533: not the one of zlib. */
function oggCrc(page: Buffer): number {
  let crc = 0;
  for (const byte of page) crc = ((crc << 8) ^ (CRC_TABLE[((crc >>> 24) ^ byte) & 0xff] ?? 0)) >>> 0;
  return crc;
}
