import { canonicalEmoji } from './emoji.js';

test.each([
  ['a thumb with and without the variation selector', '👍\uFE0F', '👍'],
  ['a thumb of another colour', '👍🏽', '👍🏽'],
  ['a heart, which needs it', '\u2764', '\u2764\uFE0F'],
  ['a heart that has it', '\u2764\uFE0F', '\u2764\uFE0F'],
  ['a heart that is to be shown as text', '\u2764\uFE0E', '\u2764\uFE0E'],
  ['a hand that points, in another colour', '☝🏽', '☝🏽'],
  ['a heart on fire, a sequence', '\u2764\u200D🔥', '\u2764\uFE0F\u200D🔥'],
  ['a flag', '🇨🇳', '🇨🇳'],
  ['a key cap', '1\uFE0F\u20E3', '1\uFE0F\u20E3'],
  ['a word', ':party 10:', ':party 10:'],
])('%s', (_, written, canonical) => {
  expect(canonicalEmoji(written)).toBe(canonical);
  expect(canonicalEmoji(canonical)).toBe(canonical);
});
