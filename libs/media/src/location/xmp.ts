/**
 * Removes locations from XMP metadata (ISO 16684), in place, without changing its length: attributes, elements and texts are
 * overwritten with spaces. Names are compared without prefix, so that no prefix can hide one. A packet that is not well-formed
 * XML, or has a document type, is overwritten completely, because readers may interpret it differently.
 */
import { bytesMentionPlace, isPlaceName, mentionsPlace } from './location-names.js';

const MAX_PACKET_BYTES = 16 * 1024 * 1024;
const MAX_DEPTH = 200;
const TAG_NAME = /[^\s/>=<"']+/y;
const ATTRIBUTE = /\s+([^\s=/><"']+)\s*=\s*("[^"<]*"|'[^'<]*')/y;
const TAG_END = /\s*(\/?)>/y;

interface Range {
  from: number;
  to: number;
}

interface Encoding {
  /** Bytes per character. */
  width: 1 | 2 | 4;
  little: boolean;
}

const PLAIN: Encoding = { width: 1, little: true };

/** @returns whether a location was removed */
export function eraseFromXmp(packet: Buffer): boolean {
  const encoding = encodingOf(packet);
  const text = textOf(packet, encoding);
  // The beginning, which shows the encoding, may be damaged.
  if (!text.includes('<'))
    return bytesMentionPlace(packet) && blank(packet, PLAIN, [{ from: 0, to: packet.length }]);
  const found = packet.length > MAX_PACKET_BYTES ? undefined : placesIn(text);
  return blank(packet, encoding, found ?? [{ from: 0, to: text.length }]);
}

/** Detects the encoding by the byte order mark, or by zeros next to the first character (XML 1.0, appendix F). */
const BEGINNINGS: [RegExp, Encoding][] = [
  [/^(?:0000feff|000000[^0].|000000.[^0])/, { width: 4, little: false }],
  [/^(?:fffe0000|(?!00)..000000)/, { width: 4, little: true }],
  [/^(?:feff|00(?!00)..)/, { width: 2, little: false }],
  [/^(?:fffe|(?!00)..00)/, { width: 2, little: true }],
];

function encodingOf(packet: Buffer): Encoding {
  const head = packet.toString('hex', 0, 4);
  return BEGINNINGS.find(([pattern]) => pattern.test(head))?.[1] ?? PLAIN;
}

/** Decodes to one UTF-16 unit for each character of the packet (UTF-8: for each byte), so that positions can be mapped back. */
function textOf(packet: Buffer, { width, little }: Encoding): string {
  if (width === 1) return packet.toString('latin1');
  const whole = packet.subarray(0, packet.length - (packet.length % width));
  const units: string[] = [];
  for (let at = 0; at < whole.length; at += width) {
    const code =
      width === 2
        ? little
          ? whole.readUInt16LE(at)
          : whole.readUInt16BE(at)
        : little
          ? whole.readUInt32LE(at)
          : whole.readUInt32BE(at);
    units.push(String.fromCharCode(code > 0xffff ? 0xfffd : code));
  }
  return units.join('');
}

function blank(packet: Buffer, { width, little }: Encoding, ranges: Range[]): boolean {
  let changed = false;
  for (const { from, to } of ranges)
    for (let at = from * width; at < to * width; at++) {
      const space = at % width === (little ? 0 : width - 1) ? 0x20 : 0;
      changed ||= packet[at] !== space;
      packet[at] = space;
    }
  return changed;
}

/** @returns undefined for text that is not well-formed XML */
function placesIn(text: string): Range[] | undefined {
  const found: Range[] = [];
  const open: { name: string; at: number; place: boolean }[] = [];
  let at = 0;
  for (;;) {
    const tag = text.indexOf('<', at);
    const said = tag < 0 ? text.length : tag;
    if (mentionsPlace(text.slice(at, said))) found.push({ from: at, to: said });
    if (tag < 0) return open.length === 0 ? found : undefined;
    const special = specialAt(text, tag);
    if (special === 'refused') return undefined;
    if (special) {
      if (mentionsPlace(text.slice(special.from, special.to))) found.push(special);
      at = special.end;
      continue;
    }
    if (text[tag + 1] === '/') {
      const end = text.indexOf('>', tag);
      const element = open.pop();
      if (end < 0 || element?.name !== text.slice(tag + 2, end).trim()) return undefined;
      at = end + 1;
      if (element.place) found.push({ from: element.at, to: at });
      continue;
    }
    const read = elementAt(text, tag);
    if (!read || open.length > MAX_DEPTH) return undefined;
    for (const place of read.places) found.push(place);
    const place = isPlaceName(local(read.name));
    if (!read.empty) open.push({ name: read.name, at: tag, place });
    else if (place) found.push({ from: tag, to: read.end });
    at = read.end;
  }
}

/** A comment, CDATA section or processing instruction: its content and its end. */
function specialAt(text: string, at: number): (Range & { end: number }) | 'refused' | undefined {
  const kinds = [
    ['<!--', '-->'],
    ['<![CDATA[', ']]>'],
    ['<?', '?>'],
  ] as const;
  for (const [begin, end] of kinds) {
    if (!text.startsWith(begin, at)) continue;
    const to = text.indexOf(end, at + begin.length);
    return to < 0 ? 'refused' : { from: at + begin.length, to, end: to + end.length };
  }
  return text[at + 1] === '!' ? 'refused' : undefined;
}

function elementAt(
  text: string,
  at: number,
): { name: string; empty: boolean; end: number; places: Range[] } | undefined {
  const name = matchAt(TAG_NAME, text, at + 1);
  if (!name) return undefined;
  const places: Range[] = [];
  let next = at + 1 + name[0].length;
  for (;;) {
    const attribute = matchAt(ATTRIBUTE, text, next);
    if (!attribute) break;
    const [whole, key = '', value = ''] = attribute;
    const declares = key === 'xmlns' || key.startsWith('xmlns:');
    if (!declares && (isPlaceName(local(key)) || mentionsPlace(value)))
      places.push({ from: next, to: next + whole.length });
    next += whole.length;
  }
  const end = matchAt(TAG_END, text, next);
  return end && { name: name[0], empty: end[1] === '/', end: next + end[0].length, places };
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? undefined;
}

function local(name: string): string {
  return name.slice(name.lastIndexOf(':') + 1);
}
