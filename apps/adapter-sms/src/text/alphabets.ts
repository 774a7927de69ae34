/** Text <-> bytes of a segment. */
import type { Alphabet } from '../sms.link.js';
import { decodeGb18030, encodeGb18030 } from './gb18030.js';
import { decodeGsm7, encodeGsm7 } from './gsm7.js';

/** @returns undefined when the alphabet does not have every character of the text */
export function encode(text: string, alphabet: Alphabet): Uint8Array | undefined {
  switch (alphabet) {
    case 'gsm7':
      return encodeGsm7(text);
    case 'ascii':
      return isWithin(text, 0x7f) ? Buffer.from(text, 'latin1') : undefined;
    case 'latin1':
      return isWithin(text, 0xff) ? Buffer.from(text, 'latin1') : undefined;
    case 'ucs2':
      return Buffer.from(text.toWellFormed(), 'utf16le').swap16();
    case 'gb18030':
      return encodeGb18030(text);
    case 'binary':
      return undefined;
  }
}

/** @returns undefined for bytes that are no text */
export function decode(bytes: Uint8Array, alphabet: Alphabet): string | undefined {
  switch (alphabet) {
    case 'gsm7':
      return decodeGsm7(bytes);
    case 'ascii':
    case 'latin1':
      return Buffer.from(bytes).toString('latin1');
    case 'ucs2':
      // COMPAT(gateways that cut a text, any): half a character at the end is none.
      return Buffer.from(bytes.subarray(0, bytes.length & ~1))
        .swap16()
        .toString('utf16le');
    case 'gb18030':
      return decodeGb18030(bytes);
    case 'binary':
      return undefined;
  }
}

function isWithin(text: string, last: number): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > last) return false;
  return true;
}
