/**
 * Short messages (3GPP TS 23.038, 23.040): how a text is split into segments, which are what is billed. All code that counts
 * segments uses this file.
 */
const GSM = /^[@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&'()*+,\-./0-9:;<=>?¡A-ZÄÖÑÜ§¿a-zäöñüà^{}\\[~\]|€]*$/u;
/** Characters of two septets: an escape and a code. */
const GSM_EXTENSION = new Set('^{}\\[~]|€');
const HAS_GSM_EXTENSION = /[\^{}\\[~\]|€]/;

/** Units of a segment: alone, or as one of several, which have a header with their number. */
const SEPTETS = { alone: 160, joined: 153 };
const UTF16_UNITS = { alone: 70, joined: 67 };

/** Splits a text into segments. An escape and its code, or the two halves of a surrogate pair, stay together (9.2.3.24.1). */
export function splitIntoSegments(text: string): string[] {
  const gsm = GSM.test(text);
  const room = gsm ? SEPTETS : UTF16_UNITS;
  const sizeOf = gsm
    ? (letter: string) => (GSM_EXTENSION.has(letter) ? 2 : 1)
    : (letter: string) => letter.length;
  const segments = cut(text, room.joined, sizeOf);
  if (segments.length <= 1) return segments;
  let all = 0;
  for (const letter of text) all += sizeOf(letter);
  return all <= room.alone ? [text] : segments;
}

/** Number of segments of the text; 1 for an empty text. */
export function smsSegments(text: string): number {
  // Most texts: every character is one unit, so nothing has to be cut to be counted.
  if (GSM.test(text) && !HAS_GSM_EXTENSION.test(text))
    return text.length <= SEPTETS.alone ? 1 : Math.ceil(text.length / SEPTETS.joined);
  return splitIntoSegments(text).length;
}

function cut(text: string, room: number, sizeOf: (letter: string) => number): string[] {
  const segments: string[] = [];
  let [start, end] = [0, 0];
  let left = room;
  for (const letter of text) {
    const size = sizeOf(letter);
    if (size > left) {
      segments.push(text.slice(start, end));
      start = end;
      left = room;
    }
    end += letter.length;
    left -= size;
  }
  return [...segments, text.slice(start)];
}
