/**
 * The default alphabet of GSM and its extension table (3GPP TS 23.038, 6.2.1). A septet is one byte; whoever needs them packed
 * packs them.
 */
const BASIC = Array.from(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1BÆæßÉ' +
    ' !"#¤%&\'()*+,-./0123456789:;<=>?' +
    '¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§' +
    '¿abcdefghijklmnopqrstuvwxyzäöñüà',
);
const ESCAPE = 0x1b;
/** Codes after an escape. */
const EXTENSION: ReadonlyMap<number, string> = new Map([
  [0x0a, '\f'],
  [0x14, '^'],
  [0x28, '{'],
  [0x29, '}'],
  [0x2f, '\\'],
  [0x3c, '['],
  [0x3d, '~'],
  [0x3e, ']'],
  [0x40, '|'],
  [0x65, '€'],
]);

/** By UTF-16 code unit: a septet, or a septet after an escape plus `ESCAPED`; 0xffff: none. */
const ESCAPED = 0x100;
const NONE = 0xffff;
const CODES = new Uint16Array(0x2100).fill(NONE);
for (const [code, letter] of BASIC.entries()) if (code !== ESCAPE) CODES[letter.charCodeAt(0)] = code;
for (const [code, letter] of EXTENSION) CODES[letter.charCodeAt(0)] = code + ESCAPED;

/** @returns undefined for a text with a character that the alphabet does not have */
export function encodeGsm7(text: string): Uint8Array | undefined {
  const septets = new Uint8Array(text.length * 2);
  let length = 0;
  for (let at = 0; at < text.length; at++) {
    const code = CODES[text.charCodeAt(at)] ?? NONE;
    if (code === NONE) return undefined;
    if (code >= ESCAPED) septets[length++] = ESCAPE;
    septets[length++] = code % ESCAPED;
  }
  return septets.subarray(0, length);
}

/**
 * A code that the extension table does not have is read in the default table, as telephones do (6.2.1.1); an escape after an
 * escape, or at the end, is a space.
 */
export function decodeGsm7(septets: Uint8Array): string {
  let text = '';
  for (let at = 0; at < septets.length; at++) {
    const code = (septets[at] ?? 0) & 0x7f;
    if (code !== ESCAPE) {
      text += BASIC[code];
      continue;
    }
    const next = (septets[++at] ?? ESCAPE) & 0x7f;
    text += EXTENSION.get(next) ?? (next === ESCAPE ? ' ' : BASIC[next]);
  }
  return text;
}

/** Eight septets in seven bytes, from the lowest bit on (6.1.2.1). */
export function packSeptets(septets: Uint8Array): Uint8Array {
  const packed = new Uint8Array(Math.ceil((septets.length * 7) / 8));
  for (const [at, septet] of septets.entries()) {
    const bit = at * 7;
    const byte = bit >> 3;
    const shifted = (septet & 0x7f) << (bit & 7);
    packed[byte] = (packed[byte] ?? 0) | (shifted & 0xff);
    if (shifted > 0xff) packed[byte + 1] = (packed[byte + 1] ?? 0) | (shifted >> 8);
  }
  return packed;
}

/** @param count septets; the last bits of the last byte may be none */
export function unpackSeptets(packed: Uint8Array, count = Math.floor((packed.length * 8) / 7)): Uint8Array {
  const septets = new Uint8Array(count);
  for (let at = 0; at < count; at++) {
    const bit = at * 7;
    const byte = bit >> 3;
    const two = (packed[byte] ?? 0) | ((packed[byte + 1] ?? 0) << 8);
    septets[at] = (two >> (bit & 7)) & 0x7f;
  }
  return septets;
}
