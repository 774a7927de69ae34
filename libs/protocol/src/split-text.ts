/** Splits text on grapheme boundaries, at a line or word break where one is near; nothing is ever cut or lost. */
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** @param limit graphemes per piece. The pieces joined give the text back, to the letter. */
export function splitText(text: string, limit: number): string[] {
  if (text.length <= limit) return [text];
  const units = Array.from(graphemes.segment(text), (part) => part.segment);
  const pieces: string[] = [];
  for (let start = 0; start < units.length;) {
    const end = Math.min(start + limit, units.length);
    const cut = end === units.length ? end : breakBefore(units, start, end);
    pieces.push(units.slice(start, cut).join(''));
    start = cut;
  }
  return pieces;
}

/** The last break in the second half of the piece, or its very end. */
function breakBefore(units: string[], start: number, end: number): number {
  for (const mark of ['\n', ' ']) {
    const at = units.lastIndexOf(mark, end - 1);
    if (at >= start + (end - start) / 2) return at + 1;
  }
  return end;
}
