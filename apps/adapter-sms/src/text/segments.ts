/**
 * How a text is split into the segments of one message (3GPP TS 23.040, 9.2.3.24.1): between graphemes, so that no emoji and
 * no letter with marks is shown in two halves by a telephone that does not join segments.
 */
import { hash } from 'node:crypto';
import { HubError } from '#protocol';
import type { Alphabet, Concatenation, SmsLink } from '../sms.link.js';
import { encode } from './alphabets.js';

export interface SplitText {
  alphabet: Alphabet;
  parts: Uint8Array[];
}

type Room = Pick<SmsLink, 'alphabets' | 'segmentBytes'>;

const MOST_SEGMENTS = 255;
/** A header with a 16-bit reference is one byte longer (9.2.3.24.8), and `segmentBytes` counts the shorter one. */
const LONGER_REFERENCE_BYTES = 1;
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** @throws HubError 61 for a text of more than 255 segments, 12 when the gateway takes no alphabet in which it can be written */
export function splitIntoParts(text: string, room: Room, bits: Concatenation['bits']): SplitText {
  const { alphabet, bytes } = firstThatFits(text, room.alphabets);
  if (bytes.length <= unitsOf(room.segmentBytes.single, alphabet)) return { alphabet, parts: [bytes] };
  const joined = room.segmentBytes.joined - (bits === 16 ? LONGER_REFERENCE_BYTES : 0);
  const parts = filled(text, alphabet, unitsOf(joined, alphabet));
  if (parts.length > MOST_SEGMENTS)
    throw new HubError('61', `a text of ${parts.length} segments; a message has at most ${MOST_SEGMENTS}`);
  return { alphabet, parts };
}

/** The same for every attempt at one message. @param key of the delivery */
export function concatenationOf(
  key: string,
  bits: Concatenation['bits'],
  total: number,
  part: number,
): Concatenation | undefined {
  if (total === 1) return undefined;
  const digest = hash('sha256', key, 'buffer').readUInt16BE(0);
  return { bits, reference: bits === 8 ? digest & 0xff : digest, total, part };
}

/** Septets are packed on the air: eight of them in seven bytes. */
function unitsOf(bytes: number, alphabet: Alphabet): number {
  switch (alphabet) {
    case 'gsm7':
      return Math.floor((bytes * 8) / 7);
    case 'ascii':
    case 'latin1':
    case 'ucs2':
    case 'gb18030':
    case 'binary':
      return bytes;
  }
}

function firstThatFits(
  text: string,
  alphabets: readonly Alphabet[],
): { alphabet: Alphabet; bytes: Uint8Array } {
  for (const alphabet of alphabets) {
    const bytes = encode(text, alphabet);
    if (bytes) return { alphabet, bytes };
  }
  throw new HubError('12', `the gateway takes ${alphabets.join(', ')}, which cannot write this text`);
}

/** @param room bytes of a part, or septets */
function filled(text: string, alphabet: Alphabet, room: number): Uint8Array[] {
  const parts: Uint8Array[] = [];
  let pending: Uint8Array[] = [];
  let left = room;
  const close = () => {
    parts.push(Buffer.concat(pending));
    pending = [];
    left = room;
  };
  for (const { segment } of graphemes.segment(text))
    for (const unit of unitsThatFit(segment, alphabet, room)) {
      if (unit.length > left) close();
      pending.push(unit);
      left -= unit.length;
    }
  if (pending.length > 0) close();
  return parts;
}

/** A grapheme; one that is larger than a part (a letter with a tower of marks) by its characters. */
function unitsThatFit(grapheme: string, alphabet: Alphabet, room: number): Uint8Array[] {
  const whole = encode(grapheme, alphabet) ?? new Uint8Array();
  if (whole.length <= room) return [whole];
  return Array.from(grapheme, (letter) => encode(letter, alphabet) ?? new Uint8Array());
}
