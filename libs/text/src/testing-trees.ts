/** For tests: arbitrary trees with every kind of node that a person can write on some network. */
import fc from 'fast-check';
import type { PhrasingContent, Root, RootContent } from 'mdast';
import { tidied, wordsIn } from './tree.js';

/** Letters and words with special characters of Markdown, HTML and styling. */
const LETTERS = fc.constantFrom(
  ...Array.from('abZ19中文é。！   *_~`#><&\\[]()!|-+=.:@"'),
  '👩‍👩‍👧',
  '👍🏽',
  '&amp;',
);
const WORDS = fc.constantFrom(
  '# of people',
  '__init__',
  '1986. A year',
  '&amp;',
  'https://example.org/a_b?c=*d*',
  '- no list',
  '> no quote',
  '    indented',
  '```',
  '<b>',
  'a@example.org',
  '| a | b |',
  '---',
  '[x](y)',
);
const TEXT = fc.oneof(fc.string({ unit: LETTERS, minLength: 1, maxLength: 12 }), WORDS);

function textNode(): fc.Arbitrary<PhrasingContent> {
  return TEXT.map((value) => ({ type: 'text', value }));
}

const CODE = fc.oneof(TEXT, fc.constant('a\n```\n__init__\n    b')).map((value) => ({ value }));

function phrases(depth: number): fc.Arbitrary<PhrasingContent[]> {
  const plain: fc.Arbitrary<PhrasingContent> = fc.oneof(
    { weight: 4, arbitrary: textNode() },
    { weight: 1, arbitrary: fc.constant<PhrasingContent>({ type: 'break' }) },
    {
      weight: 1,
      arbitrary: TEXT.filter((value) => value.trim() === value && value !== '').map((value) => ({
        type: 'inlineCode' as const,
        value,
      })),
    },
  );
  if (depth === 0) return fc.array(plain, { minLength: 1, maxLength: 3 });
  const inner = phrases(depth - 1);
  const marked = fc
    .record({
      type: fc.constantFrom('strong' as const, 'emphasis' as const, 'delete' as const),
      children: inner,
    })
    .map((node) => node as PhrasingContent);
  const link = phrases(0).map((children) => ({
    type: 'link' as const,
    url: 'https://example.org/x',
    children: children.filter(({ type }) => type === 'text'),
  }));
  return fc.array(
    fc.oneof(
      { weight: 5, arbitrary: plain },
      { weight: 2, arbitrary: marked },
      { weight: 1, arbitrary: link },
    ),
    { minLength: 1, maxLength: 4 },
  );
}

function blocks(depth: number): fc.Arbitrary<RootContent[]> {
  const paragraph: fc.Arbitrary<RootContent> = phrases(2).map((children) => ({
    type: 'paragraph',
    children,
  }));
  const heading: fc.Arbitrary<RootContent> = phrases(1).map((children) => ({
    type: 'heading',
    depth: 2,
    children,
  }));
  const code: fc.Arbitrary<RootContent> = CODE.map(({ value }) => ({ type: 'code', value }));
  const table: fc.Arbitrary<RootContent> = fc
    .array(fc.array(phrases(1), { minLength: 2, maxLength: 2 }), { minLength: 1, maxLength: 3 })
    .map((rows) => ({
      type: 'table',
      children: rows.map((cells) => ({
        type: 'tableRow',
        children: cells.map((children) => ({ type: 'tableCell', children })),
      })),
    }));
  const rule: fc.Arbitrary<RootContent> = fc.constant({ type: 'thematicBreak' });
  const leaf = [paragraph, paragraph, heading, code, table, rule];
  if (depth === 0) return fc.array(fc.oneof(...leaf), { minLength: 1, maxLength: 2 });
  const inner = blocks(depth - 1);
  const quote = inner.map((children) => ({ type: 'blockquote', children }) as RootContent);
  const list = fc
    .record({
      ordered: fc.boolean(),
      start: fc.integer({ min: 1, max: 30 }),
      items: fc.array(inner, { minLength: 1, maxLength: 3 }),
    })
    .map(
      ({ ordered, start, items }) =>
        ({
          type: 'list',
          ordered,
          start: ordered ? start : null,
          spread: false,
          children: items.map((children) => ({ type: 'listItem', spread: false, children })),
        }) as RootContent,
    );
  return fc.array(fc.oneof(...leaf, quote, list), { minLength: 1, maxLength: 3 });
}

export const arbitraryTree: fc.Arbitrary<Root> = blocks(2)
  .map((children): Root => tidied({ type: 'root', children }))
  .filter((tree) => wordsIn(tree).trim() !== '');
