/** Splits text on grapheme boundaries, at a line or word break where one is near; nothing is ever cut or lost. */
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

export interface TextLimits {
  /** Graphemes of one piece. */
  textLength?: number | undefined;
  /** Bytes of one piece in UTF-8. */
  textBytes?: number | undefined;
}

/** The pieces joined give the text back, to the letter. Of a grapheme that is larger than a piece may be, the characters are split. */
export function splitText(
  text: string,
  { textLength = Infinity, textBytes = Infinity }: TextLimits,
): string[] {
  // A UTF-16 unit is at most 3 bytes: short texts need no counting.
  if (text.length <= textLength && text.length * 3 <= textBytes) return [text];
  const units = Array.from(graphemes.segment(text), ({ segment }) =>
    Buffer.byteLength(segment) > textBytes ? Array.from(segment) : segment,
  ).flat();
  const pieces: string[] = [];
  for (let start = 0; start < units.length;) {
    const end = furthest(units, start, textLength, textBytes);
    const cut = end === units.length ? end : breakBefore(units, start, end);
    pieces.push(units.slice(start, cut).join(''));
    start = cut;
  }
  return pieces;
}

function furthest(units: string[], start: number, length: number, bytes: number): number {
  let end = start;
  for (let left = bytes; end < units.length && end - start < length; end++) {
    left -= Buffer.byteLength(units[end] ?? '');
    if (left < 0) break;
  }
  return Math.max(end, start + 1);
}

/** The last break in the second half of the piece, or its very end. */
function breakBefore(units: string[], start: number, end: number): number {
  for (const mark of ['\n', ' ']) {
    const at = units.lastIndexOf(mark, end - 1);
    if (at >= start + (end - start) / 2) return at + 1;
  }
  return end;
}
