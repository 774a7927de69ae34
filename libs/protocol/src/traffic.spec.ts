import fc from 'fast-check';
import { smsSegments } from './traffic.js';

test.each([
  ['', 1],
  ['a'.repeat(160), 1],
  ['a'.repeat(161), 2],
  ['a'.repeat(306), 2],
  ['a'.repeat(307), 3],
  ['€'.repeat(80), 1],
  ['€'.repeat(81), 2],
  ['你'.repeat(70), 1],
  ['你'.repeat(71), 2],
  ['你'.repeat(134), 2],
  ['你'.repeat(135), 3],
  ['😀'.repeat(35), 1],
  ['😀'.repeat(36), 2],
])('%s… fills %i short messages', (text, segments) => {
  expect(smsSegments(text)).toBe(segments);
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
