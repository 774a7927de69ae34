/** Hostile text is not parsed for long: beyond the bounds it is words, with its marks visible. */
import { isReadableMarkdown, readMarkdown } from './markdown.js';
import { writePlain } from './plain-writer.js';

test.each([
  ['marks without partners', '~~a'.repeat(5000)],
  ['lists in lists', `${'- '.repeat(30)}a\n`.repeat(500)],
  ['quotes in quotes', `${'> '.repeat(5000)}a`],
  ['many short lists', '- - - a\n'.repeat(3000)],
  ['more than anybody writes', 'a'.repeat(65_000)],
])('%s', (_, text) => {
  expect(isReadableMarkdown(text)).toBe(false);
  expect(writePlain(readMarkdown(text))).toBe(text.replace(/\n$/, ''));
});

test('an ordinary long message is read', () => {
  const text = '1. **bold** and `code`\n   - nested [link](https://example.org)\n> quote\n\n'.repeat(100);
  expect(isReadableMarkdown(text)).toBe(true);
});
