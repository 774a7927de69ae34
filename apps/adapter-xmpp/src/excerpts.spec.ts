/** What a reply quotes of the message before. */
import type { DeliveryKey } from '#protocol';
import { Excerpts } from './excerpts.js';

const ID = 'a-message' as DeliveryKey;

test.each([
  ['the first line of several', '  tea at five\nand cake ', 'tea at five'],
  ['the beginning of a long line', `${'w'.repeat(100)} more`, `${'w'.repeat(80)}…`],
  [
    'the beginning of the longest text there is, which is one line',
    '中'.repeat(400_000),
    `${'中'.repeat(80)}…`,
  ],
])('is %s', (_, text, quoted) => {
  const excerpts = new Excerpts();
  excerpts.keep(ID, text);
  expect(excerpts.of(ID)).toBe(quoted);
});
