import fc from 'fast-check';
import { FUZZ_RUNS } from '../../../test/support/amounts.js';
import { readHtml, type HtmlReading } from './html-reader.js';
import { writeHtml } from './html-writer.js';
import { readMarkdown, writeMarkdown } from './markdown.js';
import { isFormatted } from './tree.js';

const READING: HtmlReading = {
  spoiler: (reason) => [`(spoiler${reason ? `, ${reason}` : ''}: `, ')'],
  nameOf: (id) => `name of ${id}`,
};

function htmlToMarkdown(html: string): string | undefined {
  const tree = readHtml(html, READING);
  return tree && isFormatted(tree) ? writeMarkdown(tree) : undefined;
}

function markdownToHtml(markdown: string): string {
  return writeHtml(readMarkdown(markdown));
}

describe('HTML and Markdown', () => {
  test.each([
    ['<strong>a</strong> <em>b</em> <del>c</del> <code>d*</code>', '**a** _b_ ~~c~~ `d*`'],
    ['<p>a</p><p><b>b</b></p>', 'a\n\n**b**'],
    ['<blockquote><p>a</p></blockquote>b', '> a\n\nb'],
    ['<a href="https://example.org">x</a>', '[x](https://example.org)'],
    ['<a href="javascript:alert(1)"><b>x</b></a>', '**x**'],
    ['<ul><li>a</li><li>b</li></ul>', '- a\n- b'],
    ['<pre><code>x &lt; y\n</code></pre>', '```\nx < y\n```'],
    ['<script>alert(1)</script><b>x</b>', '**x**'],
    ['<mx-reply><blockquote>old</blockquote></mx-reply><i>new</i>', '_new_'],
    ['1 * 2 <b>3</b>', '1 \\* 2 **3**'],
  ])('%s -> %s', (html, markdown) => {
    expect(htmlToMarkdown(html)).toBe(markdown);
  });

  test('Markdown becomes HTML, and raw HTML in it stays text', () => {
    expect(markdownToHtml('**a** <script>x</script>')).toBe('<strong>a</strong> &lt;script>x&lt;/script>');
    expect(markdownToHtml('> q')).toContain('<blockquote>');
  });

  test('text that was formatted in HTML is written back with its format', () => {
    for (const html of ['a <strong>b</strong> c', '<em>a</em>', 'x <code>y</code>'])
      expect(markdownToHtml(htmlToMarkdown(html) ?? '')).toBe(html);
  });

  test('no HTML breaks it, however deep or broken', () => {
    const tags = fc.constantFrom(
      '<b>',
      '</b>',
      '<ul><li>',
      '<a href="',
      '">',
      '<blockquote>',
      '</blockquote>',
      'x',
      '<!--',
      '<pre>',
      '&lt;',
      '&#x110000;',
      '<p',
    );
    fc.assert(
      fc.property(
        fc.array(tags, { maxLength: 60 }).map((list) => list.join('')),
        (html) => ['string', 'undefined'].includes(typeof htmlToMarkdown(html)),
      ),
      { numRuns: FUZZ_RUNS },
    );
    for (const outer of ['', '<code>', '<pre>', '<blockquote>', '<ul><li>'])
      expect(() => htmlToMarkdown(outer + '<b>'.repeat(20_000))).not.toThrow();
  });
});
