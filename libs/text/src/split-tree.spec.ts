/** What one message cannot hold comes in several, each whole by itself. */
import fc from 'fast-check';
import type { Code, List, Root } from 'mdast';
import { arbitraryTree } from './testing-trees.js';
import { readMarkdown, writeMarkdown } from './markdown.js';
import { writePlain } from './plain-writer.js';
import { fitsIn } from './split-text.js';
import { splitTree } from './split-tree.js';

/** All letters and signs, without white space, which is left out at a cut, and without what a cut repeats. */
function letters(trees: Root[]): string {
  return trees
    .map(writePlain)
    .join('\n')
    .replaceAll(/[\s|>]/g, '');
}

function pieces(markdown: string, textLength: number): string[] {
  return splitTree(readMarkdown(markdown), { textLength }, writeMarkdown).map(writeMarkdown);
}

test('code stays code in every piece, with its language', () => {
  const lines = Array.from({ length: 40 }, (_, at) => `    line_${at} = "__init__" # **`);
  const trees = splitTree(
    readMarkdown(`\`\`\`py\n${lines.join('\n')}\n\`\`\``),
    { textLength: 200 },
    writeMarkdown,
  );
  expect(trees.length).toBeGreaterThan(3);
  const blocks = trees.flatMap(({ children }) => children);
  expect(blocks.every((block) => block.type === 'code' && block.lang === 'py')).toBe(true);
  expect(blocks.map((block) => (block as Code).value).join('\n')).toBe(lines.join('\n'));
});

test('a list goes on with its numbers', () => {
  const markdown = Array.from({ length: 20 }, (_, at) => `${at + 3}. item number ${at + 3}`).join('\n');
  const trees = splitTree(readMarkdown(markdown), { textLength: 100 }, writeMarkdown);
  const items = trees.map(({ children: [list] }) => list as List);
  expect(items.length).toBeGreaterThan(2);
  const starts = items.map(({ start, children }) => [start ?? 0, children.length] as const);
  for (const [at, [start, length]] of starts.entries())
    expect(starts[at + 1]?.[0] ?? 23).toBe(start + length);
});

test('a quote stays a quote, and a mark is closed and opened again', () => {
  const words = Array.from({ length: 60 }, (_, at) => `word${at}`).join(' ');
  for (const piece of pieces(`> **${words}**`, 120)) expect(piece).toMatch(/^> \*\*word.*\d\*\*$/);
});

test.each([
  ['an address', 'https://example.org/m/abc_def.ghi?x=1*2&y=(3)'],
  ['an address in another script', 'https://zh.wikipedia.org/wiki/中华人民共和国'],
  ['a link', '[the *file*](https://example.org/m/abc_def.ghi)'],
  ['an emoji', '👩‍👩‍👧‍👦'],
  ['code in a line', '`__init__(self)`'],
])('%s is never cut, wherever it stands', (_, unit) => {
  for (let before = 0; before < 80; before++) {
    const markdown = `${'字'.repeat(before)} ${unit} ${'末'.repeat(90)}`;
    const said = splitTree(readMarkdown(markdown), { textLength: 90 }).map(writeMarkdown);
    const whole = writeMarkdown(readMarkdown(unit));
    expect(said.length).toBeGreaterThan(1);
    expect(said.filter((piece) => piece.includes(whole))).toHaveLength(1);
  }
});

test('it breaks after a sentence, also of Chinese, when one ends near', () => {
  expect(pieces('第一句话已经说完了。第二句话也说完了！还有', 19)).toEqual([
    '第一句话已经说完了。第二句话也说完了！',
    '还有',
  ]);
});

test('every split text keeps its words, and every piece fits', () => {
  fc.assert(
    fc.property(arbitraryTree, fc.integer({ min: 40, max: 120 }), (tree, textLength) => {
      const trees = splitTree(tree, { textLength });
      expect(letters(trees).replaceAll(/-|\d+\./g, '')).toBe(letters([tree]).replaceAll(/-|\d+\./g, ''));
      for (const piece of trees) expect(fitsIn(writePlain(piece), { textLength })).toBe(true);
    }),
    { numRuns: 500 },
  );
});

test('bytes are counted where a network counts bytes', () => {
  for (const piece of splitTree(readMarkdown('**字👍🏽** '.repeat(100)), { textBytes: 50 }))
    expect(Buffer.byteLength(writePlain(piece))).toBeLessThanOrEqual(50);
});
