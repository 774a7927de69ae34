/**
 * Removes locations from Ogg (RFC 3533), page by page, in place. Comments are in the first packets of each stream and may span
 * several pages. Changed pages get a new checksum. A file whose pages cannot be followed is refused.
 */
import { HubError } from '#protocol';
import { eraseFromComments } from './comments.js';
import { bytesMentionPlace } from './location-names.js';
import type { PngInner } from './png.js';

const HEAD = 27;
/** Maximum number of pages from which a packet is joined. Comments with a cover image fill pages of about 65,000 bytes. */
const MAX_HEAD_PAGES = 256;
/** Maximum number of header packets at the beginning of a stream. */
const MAX_HEADERS = 8;
const [BEGINS_STREAM] = [2];
const HEADS = ['OpusHead', '\x01vorbis', '\x80theora', '\x7fFLAC', 'Speex   ', 'fishead', 'BBCD'];
const COMMENTS = ['OpusTags', '\x03vorbis', '\x81theora'];

interface Page {
  at: number;
  end: number;
  stream: number;
  /** Ranges of its packet segments; all but the last one end a packet. */
  pieces: { from: number; to: number; isEnd: boolean }[];
  isFirst: boolean;
}

interface Stream {
  head: string;
  /** Segments of the packet that is being joined, and the number of packets before it. */
  pieces: { page: Page; from: number; to: number }[];
  packets: number;
}

export function isOgg(bytes: Buffer): boolean {
  return bytes.toString('latin1', 0, 4) === 'OggS';
}

export function eraseFromOgg(
  bytes: Buffer,
  inner: PngInner,
  isWhole: boolean,
): { changed: boolean; end: number } {
  const streams = new Map<number, Stream>();
  const touched = new Set<Page>();
  let at = 0;
  for (let n = 0; at < bytes.length && isOgg(bytes.subarray(at, at + 4)); n++) {
    const page = pageAt(bytes, at);
    at = page.end;
    if (n < MAX_HEAD_PAGES) collect(bytes, page, streams, touched, inner);
  }
  if (isWhole && bytes.subarray(at).some((byte) => byte !== 0))
    throw new HubError('106', 'the Ogg pages cannot be followed to their end');
  for (const page of touched) bytes.writeUInt32LE(checksum(bytes.subarray(page.at, page.end)), page.at + 22);
  return { changed: touched.size > 0, end: at };
}

/** @throws HubError 106 when the page is cut off, or its checksum is wrong */
function pageAt(bytes: Buffer, at: number): Page {
  const sizes = bytes.subarray(at + HEAD, at + HEAD + (bytes[at + 26] ?? 0));
  const start = at + HEAD + sizes.length;
  const end = sizes.reduce((sum, size) => sum + size, start);
  if (end > bytes.length || start > bytes.length || at + HEAD > bytes.length)
    throw new HubError('106', 'a page of it is cut off');
  if (checksum(bytes.subarray(at, end)) !== bytes.readUInt32LE(at + 22))
    throw new HubError('106', 'a page of it is damaged');
  const pieces: Page['pieces'] = [];
  let [from, to] = [start, start];
  for (const size of sizes) {
    to += size;
    if (size === 255) continue;
    pieces.push({ from, to, isEnd: true });
    from = to;
  }
  if (from < to) pieces.push({ from, to, isEnd: false });
  const isFirst = ((bytes[at + 5] ?? 0) & BEGINS_STREAM) !== 0;
  return { at, end, stream: bytes.readUInt32LE(at + 14), pieces, isFirst };
}

function collect(
  bytes: Buffer,
  page: Page,
  streams: Map<number, Stream>,
  touched: Set<Page>,
  inner: PngInner,
): void {
  const known = page.isFirst ? undefined : streams.get(page.stream);
  const stream: Stream = known ?? { head: '', pieces: [], packets: 0 };
  streams.set(page.stream, stream);
  for (const { from, to, isEnd } of page.pieces) {
    if (stream.packets >= MAX_HEADERS) return;
    stream.pieces.push({ page, from, to });
    if (!isEnd) continue;
    eraseFromPacket(bytes, stream, touched, inner);
    stream.pieces = [];
    stream.packets++;
  }
}

function eraseFromPacket(bytes: Buffer, stream: Stream, touched: Set<Page>, inner: PngInner): void {
  const packet = Buffer.concat(stream.pieces.map(({ from, to }) => bytes.subarray(from, to)));
  if (stream.packets === 0) stream.head = beginning(packet, HEADS) ?? '';
  else if (!erased(packet, stream, inner)) return;
  else {
    let at = 0;
    for (const { page, from, to } of stream.pieces) {
      packet.copy(bytes, from, at, at + to - from);
      at += to - from;
      touched.add(page);
    }
  }
}

function erased(packet: Buffer, { head, packets }: Stream, inner: PngInner): boolean {
  const mark = beginning(packet, COMMENTS);
  if (mark) return eraseFromComments(packet.subarray(mark.length), inner);
  // A FLAC block has a type and three bytes of length. In Speex the second packet has the comments.
  if (head === '\x7fFLAC' && packet.length >= 4 && packet[0] !== 0xff) {
    if (((packet[0] ?? 0) & 0x7f) === 4) return eraseFromComments(packet.subarray(4), inner);
    return inner.unknown(packet.subarray(4));
  }
  if (head === 'Speex   ' && packets === 1) return eraseFromComments(packet, inner);
  if (bytesMentionPlace(packet)) throw new HubError('106', 'it names a place in a packet that is not known');
  return false;
}

function beginning(packet: Buffer, marks: string[]): string | undefined {
  return marks.find((mark) => packet.toString('latin1', 0, mark.length) === mark);
}

const POLYNOMIAL = 0x04c11db7;
const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let rest = n << 24;
  for (let bit = 0; bit < 8; bit++) rest = (rest << 1) ^ (rest < 0 ? POLYNOMIAL : 0);
  return rest >>> 0;
});

/** CRC of RFC 3533, which is not that of zlib. The checksum field itself counts as zero. */
function checksum(page: Buffer): number {
  let crc = 0;
  for (const [at, byte] of page.entries()) {
    const value = at >= 22 && at < 26 ? 0 : byte;
    crc = ((crc << 8) ^ (CRC_TABLE[((crc >>> 24) ^ value) & 0xff] ?? 0)) >>> 0;
  }
  return crc;
}
