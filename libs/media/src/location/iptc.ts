/** Removes locations from IPTC records (IIM 4.2) and Photoshop image resources, in place, without changing their length. */
import { bytesMentionPlace } from './location-names.js';

const MARK = 0x1c;
/**
 * Datasets of record 2 that are kept: title, urgency, category, keywords, instructions, dates, program, author, headline, credit,
 * source, copyright, contact, caption. Content location, city, sublocation, state, country and unknown datasets are removed.
 */
const KEPT = new Map([
  // Record 1 (envelope): the character set.
  [1, new Set([0, 90])],
  [
    2,
    new Set([
      0, 3, 4, 5, 7, 8, 10, 12, 15, 20, 22, 25, 40, 55, 60, 62, 63, 65, 70, 80, 85, 105, 110, 115, 116, 118,
      120, 122,
    ]),
  ],
]);
const SPACE = 0x20;
export const RESOURCE = '8BIM';

export function isRecords(bytes: Buffer): boolean {
  return bytes[0] === MARK;
}

/** @returns whether a location was removed */
export function eraseFromIptc(records: Buffer): boolean {
  let changed = false;
  let at = 0;
  while (at + 5 <= records.length && records[at] === MARK) {
    const [record, dataset] = [records[at + 1] ?? 0, records[at + 2] ?? 0];
    const short = records.readUInt16BE(at + 3);
    const isLong = (short & 0x8000) !== 0;
    const width = isLong ? short & 0x7fff : 0;
    if (width > 4 || at + 5 + width > records.length) break;
    const length = isLong ? (width === 0 ? 0 : records.readUIntBE(at + 5, width)) : short;
    const from = at + 5 + width;
    const to = Math.min(from + length, records.length);
    const value = records.subarray(from, to);
    if (!KEPT.get(record)?.has(dataset) || bytesMentionPlace(value)) changed = spaced(value) || changed;
    at = from + length;
  }
  // After a damaged record the content of the rest is unknown.
  const rest = records.subarray(Math.min(at, records.length));
  return (rest.some((byte) => byte !== 0) && spaced(rest)) || changed;
}

function spaced(value: Buffer): boolean {
  if (value.every((byte) => byte === SPACE)) return false;
  value.fill(SPACE);
  return true;
}

/** The resources of `bytes` with id and data, and the rest after the last one. */
export function photoshopResources(bytes: Buffer): {
  resources: { id: number; data: Buffer }[];
  rest: Buffer;
} {
  const found: { id: number; data: Buffer }[] = [];
  let at = 0;
  while (at + 12 <= bytes.length && bytes.toString('latin1', at, at + 4) === RESOURCE) {
    const id = bytes.readUInt16BE(at + 4);
    const name = ((bytes[at + 6] ?? 0) + 2) & ~1;
    const sizeAt = at + 6 + name;
    if (sizeAt + 4 > bytes.length) break;
    const size = bytes.readUInt32BE(sizeAt);
    found.push({ id, data: bytes.subarray(sizeAt + 4, sizeAt + 4 + size) });
    at = sizeAt + 4 + size + (size % 2);
  }
  return { resources: found, rest: bytes.subarray(at) };
}
