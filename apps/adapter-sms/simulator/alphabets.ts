/** The alphabets of short messages: 3GPP TS 23.038 (7 bits, here one septet in each byte), UCS-2, GB18030 and older ones. */

export type Alphabet = 'gsm7' | 'ascii' | 'latin1' | 'ucs2' | 'gb18030' | 'binary';

/** TS 23.038, 6.2.1. Position 27 escapes to the extension table. */
const BASIC = Array.from(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\u001bÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?' +
    '¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
);
const ESCAPE = 0x1b;
/** TS 23.038, 6.2.1.1. */
const EXTENSION: Readonly<Record<number, string>> = {
  0x0a: '\f',
  0x14: '^',
  0x28: '{',
  0x29: '}',
  0x2f: '\\',
  0x3c: '[',
  0x3d: '~',
  0x3e: ']',
  0x40: '|',
  0x65: '€',
};

const GSM7 = new Map<string, Buffer>([
  ...BASIC.flatMap((character, code): [string, Buffer][] =>
    code === ESCAPE ? [] : [[character, Buffer.from([code])]],
  ),
  ...Object.entries(EXTENSION).map(([code, character]): [string, Buffer] => [
    character,
    Buffer.from([ESCAPE, Number(code)]),
  ]),
]);

/** @returns the bytes of each character; undefined when the alphabet does not have all of them */
export function characterBytes(text: string, alphabet: Alphabet): Buffer[] | undefined {
  const encode = ENCODERS[alphabet];
  const characters = Array.from(text, encode);
  return characters.every((bytes) => bytes !== undefined) ? characters : undefined;
}

const ENCODERS: Record<Alphabet, (character: string) => Buffer | undefined> = {
  gsm7: (character) => GSM7.get(character),
  ascii: (character) => (character <= '\u007f' ? Buffer.from(character, 'latin1') : undefined),
  latin1: (character) => (character <= '\u00ff' ? Buffer.from(character, 'latin1') : undefined),
  ucs2: (character) => Buffer.from(character, 'utf16le').swap16(),
  gb18030: (character) => (character <= '\u007f' ? Buffer.from(character, 'latin1') : gb18030(character)),
  binary: () => undefined,
};

export function textOf(bytes: Buffer, alphabet: Alphabet): string {
  switch (alphabet) {
    case 'gsm7':
      return gsm7Text(bytes);
    case 'ascii':
    case 'latin1':
      return bytes.toString('latin1');
    case 'ucs2':
      return Buffer.from(bytes.subarray(0, bytes.length & ~1))
        .swap16()
        .toString('utf16le');
    case 'gb18030':
      return new TextDecoder('gb18030').decode(bytes);
    case 'binary':
      return bytes.toString('hex');
  }
}

function gsm7Text(bytes: Buffer): string {
  let text = '';
  for (let at = 0; at < bytes.length; at++) {
    const code = bytes[at] ?? 0;
    // An unknown extension shows the character of the basic table (6.2.1.1, note).
    if (code === ESCAPE) text += EXTENSION[bytes[++at] ?? 0x20] ?? BASIC[bytes[at] ?? 0x20] ?? ' ';
    else text += BASIC[code] ?? '?';
  }
  return text;
}

/** Numbers of the first code of four bytes beyond the basic plane, and of those within it. */
const SUPPLEMENTARY_FROM = 189_000;
const BASIC_FOURS = 39_420;
let pairs: Map<string, Buffer> | undefined;
let fours: Map<string, Buffer> | undefined;

function gb18030(character: string): Buffer {
  const code = character.codePointAt(0) ?? 0;
  if (code > 0xffff) return fourBytes(SUPPLEMENTARY_FROM + code - 0x10000);
  pairs ??= tableOf(everyPair());
  const pair = pairs.get(character);
  if (pair) return pair;
  fours ??= tableOf(Array.from({ length: BASIC_FOURS }, (_, number) => fourBytes(number)));
  return fours.get(character) ?? Buffer.from('?');
}

function everyPair(): Buffer[] {
  const codes: Buffer[] = [];
  for (let lead = 0x81; lead <= 0xfe; lead++)
    for (let trail = 0x40; trail <= 0xfe; trail++) if (trail !== 0x7f) codes.push(Buffer.from([lead, trail]));
  return codes;
}

function fourBytes(number: number): Buffer {
  const digit = (by: number, base: number) => Math.floor(number / by) % base;
  return Buffer.from([
    0x81 + digit(12_600, 126),
    0x30 + digit(1260, 10),
    0x81 + digit(10, 126),
    0x30 + digit(1, 10),
  ]);
}

/** The platform decodes GB18030 and does not encode it. */
function tableOf(codes: readonly Buffer[]): Map<string, Buffer> {
  const decoder = new TextDecoder('gb18030');
  return new Map(codes.map((code): [string, Buffer] => [decoder.decode(code), code]));
}
