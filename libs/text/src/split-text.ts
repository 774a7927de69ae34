/**
 * Splits text into pieces within the limits of a network: at a line end, the end of a sentence or a space if one is near. A
 * grapheme cluster (an emoji, a letter with its marks) or web address is cut only if it alone is larger than a piece.
 */
import { addressesIn } from './web-addresses.js';

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

export interface TextLimits {
  /** Maximum number of graphemes in a piece. */
  textLength?: number | undefined;
  /** Maximum number of UTF-16 code units in a piece. */
  textUnits?: number | undefined;
  /** Maximum number of UTF-8 bytes in a piece. */
  textBytes?: number | undefined;
}

/** Absent limits do not apply. */
function all({ textLength = Infinity, textUnits = Infinity, textBytes = Infinity }: TextLimits) {
  return { length: textLength, units: textUnits, bytes: textBytes };
}

export function fitsIn(text: string, limits: TextLimits): boolean {
  const { length, units, bytes } = all(limits);
  if (text.length > units) return false;
  // A UTF-16 unit is at most one grapheme and 3 bytes, so short texts need no counting.
  if (text.length <= length && text.length * 3 <= bytes) return true;
  if (bytes !== Infinity && Buffer.byteLength(text) > bytes) return false;
  return text.length <= length || lengthOf(text, length) <= length;
}

/** @param enough counting stops here */
function lengthOf(text: string, enough: number): number {
  let length = 0;
  for (const _ of graphemes.segment(text)) if (++length > enough) break;
  return length;
}

/** The joined pieces are exactly the text. */
export function splitText(text: string, limits: TextLimits): string[] {
  if (fitsIn(text, limits)) return [text];
  return packed(unitsOf(text, limits), limits).map((units) => units.map((unit) => unit.text).join(''));
}

/** Groups units, in order, so that each group fits; a unit larger than a piece is a group of its own. */
export function packed<Some extends Unit>(units: readonly Some[], limits: TextLimits): Some[][] {
  const pieces: Some[][] = [];
  for (let start = 0; start < units.length;) {
    const end = furthest(units, start, limits);
    const cut = end === units.length ? end : breakBefore(units, start, end);
    pieces.push(units.slice(start, cut));
    start = cut;
  }
  return pieces;
}

/** A unit that is not cut, with its size. */
export interface Unit {
  text: string;
  length: number;
  bytes: number;
}

/** Web addresses and graphemes; those that are larger than a piece, in parts. */
export function unitsOf(text: string, limits: TextLimits): Unit[] {
  const units: Unit[] = [];
  let done = 0;
  for (const wide of addressesIn(text, true)) {
    const address = text.slice(wide.start, wide.end);
    const [narrow] = addressesIn(address);
    const unit = [address, address.slice(0, narrow?.end)].map(sized).find((one) => fitsAlone(one, limits));
    if (!unit) continue;
    addGraphemes(units, text.slice(done, wide.start), limits);
    units.push(unit);
    done = wide.start + unit.text.length;
  }
  addGraphemes(units, text.slice(done), limits);
  return units;
}

export function sized(text: string): Unit {
  return { text, length: lengthOf(text, Infinity), bytes: Buffer.byteLength(text) };
}

export function fitsAlone(unit: Unit, limits: TextLimits): boolean {
  const { length, units, bytes } = all(limits);
  return unit.length <= length && unit.text.length <= units && unit.bytes <= bytes;
}

/** Appends one by one: a long text has more graphemes than `push(...graphemes)` can take as arguments. */
function addGraphemes(units: Unit[], text: string, limits: TextLimits): void {
  for (const { segment } of graphemes.segment(text)) {
    const unit = { text: segment, length: 1, bytes: Buffer.byteLength(segment) };
    if (fitsAlone(unit, limits)) units.push(unit);
    // A letter with more marks than a piece can hold.
    else
      for (const letter of segment) units.push({ text: letter, length: 1, bytes: Buffer.byteLength(letter) });
  }
}

/** @returns the index after the last unit that fits; at least one unit is included */
function furthest(units: readonly Unit[], start: number, limits: TextLimits): number {
  const left = all(limits);
  let end = start;
  for (; end < units.length; end++) {
    const unit = units[end];
    left.length -= unit?.length ?? 0;
    left.units -= unit?.text.length ?? 0;
    left.bytes -= unit?.bytes ?? 0;
    if (left.length < 0 || left.units < 0 || left.bytes < 0) break;
  }
  return Math.max(end, start + 1);
}

const ENDS_OF_SENTENCES = new Set(['。', '！', '？', '!', '?', '…']);
/** Where to split, the best first. The text after the match begins the next piece. */
const BREAKS: ReadonlySet<string>[] = [
  new Set(['\n', '\r\n']),
  ENDS_OF_SENTENCES,
  new Set([' ', '\t', '\u3000', '；', '，', '、', '：', ',', ';']),
];
const CLOSING = new Set(['”', '’', '」', '』', '）', '》', ')', '"']);

/** Splits after the last break in the second half of the piece, or at its end. */
function breakBefore(units: readonly Unit[], start: number, end: number): number {
  const half = start + (end - start) / 2;
  for (const marks of BREAKS)
    for (let at = end - 1; at >= half; at--) {
      if (!marks.has(units[at]?.text ?? '')) continue;
      let cut = at + 1;
      if (marks !== ENDS_OF_SENTENCES) return cut;
      while (cut < end && CLOSING.has(units[cut]?.text ?? '')) cut++;
      // A space after a sentence stays in its piece.
      if (cut < end && units[cut]?.text === ' ') cut++;
      return cut;
    }
  return end;
}
