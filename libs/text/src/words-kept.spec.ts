/** Whatever somebody writes on one network, its words are the same on every other. */
import fc from 'fast-check';
import type { Root } from 'mdast';
import { arbitraryTree } from './testing-trees.js';
import { readHtml } from './html-reader.js';
import { writeHtml } from './html-writer.js';
import { readMarkdown, writeMarkdown } from './markdown.js';
import { writePlain } from './plain-writer.js';
import { readStyling, writeStyling } from './styling.js';
import { treeOfText } from './tree.js';

const NETWORKS: [name: string, write: (tree: Root) => string, read: (text: string) => Root][] = [
  ['Markdown', writeMarkdown, readMarkdown],
  [
    'Matrix HTML',
    writeHtml,
    (html) => readHtml(html, { spoiler: () => ['', ''], nameOf: (id) => id }) ?? treeOfText(''),
  ],
  ['plain text', writePlain, treeOfText],
];

/** All but white space and the signs before quoted lines, of which there may be more or fewer empty ones. */
function exact(tree: Root): string {
  return writePlain(tree)
    .replaceAll(/^(?:[ \t]*>)+/gm, '')
    .replaceAll(/\s+/g, '');
}

describe.each(NETWORKS)('%s', (_name, write, read) => {
  test('written and read back, every tree keeps its words', () => {
    fc.assert(
      fc.property(arbitraryTree, (tree) => {
        expect(exact(read(write(tree)))).toBe(exact(tree));
      }),
      { numRuns: 400 },
    );
  });
});

/** Styling has no escapes: a mark that somebody typed may be taken for one of its own, and is seen all the same. */
describe('XMPP styling', () => {
  const letters = (text: string) => text.replaceAll(/[*_~`>\s]/g, '');

  test('every tree is written with all its words', () => {
    fc.assert(
      fc.property(arbitraryTree, (tree) => {
        expect(letters(writeStyling(tree))).toBe(letters(writePlain(tree)));
      }),
      { numRuns: 400 },
    );
  });

  test('what is read back is written as it was', () => {
    fc.assert(
      fc.property(arbitraryTree, (tree) => {
        const text = writeStyling(tree);
        expect(letters(writeStyling(readStyling(text) ?? treeOfText(text)))).toBe(letters(text));
      }),
      { numRuns: 400 },
    );
  });
});
