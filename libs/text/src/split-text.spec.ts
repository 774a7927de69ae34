import fc from 'fast-check';
import { splitText } from './split-text.js';

describe('splitting text', () => {
  const family = '👩‍👩‍👧';

  test('the pieces joined are the text, none is longer than the limit, and no grapheme is cut', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', ' ', '\n', '中', family, 'é'), maxLength: 300 }),
        fc.integer({ min: 1, max: 50 }),
        (text, limit) => {
          const pieces = splitText(text, { textLength: limit });
          expect(pieces.join('')).toBe(text);
          const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
          for (const piece of pieces)
            expect([...graphemes.segment(piece)].length).toBeLessThanOrEqual(Math.max(limit, 1));
        },
      ),
    );
  });

  test('a grapheme that is larger than a piece may be is split between its characters', () => {
    const tower = `a${'\u0301'.repeat(1000)}`;
    const pieces = splitText(tower, { textBytes: 300 });
    expect(pieces.join('')).toBe(tower);
    for (const piece of pieces) expect(Buffer.byteLength(piece)).toBeLessThanOrEqual(300);
  });

  test('it breaks at a word when one is near', () => {
    expect(splitText('hello brave new world', { textLength: 12 })).toEqual(['hello brave ', 'new world']);
  });
});
