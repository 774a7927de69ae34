/** The beginning of a text, for places that show only a preview. */

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
/** UTF-16 units that are read for each grapheme: as many as a long emoji has. */
const MOST_UNITS = 32;

/** The first `length` graphemes of a text. Reads only as much as they can take, so that long texts cost no more time. */
export function previewOf(text: string, length: number): { start: string; more: boolean } {
  const read = text.slice(0, length * MOST_UNITS);
  let [end, counted] = [0, 0];
  for (const { index, segment } of graphemes.segment(read)) {
    const next = index + segment.length;
    // The last grapheme may continue beyond the part that was read.
    if (counted === length || (next === read.length && read.length < text.length)) break;
    counted++;
    end = next;
  }
  return { start: read.slice(0, end), more: end < text.length };
}
