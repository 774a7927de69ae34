import fc from 'fast-check';
import { smsSegments, splitIntoSegments } from './sms-segments.js';

test.each([
  ['', 1],
  ['a'.repeat(160), 1],
  ['a'.repeat(161), 2],
  ['a'.repeat(306), 2],
  ['a'.repeat(307), 3],
  ['€'.repeat(80), 1],
  ['€'.repeat(81), 2],
  // 76 pairs of an escape and its code in 153 septets: the half of a pair that has room is not sent.
  [']'.repeat(152), 2],
  [']'.repeat(153), 3],
  ['你'.repeat(70), 1],
  ['你'.repeat(71), 2],
  ['你'.repeat(134), 2],
  ['你'.repeat(135), 3],
  ['😀'.repeat(35), 1],
  ['😀'.repeat(36), 2],
  ['😀'.repeat(66), 2],
  ['😀'.repeat(67), 3],
  ['😀'.repeat(100), 4],
])('%s… fills %i short messages', (text, segments) => {
  expect(smsSegments(text)).toBe(segments);
});

const ANYTHING = fc.string({
  unit: fc.constantFrom('a', ']', '€', '^', '{', '\n', ' '),
  maxLength: 500,
});
const IN_EVERY_SCRIPT = fc.string({ unit: fc.constantFrom('a', ']', '你', '😀', '👩‍👩‍👧', ' '), maxLength: 300 });

test('as many are counted as are sent', () => {
  fc.assert(
    fc.property(fc.oneof(ANYTHING, IN_EVERY_SCRIPT, fc.string({ maxLength: 700 })), (text) => {
      expect(smsSegments(text)).toBe(splitIntoSegments(text).length);
    }),
  );
});

test('more words never fill fewer of them', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme', maxLength: 400 }),
      fc.string({ unit: 'grapheme' }),
      (text, more) => {
        expect(smsSegments(text + more)).toBeGreaterThanOrEqual(smsSegments(text));
      },
    ),
  );
});

test('the segments joined are the text, each fits, and no pair is cut', () => {
  fc.assert(
    fc.property(fc.oneof(ANYTHING, IN_EVERY_SCRIPT), (text) => {
      const segments = splitIntoSegments(text);
      expect(segments.join('')).toBe(text);
      const escapes = (part: string) => part.match(/[\]€^{]/g)?.length ?? 0;
      const unicode = /[你😀👩]/u.test(text);
      const room = unicode ? (segments.length > 1 ? 67 : 70) : segments.length > 1 ? 153 : 160;
      for (const segment of segments) {
        expect(segment.isWellFormed()).toBe(true);
        expect(segment.length + (unicode ? 0 : escapes(segment))).toBeLessThanOrEqual(room);
      }
    }),
  );
});
