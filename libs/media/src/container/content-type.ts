/** Determines what a container holds (video, audio, image) and its codecs, which the name of the container does not tell. */
import { boxesIn, boxOf, isBoxes, metaStart, type Box } from './boxes.js';
import { elementsIn, isEbml, SEGMENT } from './ebml.js';
import { itemsOf } from './items.js';
import { FileSpan, type Span } from './span.js';

/** @returns undefined for an unknown or unreadable container */
export function containedType(path: string, head: Buffer): string | undefined {
  if (head.toString('latin1', 0, 6) === '#!AMR\n') return 'audio/amr';
  if (head.toString('latin1', 0, 9) === '#!AMR-WB\n') return 'audio/amr-wb';
  if (head.toString('latin1', 0, 4) === 'OggS') return oggType(head);
  if (!isBoxes(head) && !isEbml(head)) return undefined;
  using span = new FileSpan(path, 'r');
  return isEbml(head) ? matroskaType(span) : boxType(span);
}

/** The codecs of all streams. Their first pages come before all other pages (RFC 3533). */
const OGG_CODECS = [
  ['OpusHead', 'opus'],
  ['\u0001vorbis', 'vorbis'],
  ['Speex   ', 'speex'],
  ['\u007fFLAC', 'flac'],
  ['\u0080theora', 'video'],
  ['BBCD', 'video'],
] as const;

function oggType(head: Buffer): string {
  const found = new Set<string>();
  for (let at = 0; head.toString('latin1', at, at + 4) === 'OggS';) {
    const segments = head[at + 26] ?? 0;
    const start = at + 27 + segments;
    const isFirst = ((head[at + 5] ?? 0) & 2) !== 0;
    if (!isFirst) break;
    const codec = OGG_CODECS.find(([mark]) => head.toString('latin1', start, start + mark.length) === mark);
    if (codec) found.add(codec[1]);
    at = start + head.subarray(at + 27, start).reduce((sum, byte) => sum + byte, 0);
  }
  if (found.has('video')) return 'video/ogg';
  const [codec = 'opus'] = found;
  // In chats Ogg means Opus; other codecs are named in the content type.
  return codec === 'opus' ? 'audio/ogg' : `audio/ogg; codecs=${codec}`;
}

const [DOC_TYPE, TRACKS, TRACK, TRACK_TYPE] = [0x4282, 0x1654ae6b, 0xae, 0x83];
const FILM = 1;

function matroskaType(span: Span): string {
  const top = elementsIn(span, 0, span.size);
  const header = top[0] ? elementsIn(span, top[0].start, top[0].end) : [];
  const named = header.find(({ id }) => id === DOC_TYPE);
  const name =
    named &&
    span
      .read(named.start, named.end - named.start)
      .toString('latin1')
      .replaceAll('\0', '');
  const container = name === 'webm' ? 'webm' : 'matroska';
  const segment = top.find(({ id }) => id === SEGMENT);
  const tracks = segment && elementsIn(span, segment.start, segment.end).find(({ id }) => id === TRACKS);
  const types = tracks ? elementsIn(span, tracks.start, tracks.end).filter(({ id }) => id === TRACK) : [];
  const isFilm = types.some((track) => {
    const type = elementsIn(span, track.start, track.end).find(({ id }) => id === TRACK_TYPE);
    return type !== undefined && span.read(type.end - 1, 1)[0] === FILM;
  });
  return types.length > 0 && !isFilm ? `audio/${container}` : `video/${container}`;
}

const PICTURES = new Map([
  ['av01', 'image/avif'],
  ['hvc1', 'image/heic'],
  ['hev1', 'image/heic'],
  ['lhv1', 'image/heic'],
  ['jpeg', 'image/heif'],
]);

