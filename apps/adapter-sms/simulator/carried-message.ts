/** One short message between a handset and a service number, and how long texts are cut into several (3GPP TS 23.040, 9.2.3.24). */
import { characterBytes, type Alphabet } from './alphabets.js';
import { Malformed } from './bytes.js';

export interface ShortMessage {
  /** Digits with the country code. */
  handset: string;
  /** Digits of the service code, and what follows it. */
  service: string;
  alphabet: Alphabet;
  /** User data header with its length in front; empty when there is none. */
  header: Buffer;
  text: Buffer;
}

/** Which part of a longer text. */
export interface Part {
  reference: number;
  total: number;
  /** From 1. */
  number: number;
}

const REFERENCE_8 = 0x00;
const REFERENCE_16 = 0x08;
/** Most bytes of one message with its header: of an alphabet with seven bits (before they are packed), and of the others. */
export interface Room {
  seven: number;
  eight: number;
}

export const FULL: Room = { seven: 160, eight: 140 };

/** @param udhi whether the content begins with a header @throws Malformed */
export function headerAndText(content: Buffer, udhi: boolean): Pick<ShortMessage, 'header' | 'text'> {
  const length = udhi ? (content[0] ?? 0) + 1 : 0;
  if (length > content.length) throw new Malformed('the user data header is longer than the message');
  return { header: content.subarray(0, length), text: content.subarray(length) };
}

/** @throws Malformed */
export function partOf(header: Buffer): Part | undefined {
  for (let at = 1; at + 1 < header.length;) {
    const [element, length = 0] = header.subarray(at, at + 2);
    const data = header.subarray(at + 2, at + 2 + length);
    if (data.length < length) throw new Malformed('an element of the user data header is cut off');
    at += 2 + length;
    const [a = 0, b = 0, c = 0, d = 0] = data;
    if (element === REFERENCE_8 && length === 3) return valid({ reference: a, total: b, number: c });
    if (element === REFERENCE_16 && length === 4)
      return valid({ reference: (a << 8) | b, total: c, number: d });
  }
  return undefined;
}

/** A handset ignores the element when its numbers make no sense (9.2.3.24.1). */
export function valid(part: Part): Part | undefined {
  return part.total > 0 && part.number > 0 && part.number <= part.total ? part : undefined;
}

/** Whether it is no longer than one message can be. */
export function fits(
  { header, text }: Pick<ShortMessage, 'header' | 'text'>,
  alphabet: Alphabet,
  room = FULL,
): boolean {
  return text.length <= left(room, alphabet, header.length);
}

/** Bytes of text beside a header. Where seven bits have more room than eight, the header is counted in septets. */
function left({ seven, eight }: Room, alphabet: Alphabet, header: number): number {
  return seven > eight && (alphabet === 'gsm7' || alphabet === 'ascii')
    ? Math.min(seven - header, FULL.seven - Math.ceil((header * 8) / 7))
    : eight - header;
}

function headerFor({ reference, total, number }: Part, bits: 8 | 16): Buffer {
  return bits === 8
    ? Buffer.from([5, REFERENCE_8, 3, reference & 0xff, total, number])
    : Buffer.from([6, REFERENCE_16, 4, (reference >> 8) & 0xff, reference & 0xff, total, number]);
}

/** Cuts a text between characters. @throws Error when it needs more than 255 messages */
export function cut(
  text: string,
  alphabets: readonly Alphabet[],
  { reference, bits, room = FULL }: { reference: number; bits: 8 | 16; room?: Room },
): Pick<ShortMessage, 'alphabet' | 'header' | 'text'>[] {
  const alphabet = alphabets.find((each) => characterBytes(text, each)) ?? 'ucs2';
  const characters = characterBytes(text, alphabet) ?? [];
  const whole = Buffer.concat(characters);
  if (whole.length <= left(room, alphabet, 0)) return [{ alphabet, header: Buffer.alloc(0), text: whole }];
  const parts = packed(characters, left(room, alphabet, bits === 8 ? 6 : 7));
  if (parts.length > 255) throw new Error('the text is longer than 255 short messages');
  return parts.map((part, at) => ({
    alphabet,
    header: headerFor({ reference, total: parts.length, number: at + 1 }, bits),
    text: part,
  }));
}

function packed(characters: readonly Buffer[], most: number): Buffer[] {
  const parts: Buffer[][] = [[]];
  let size = 0;
  for (const character of characters) {
    if (size + character.length > most) {
      parts.push([]);
      size = 0;
    }
    parts.at(-1)?.push(character);
    size += character.length;
  }
  return parts.map((part) => Buffer.concat(part));
}
