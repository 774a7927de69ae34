import { qualifiedEmoji } from './emoji.js';

test.each([
  ['a heart without its selector', '\u2764', '\u2764\uFE0F'],
  ['a heart with it', '\u2764\uFE0F', '\u2764\uFE0F'],
  ['a heart as text', '\u2764\uFE0E', '\u2764\uFE0F'],
  ['a thumb, an emoji by default', '👍', '👍'],
  ['a thumb with a superfluous selector', '👍\uFE0F', '👍'],
  ['a hand with a skin tone', '\u270C\u{1F3FD}', '\u270C\u{1F3FD}'],
  ['a keycap', '1\u20E3', '1\uFE0F\u20E3'],
  ['a sequence', '\u{1F3F3}\u200D\u{1F308}', '\u{1F3F3}\uFE0F\u200D\u{1F308}'],
  ['a flag of two letters', '🇩🇪', '🇩🇪'],
  ['words', '+1', '+1'],
])('%s has one spelling', (_, written, qualified) => {
  expect(qualifiedEmoji(written)).toBe(qualified);
  expect(qualifiedEmoji(qualified)).toBe(qualified);
});