function boxType(span: Span): string | undefined {
  const boxes = boxesIn(span, 0, span.size);
  const ftyp = boxes[0];
  const brands = ftyp ? span.read(ftyp.start, Math.min(ftyp.end - ftyp.start, 256)).toString('latin1') : '';
  const moov = boxes.find(({ type }) => type === 'moov');
  const meta = boxes.find(({ type }) => type === 'meta');
  if (!moov) return meta && pictureType(span, meta, brands);
  const handlers = boxesIn(span, moov.start, moov.end)
    .filter(({ type }) => type === 'trak')
    .map((track) => handlerOf(span, track));
  // An image sequence is an animated image.
  if (handlers.includes('pict') && !handlers.includes('vide'))
    return brands.includes('avis') ? 'image/avif' : 'image/heic';
  const kind = handlers.includes('vide') || !handlers.includes('soun') ? 'video' : 'audio';
  const brand = brands.slice(0, 4);
  if (brand.startsWith('3g')) return `${kind}/3gpp`;
  return kind === 'video' && brand === 'qt  ' ? 'video/quicktime' : `${kind}/mp4`;
}

function handlerOf(span: Span, track: Box): string {
  const handler = boxOf(span, boxOf(span, track, 'mdia'), 'hdlr');
  return handler ? span.read(handler.start + 8, 4).toString('latin1') : '';
}

/** Codec of the primary item, or of an item that it consists of. */
function pictureType(span: Span, meta: Box, brands: string): string | undefined {
  const items = itemsOf(span, meta);
  const primary = items.find(({ id }) => id === primaryOf(span, meta));
  const coded = [primary, ...items].map((item) => PICTURES.get(item?.type ?? '')).find(Boolean);
  if (coded) return coded;
  return /mif1|heic|heix/.test(brands) ? 'image/heif' : undefined;
}

function primaryOf(span: Span, meta: Box): number {
  const box = boxesIn(span, metaStart(span, meta), meta.end).find(({ type }) => type === 'pitm');
  if (!box) return 0;
  const bytes = span.read(box.start, 8);
  return bytes[0] === 0 ? bytes.readUInt16BE(4) : bytes.readUInt32BE(4);
}

/** Width and height of a HEIF image as displayed: the rotation is a property of the item, and Exif is ignored (ISO 23008-12). */
export function shownSize(path: string): { width: number; height: number } | undefined {
  using span = new FileSpan(path, 'r');
  const meta = boxesIn(span, 0, span.size).find(({ type }) => type === 'meta');
  if (!meta) return undefined;
  const iprp = boxesIn(span, metaStart(span, meta), meta.end).find(({ type }) => type === 'iprp');
  const ipco = boxOf(span, iprp, 'ipco');
  const ipma = boxOf(span, iprp, 'ipma');
  if (!ipco || !ipma) return undefined;
  const properties = boxesIn(span, ipco.start, ipco.end);
  const own = associations(span.read(ipma.start, ipma.end - ipma.start), primaryOf(span, meta));
  const mine = own.flatMap((n) => properties[n - 1] ?? []);
  const size = mine.find(({ type }) => type === 'ispe');
  if (!size || size.end - size.start < 12) return undefined;
  const bytes = span.read(size.start, 12);
  const turn = mine.find(({ type }) => type === 'irot');
  const isTurned = turn !== undefined && ((span.read(turn.start, 1)[0] ?? 0) & 1) === 1;
  const [width, height] = [bytes.readUInt32BE(4), bytes.readUInt32BE(8)];
  if (width === 0 || height === 0) return undefined;
  return isTurned ? { width: height, height: width } : { width, height };
}

/** Indexes of the properties of an item, from 1. */
function associations(bytes: Buffer, item: number): number[] {
  const [version = 0, , , flags = 0] = bytes;
  const [idWidth, width] = [version < 1 ? 2 : 4, (flags & 1) === 1 ? 2 : 1];
  const count = bytes.length >= 8 ? bytes.readUInt32BE(4) : 0;
  for (let n = 0, at = 8; n < count && at + idWidth < bytes.length; n++) {
    const id = bytes.readUIntBE(at, idWidth);
    const properties = bytes[at + idWidth] ?? 0;
    const start = at + idWidth + 1;
    at = start + properties * width;
    if (id !== item || at > bytes.length) continue;
    // The highest bit marks an essential property.
    return Array.from({ length: properties }, (_, k) =>
      width === 2 ? bytes.readUInt16BE(start + k * 2) & 0x7fff : (bytes[start + k] ?? 0) & 0x7f,
    );
  }
  return [];
}
