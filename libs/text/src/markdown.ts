/** Markdown <-> tree: GFM without footnotes, reference definitions and raw HTML, which are read as text. */
import type { Break, Parents, Root } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown, gfmToMarkdown } from 'mdast-util-gfm';
import { defaultHandlers, toMarkdown, type Handle, type Join, type Options } from 'mdast-util-to-markdown';
import { gfm } from 'micromark-extension-gfm';
import { withLinks } from './web-addresses.js';
import { tidied, treeOfText } from './tree.js';

/**
 * The parser needs quadratic time for unmatched marks and nested quotes. Text beyond these bounds is treated as plain text:
 * all words arrive, with visible marks.
 */
const MAX_LENGTH = 64_000;
const MAX_MARKS = 1000;
const MARK = /[*_~`[]+/g;
/** Nested quotes and lists at the start of a line, and in all lines together. */
const MAX_DEPTH = 20;
const MAX_CONTAINERS = 2000;
const CONTAINERS = /^(?:[ \t]*(?:>|[-+*][ \t]|\d{1,9}[.)][ \t]))+/gm;
const CONTAINER = />|[-+*]|\d[.)]/g;

/** Constructs that are switched off: their source is not shown, so that words would disappear. */
const AS_WORDS = {
  disable: {
    null: [
      'htmlFlow',
      'htmlText',
      'definition',
      'gfmFootnoteDefinition',
      'gfmFootnoteCall',
      'gfmPotentialFootnoteCall',
    ],
  },
};
const READING = { extensions: [gfm({ singleTilde: false }), AS_WORDS], mdastExtensions: [gfmFromMarkdown()] };

/** Whether the text can be parsed in bounded time: it is not too long and has not too many marks. */
export function isReadableMarkdown(markdown: string): boolean {
  return (
    markdown.length <= MAX_LENGTH &&
    (markdown.match(MARK)?.length ?? 0) <= MAX_MARKS &&
    hasFewContainers(markdown)
  );
}

function hasFewContainers(markdown: string): boolean {
  let all = 0;
  for (const [start] of markdown.matchAll(CONTAINERS)) {
    const depth = start.match(CONTAINER)?.length ?? 0;
    all += depth;
    if (depth > MAX_DEPTH || all > MAX_CONTAINERS) return false;
  }
  return true;
}

export function readMarkdown(markdown: string): Root {
  if (!isReadableMarkdown(markdown)) return treeOfText(markdown);
  // In a chat a line end is a line break, as in GitHub's comments.
  return tidied(fromMarkdown(markdown, READING));
}

/** Writes a break as a single line end; on an empty line Markdown would read it as the end of the paragraph, so it is marked there. */
const lineBreak: Handle & { peek: () => string } = Object.assign(
  (node: Break, parent: Parents | undefined, state: Parameters<Handle>[2], info: Parameters<Handle>[3]) => {
    const usual = defaultHandlers.break(node, parent, state, info);
    return usual === '\\\n' && info.before !== '\n' && info.before !== '' ? '\n' : usual;
  },
  { peek: () => '\n' },
);

/** Separates blocks of a list item by an empty line, without which a block could be read as part of the one before. */
const betweenBlocks: Join = (left, right, parent) => {
  if (parent.type !== 'listItem') return undefined;
  const interrupts = right.type === 'list' && (right.ordered !== true || (right.start ?? 1) === 1);
  return left.type === 'paragraph' && interrupts ? undefined : 1;
};

const WRITING: Options = {
  bullet: '-',
  emphasis: '_',
  rule: '-',
  listItemIndent: 'one',
  extensions: [gfmToMarkdown({ tablePipeAlign: false })],
  handlers: { break: lineBreak },
  join: [betweenBlocks],
};

export function writeMarkdown(tree: Root): string {
  return toMarkdown(withLinks(tree), WRITING).replace(/\n$/, '');
}
