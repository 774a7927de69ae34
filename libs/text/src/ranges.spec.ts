import fc from 'fast-check';
import { readMarkdown, writeMarkdown } from './markdown.js';
import { writePlain } from './plain-writer.js';
import { readRanges, writeRanges, type Range } from './ranges.js';
import { arbitraryTree } from './testing-trees.js';

const bold = (offset: number, length: number): Range => ({ kind: 'strong', offset, length });
const italic = (offset: number, length: number): Range => ({ kind: 'emphasis', offset, length });

test.each<[text: string, ranges: Range[], markdown: string]>([
  ['plain words', [], 'plain words'],
  ['bold word', [bold(0, 4)], '**bold** word'],
  ['both', [bold(0, 4), italic(0, 4)], '**_both_**'],
  ['one two three', [bold(0, 7), italic(4, 9)], '**one _two_**_&#x20;three_'],
  // The offsets count UTF-16 code units: this emoji has two, the family eight.
  ['👍 yes', [bold(3, 3)], '👍 **yes**'],
  ['👨‍👩‍👧 yes', [bold(9, 3)], '👨‍👩‍👧 **yes**'],
  [
    'a site',
    [{ kind: 'link', offset: 2, length: 4, url: 'https://example.org/' }],
    'a [site](https://example.org/)',
  ],
  ['run `x`', [{ kind: 'inlineCode', offset: 4, length: 3 }], 'run `` `x` ``'],
  [
    'see\na = 1\nend',
    [{ kind: 'code', offset: 4, length: 5, language: 'ts' }],
    'see\n\n```ts\na = 1\n```\n\nend',
  ],
  ['he said\nyes\nso', [{ kind: 'blockquote', offset: 8, length: 3 }], 'he said\n\n> yes\n\nso'],
  ['out of range', [bold(40, 2), bold(-1, 2), bold(3, 0)], 'out of range'],
  ['too long', [bold(4, 400)], 'too **long**'],
])('%j with %j is %j', (text, ranges, markdown) => {
  expect(writeMarkdown(readRanges({ text, ranges }))).toBe(markdown);
});

test.each<[markdown: string, text: string, ranges: Range[]]>([
  ['**bold** word', 'bold word', [bold(0, 4)]],
  ['👍 **yes _no_**', '👍 yes no', [bold(3, 6), italic(7, 2)]],
  [
    'a [site](https://example.org/x)',
    'a site',
    [{ kind: 'link', offset: 2, length: 4, url: 'https://example.org/x' }],
  ],
  ['<https://example.org/x>', 'https://example.org/x', []],
  ['> quoted', 'quoted', [{ kind: 'blockquote', offset: 0, length: 6 }]],
  ['```ts\na = 1\n```', 'a = 1', [{ kind: 'code', offset: 0, length: 5, language: 'ts' }]],
  ['- one\n- **two**', '- one\n- two', [bold(8, 3)]],
])('%j is written as %j with %j', (markdown, text, ranges) => {
  expect(writeRanges(readMarkdown(markdown))).toEqual({ text, ranges });
});

/** Without the address of links, which plain text shows, and the signs of quotes. */
const words = (text: string) =>
  text.replaceAll(/\s+|>|\(https:\/\/example\.org\/x\)|https:\/\/example\.org\/x/g, '');

test('written and read back, every tree keeps its words, and every range lies in the text', () => {
  fc.assert(
    fc.property(arbitraryTree, (tree) => {
      const written = writeRanges(tree);
      for (const { offset, length } of written.ranges) {
        expect(offset).toBeGreaterThanOrEqual(0);
        expect(length).toBeGreaterThan(0);
        expect(offset + length).toBeLessThanOrEqual(written.text.length);
      }
      expect(words(written.text)).toBe(words(writePlain(tree)));
      expect(words(writePlain(readRanges(written)))).toBe(words(writePlain(tree)));
    }),
    { numRuns: 400 },
  );
});

test('any ranges over any text keep its words, also if somebody writes the signs of the writer', () => {
  const range = fc.record({
    kind: fc.constantFrom<Range['kind']>(
      'strong',
      'emphasis',
      'delete',
      'inlineCode',
      'link',
      'code',
      'blockquote',
    ),
    offset: fc.integer({ min: -3, max: 40 }),
    length: fc.integer({ min: -3, max: 40 }),
    url: fc.constant('https://example.org/x'),
  });
  const text = fc.string({
    unit: fc.constantFrom('a', ' ', '\n', '中', '👍', '\uFDD0', '\uFDD2', '*'),
    maxLength: 30,
  });
  fc.assert(
    fc.property(text, fc.array(range, { maxLength: 6 }), (said, ranges) => {
      const tree = readRanges({ text: said, ranges });
      const bare = (one: string) => words(one).replaceAll(/[\uFDD0-\uFDD2>]/g, '');
      expect(bare(writePlain(tree))).toBe(bare(said));
      expect(bare(writeRanges(tree).text)).toBe(bare(said));
    }),
    { numRuns: 500 },
  );
});
