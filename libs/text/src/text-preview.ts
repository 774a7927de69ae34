/** How a text begins, for what shows no more of it. */

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
/** UTF-16 units of a beginning, as many as there are in a long emoji, for each grapheme. */
const MOST_UNITS = 32;

/** The first graphemes of a text. Reads no more of it than they can take, so the length of the text costs nothing. */
export function previewOf(text: string, length: number): { start: string; more: boolean } {
  const read = text.slice(0, length * MOST_UNITS);
  let [end, counted] = [0, 0];
  for (const { index, segment } of graphemes.segment(read)) {
    const next = index + segment.length;
    // The last of what was read may go on in what was not read.
    if (counted === length || (next === read.length && read.length < text.length)) break;
    counted++;
    end = next;
  }
  return { start: read.slice(0, end), more: end < text.length };
}
