/** The field that CMPP calls Msg_Fmt, SGIP MessageCoding and SMGP MsgFormat: how the bytes of a text are to be read. Pure. */
import { HubError } from '#protocol';
import { type Concatenation, type Alphabet } from './sms.link.js';
import { readUserData, writeUserData } from './user-data-header.js';

/** In all three documents. A gateway of Telecom means GB18030 by 15, the others GBK, which is a part of it. */
const FORMATS = { ascii: 0, binary: 4, ucs2: 8, gb18030: 15 } as const;
const ALPHABET_OF = new Map<number, Alphabet>(
  Object.entries(FORMATS).map(([alphabet, format]) => [format, alphabet as Alphabet]),
);

/** In which text is sent, the preferred one for each kind of text first. */
export const TEXT_ALPHABETS: readonly Alphabet[] = ['ascii', 'ucs2', 'gb18030'];

/** A message has 140 bytes; the header with a reference of 8 bits takes six of them. */
export const SEGMENT_BYTES = { single: 140, joined: 134 } as const;

/** The fields have room for 21 digits, an address on the air for 20 (3GPP TS 23.040, 9.1.2.5). */
export const SERVICE_DIGITS = 20;

export interface Content {
  /** TP_udhi. */
  hasHeader: number;
  format: number;
  bytes: Buffer;
}

export interface ReadContent {
  alphabet: Alphabet;
  text: Uint8Array;
  concatenation?: Concatenation;
}

/** @throws HubError 30 when it says that it has a header, and has none */
export function readContent({ hasHeader, format, bytes }: Content): ReadContent {
  const alphabet = ALPHABET_OF.get(format) ?? 'binary';
  // The field has one bit; the others are reserved.
  if ((hasHeader & 1) === 0) return { alphabet, text: bytes };
  const { concatenation, ports, text } = readUserData(bytes);
  return { alphabet: ports ? 'binary' : alphabet, text, ...(concatenation ? { concatenation } : {}) };
}

/** @throws HubError 12 when these protocols have no name for the alphabet */
export function writeContent({ alphabet, text, concatenation }: ReadContent): Content {
  const format = alphabet === 'gsm7' || alphabet === 'latin1' ? undefined : FORMATS[alphabet];
  if (format === undefined) throw new HubError('12', `the gateway takes no text in ${alphabet}`);
  const bytes = writeUserData({ text, ...(concatenation ? { concatenation } : {}) });
  if (bytes.length > SEGMENT_BYTES.single)
    throw new HubError('61', `a segment of ${bytes.length} bytes, 140 have room`);
  return { hasHeader: concatenation ? 1 : 0, format, bytes };
}
