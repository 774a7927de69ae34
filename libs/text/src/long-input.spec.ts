/**
 * The longest text that an event takes is read, written and split, whatever it is made of. Its letters, lines and addresses
 * are more than the arguments that one call can take (about 120,000), so no function may be called with all of them.
 */
import { amount } from '../../../test/support/amounts.js';
import { markdownText, plainText } from '#protocol';
import { previewOf } from './text-preview.js';
import { readHtml } from './html-reader.js';
import { writeHtml } from './html-writer.js';
import { readMarkdown, writeMarkdown } from './markdown.js';
import { treeOf, withLead } from './text-parts.js';
import { writePlain } from './plain-writer.js';
import { splitText } from './split-text.js';
import { splitTree } from './split-tree.js';
import { readStyling, writeStyling } from './styling.js';
import { tidied } from './tree.js';

/** Characters: more than one call takes as arguments; in the torture, as many as the schema of a part allows. */
const LONGEST = amount({ test: 150_000, torture: 400_000 });
const filledWith = (words: string) => words.repeat(Math.floor(LONGEST / words.length));
const letters = (written: string) => written.replaceAll(/\s/g, '');
const LIMITS = { textLength: 60_000, textBytes: 90_000 };

const TEXTS: [string, string][] = [
  ['one word', filledWith('w')],
  ['words', filledWith('word ')],
  ['Chinese', filledWith('字')],
  ['letters of several characters', filledWith('👩‍👩‍👧')],
  ['empty lines', filledWith('\n')],
  ['short lines', filledWith('a\n')],
  ['addresses', filledWith('www.a ')],
  ['one address', `https://${'a'.repeat(LONGEST - 8)}`],
  ['marks', filledWith('*a* ')],
  ['backquotes', filledWith('`')],
  ['quotes in quotes', filledWith('> ')],
  ['pieces of HTML', filledWith('<b>a&amp;')],
  ['halves of characters', filledWith('\ud83d')],
];

describe.each(TEXTS)('the longest text of %s', (_, text) => {
  test('is split, and the pieces are the text', () => {
    const pieces = splitText(text, LIMITS);
    expect(pieces.length).toBeGreaterThan(1);
    expect(pieces.join('') === text).toBe(true);
  });

  test('begins with what is quoted of it', () => {
    expect(text.startsWith(previewOf(text, 80).start)).toBe(true);
  });

  test('is a tree, with every writer', () => {
    // Too long to be read as Markdown: its marks are words.
    const part = markdownText(text);
    const tree = treeOf(part);
    expect(letters(writePlain(tree)) === letters(text)).toBe(true);
    for (const written of [writeMarkdown(tree), writeStyling(tree), writeHtml(tree)])
      expect(letters(written).length).toBeGreaterThanOrEqual(letters(text).length);
    expect(letters(withLead(part, 'edited: ').content).length).toBeGreaterThan(letters(text).length);
  });

  test('is a tree that is split', () => {
    const pieces = splitTree(treeOf(plainText(text)), LIMITS, writeStyling).map(writeStyling);
    expect(letters(pieces.join('')) === letters(text)).toBe(true);
  });

  test('is read by every reader', () => {
    expect(() => readMarkdown(text)).not.toThrow();
    expect(() => readStyling(text)).not.toThrow();
    expect(() => readHtml(text, { spoiler: () => ['', ''], nameOf: (id) => id })).not.toThrow();
    const words = { type: 'text', value: text } as const;
    expect(
      tidied({ type: 'root', children: [{ type: 'paragraph', children: [words] }] }).children,
    ).toHaveLength(1);
  });
});

test.each(['<br>', '<p>a</p>', '<li>a', '<span data-mx-spoiler>a</span>', '<tr><td>a', '<hr>'])(
  'HTML of %s as often as an event takes it is read and written',
  (tag) => {
    const tree = readHtml(filledWith(tag), { spoiler: () => ['(', ')'], nameOf: (id) => id });
    if (!tree) return expect(tag).toMatch(/^<(?:li|tr)>/);
    expect(typeof writeMarkdown(tree)).toBe('string');
    expect(splitTree(tree, LIMITS, writeStyling).length).toBeGreaterThan(0);
  },
);
