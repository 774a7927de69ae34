/**
 * GB18030, which is GBK with sequences of four bytes for everything else. The platform decodes it; its tables turned round
 * encode it.
 */
const decoder = new TextDecoder('gb18030');

/** Sequences of four bytes, counted from 81 30 81 30: those below 39,420 are characters of the basic plane. */
const FOUR_OF_BASIC_PLANE = 39_420;
/** The number of the sequence for U+10000. */
const SUPPLEMENTARY = 189_000;
/** Code unit -> sequence, as a number; 0: none. */
let sequences: Uint32Array | undefined;

export function decodeGb18030(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

/** Every text has a form. Halves of surrogate pairs become U+FFFD. */
export function encodeGb18030(text: string): Uint8Array {
  sequences ??= readTables();
  const bytes: number[] = [];
  for (const letter of text.toWellFormed()) {
    const code = letter.codePointAt(0) ?? 0;
    if (code < 0x80) bytes.push(code);
    else if (code >= 0x1_0000) bytes.push(...fourBytes(code - 0x1_0000 + SUPPLEMENTARY));
    else bytes.push(...bytesOf(sequences[code] ?? 0));
  }
  return Uint8Array.from(bytes);
}

function readTables(): Uint32Array {
  const table = new Uint32Array(0x1_0000);
  // Two bytes last: they win where a character has both forms.
  for (let at = 0; at < FOUR_OF_BASIC_PLANE; at++) enter(table, fourBytes(at));
  for (let lead = 0x81; lead <= 0xfe; lead++)
    for (let trail = 0x40; trail <= 0xfe; trail++) if (trail !== 0x7f) enter(table, [lead, trail]);
  return table;
}

function enter(table: Uint32Array, bytes: number[]): void {
  const letter = decoder.decode(Uint8Array.from(bytes));
  // A sequence that means nothing is read as U+FFFD, with or without its last bytes.
  if (letter.length !== 1 || (letter === '\uFFFD' && bytes.length === 2)) return;
  table[letter.charCodeAt(0)] = bytes.reduce((number, byte) => number * 256 + byte, 0);
}

function bytesOf(sequence: number): number[] {
  if (sequence > 0xffff)
    return [sequence >>> 24, (sequence >>> 16) & 0xff, (sequence >>> 8) & 0xff, sequence & 0xff];
  return [sequence >>> 8, sequence & 0xff];
}

function fourBytes(at: number): number[] {
  return [
    0x81 + Math.floor(at / 12_600),
    0x30 + (Math.floor(at / 1260) % 10),
    0x81 + (Math.floor(at / 10) % 126),
    0x30 + (at % 10),
  ];
}
