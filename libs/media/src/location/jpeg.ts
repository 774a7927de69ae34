/**
 * Removes locations from a JPEG, segment by segment (ISO 10918-1), in place: Exif, XMP with its extension, Photoshop resources,
 * and any other application segment or comment with a location. Data after the end of the image is handled by the caller:
 * further images of a multi-picture file (CIPA DC-007), the video of a motion photo.
 */
import { createHash } from 'node:crypto';
import { HubError } from '#protocol';
import { bytesMentionPlace } from './location-names.js';
import type { PngInner } from './png.js';

const START = Buffer.from('ffd8', 'hex');
const EXIF = 'Exif\0\0';
const XMP = 'http://ns.adobe.com/xap/1.0/\0';
const MORE_XMP = 'http://ns.adobe.com/xmp/extension/\0';
const PHOTOSHOP = 'Photoshop 3.0\0';
/** Application segments with a public format: colour profile, further images, high dynamic range, provenance. */
const KNOWN = [
  'JFIF\0',
  'JFXX\0',
  'ICC_PROFILE\0',
  'MPF\0',
  'Adobe',
  'Ducky',
  'urn:iso:',
  'JP',
  'HDR_RI',
  'AVI1',
];
const GUID_LENGTH = 32;
const MORE_HEAD = MORE_XMP.length + GUID_LENGTH + 8;
const BEGINS_WITH = 3;
const MAX_SEGMENTS = 20_000;
const SOF0 = 0xc0;
const APP0 = 0xe0;
const APP1 = 0xe1;
const APP13 = 0xed;
const SOS = 0xda;
const COMMENT = 0xfe;
const EOI = 0xd9;

export function isJpeg(bytes: Buffer): boolean {
  return bytes.subarray(0, START.length).equals(START);
}

/** Signature of an image within other data: three consecutive segments. Three matching bytes occur by chance in most long recordings. */
export function beginsAsJpeg(bytes: Buffer): boolean {
  if (!isJpeg(bytes)) return false;
  let at = START.length;
  for (let n = 0; n < BEGINS_WITH; n++) {
    if (at + 4 > bytes.length || bytes[at] !== 0xff || (bytes[at + 1] ?? 0) < SOF0) return false;
    at += 2 + Math.max(bytes.readUInt16BE(at + 2), 2);
  }
  return true;
}

export function eraseFromJpeg(bytes: Buffer, inner: PngInner): { changed: boolean; end: number } {
  const { segments, stray, scans, end } = segmentsOf(bytes);
  let changed = false;
  for (const scan of scans) changed = inner.embedded(scan) || changed;
  // Decoders skip data between segments, such as the rest of a segment with a wrong length.
  for (const bytesBetween of stray)
    if (bytesBetween.some((byte) => byte !== 0 && byte !== 0xff)) changed = bytesBetween.fill(0).length > 0;
  for (const { marker, data } of segments) changed = eraseFromSegment(marker, data, inner) || changed;
  changed = eraseMoreXmp(segments, inner) || changed;
  return { changed, end };
}

interface Segment {
  marker: number;
  data: Buffer;
}

/** `end`: end of the image. */
function segmentsOf(bytes: Buffer): { segments: Segment[]; stray: Buffer[]; scans: Buffer[]; end: number } {
  const [segments, stray, scans]: [Segment[], Buffer[], Buffer[]] = [[], [], []];
  let at = 2;
  let scanning = false;
  while (at + 4 <= bytes.length && segments.length < MAX_SEGMENTS) {
    const next = markerAt(bytes, at);
    if (next > at) (scanning ? scans : stray).push(bytes.subarray(at, next));
    const marker = bytes[next + 1];
    if (marker === undefined || marker === EOI)
      return { segments, stray, scans, end: Math.min(next + 2, bytes.length) };
    if (next + 4 > bytes.length) break;
    const end = next + 2 + Math.max(bytes.readUInt16BE(next + 2), 2);
    scanning = marker === SOS;
    segments.push({ marker, data: bytes.subarray(next + 4, end) });
    at = end;
  }
  return { segments, stray, scans, end: bytes.length };
}

/** The next marker, except fill bytes, stuffed zeros and restart markers, which belong to the image data. */
function markerAt(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf(0xff, from); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    const marker = bytes[at + 1] ?? 0xff;
    if (marker > 1 && marker !== 0xff && (marker < 0xd0 || marker > 0xd8)) return at;
  }
  return bytes.length;
}

function eraseFromSegment(marker: number, data: Buffer, inner: PngInner): boolean {
  const head = data.toString('latin1', 0, MORE_XMP.length);
  if (marker === APP1 && head.startsWith(EXIF)) return inner.exif(data.subarray(EXIF.length));
  if (marker === APP1 && head.startsWith(XMP)) return inner.xmp(data.subarray(XMP.length));
  if (marker === APP1 && head === MORE_XMP) return false;
  if (marker === APP13 && head.startsWith(PHOTOSHOP)) return inner.photoshop(data.subarray(PHOTOSHOP.length));
  // A damaged or proprietary segment: its content is unknown.
  if (marker === APP1 || marker === APP13) return data.some((byte) => byte !== 0) && data.fill(0).length > 0;
  if (marker >= SOF0 && marker < APP0) return eraseFromTable(data, inner);
  const isKnown = marker === COMMENT || KNOWN.some((name) => head.startsWith(name));
  return isKnown ? inner.unknown(data) : data.some((byte) => byte !== 0) && data.fill(0).length > 0;
}

/** Tables and headers of the image hold numbers; text there comes from a damaged file. @throws HubError 106 */
function eraseFromTable(data: Buffer, inner: PngInner): boolean {
  if (bytesMentionPlace(data)) throw new HubError('106', 'a table of the image holds text with a location');
  return inner.embedded(data);
}

/** Extended XMP is split over several segments, which have the MD5 of the whole. */
function eraseMoreXmp(segments: Segment[], inner: PngInner): boolean {
  const byGuid = new Map<string, Buffer[]>();
  for (const { marker, data } of segments) {
    if (
      marker !== APP1 ||
      data.toString('latin1', 0, MORE_XMP.length) !== MORE_XMP ||
      data.length < MORE_HEAD
    )
      continue;
    const guid = data.toString('latin1', MORE_XMP.length, MORE_XMP.length + GUID_LENGTH);
    byGuid.set(guid, [...(byGuid.get(guid) ?? []), data]);
  }
  let changed = false;
  for (const [guid, parts] of byGuid) {
    const inOrder = parts.toSorted((one, other) => offsetOf(one) - offsetOf(other));
    const whole = Buffer.concat(inOrder.map((part) => part.subarray(MORE_HEAD)));
    if (!inner.xmp(whole)) continue;
    changed = true;
    let at = 0;
    for (const part of inOrder) at += whole.copy(part, MORE_HEAD, at);
    rename(segments, guid, createHash('md5').update(whole).digest('hex').toUpperCase());
  }
  return changed;
}

function offsetOf(part: Buffer): number {
  return part.readUInt32BE(MORE_HEAD - 4);
}

function rename(segments: Segment[], guid: string, now: string): void {
  for (const { marker, data } of segments) {
    const at = marker === APP1 ? data.indexOf(guid, 0, 'latin1') : -1;
    if (at >= 0) data.write(now, at, 'latin1');
  }
}
