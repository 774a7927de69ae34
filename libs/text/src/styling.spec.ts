import fc from 'fast-check';
import { FUZZ_RUNS } from '../../../test/support/amounts.js';
import { readMarkdown, writeMarkdown } from './markdown.js';
import { readStyling, writeStyling } from './styling.js';

function stylingToMarkdown(text: string): string | undefined {
  const tree = readStyling(text);
  return tree && writeMarkdown(tree);
}

function markdownToStyling(markdown: string): string {
  return writeStyling(readMarkdown(markdown));
}

describe('message styling (XEP-0393) and Markdown', () => {
  test.each([
    ['this is *bold*', 'this is **bold**'],
    ['_slanted_ words', '_slanted_ words'],
    ['~gone~', '~~gone~~'],
    ['`code` here', '`code` here'],
    ['*bold _and slanted_*', '**bold _and slanted_**'],
    ['> quoted *words*', '> quoted **words**'],
    ['```\nlet a = *b*;\n```', '```\nlet a = *b*;\n```'],
  ])('%j is %j', (styling, markdown) => {
    expect(stylingToMarkdown(styling)).toBe(markdown);
  });

  test.each(['plain words', '2 * 3 * 4', 'snake_case_name', '* not bold*', '*', '```\nnever closed'])(
    '%j is plain',
    (text) => {
      expect(stylingToMarkdown(text)).toBeUndefined();
    },
  );

  test.each([
    ['**bold** and _slanted_', '*bold* and _slanted_'],
    ['~~gone~~ `code`', '~gone~ `code`'],
    ['[a site](https://example.org)', 'a site (https://example.org)'],
    ['> quoted', '> quoted'],
    ['- one\n- two', '- one\n- two'],
    ['```\ncode\n```', '```\ncode\n```'],
  ])('Markdown %j is shown as %j', (markdown, styling) => {
    expect(markdownToStyling(markdown)).toBe(styling);
  });

  test('styled text is written back with its style', () => {
    const words = fc
      .array(fc.constantFrom('one', '*bold*', '_slanted_', '~gone~', '`code`', '你好', '👍'), {
        minLength: 1,
        maxLength: 8,
      })
      .map((list) => list.join(' '));
    fc.assert(
      fc.property(words, (text) => {
        const markdown = stylingToMarkdown(text);
        expect(markdown === undefined ? text : markdownToStyling(markdown)).toBe(text);
      }),
    );
  });

  test.each([' *a', ' *_~', '*a* ', '> '])(
    'a stanza full of %j is read, and nothing of it is lost',
    (unit) => {
      const text = unit.repeat(250_000 / unit.length);
      const words = (some: string) => some.replaceAll(/[^a]/g, '');
      expect(words(stylingToMarkdown(text) ?? text)).toBe(words(text));
    },
  );

  test('no text breaks either', () => {
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.constantFrom('*', '_', '~', '`', '>', ' ', '\n', 'a', '\\', '[', ']', '('),
          maxLength: 80,
        }),
        (text) => {
          const markdown = stylingToMarkdown(text);
          expect(typeof markdownToStyling(markdown ?? text)).toBe('string');
        },
      ),
      { numRuns: FUZZ_RUNS },
    );
  });
});

test.each(['__init__', 'the __init__ of a class', '~~gone~~', '**bold**'])(
  '%s is no styling: both marks are the same',
  (text) => {
    expect(readStyling(text)).toBeUndefined();
  },
);
