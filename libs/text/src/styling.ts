/** XMPP message styling (XEP-0393) <-> tree. Styling has no escapes: text that cannot be marked safely is written without marks. */
import type { PhrasingContent, Root, RootContent } from 'mdast';
import { writeLines, type LineStyle, type Mark } from './line-writer.js';
import { phrasesOf } from './tree.js';

const DIRECTIVE: Record<Mark, string> = { strong: '*', emphasis: '_', delete: '~', inlineCode: '`' };
const MARK: Record<string, Mark> = { '*': 'strong', _: 'emphasis', '~': 'delete', '`': 'inlineCode' };
const FENCE = '```';
/** The name of a language after a fence. Any other text there is code. */
const LANGUAGE = /^[\w+#.-]{0,30}$/;
/** Deeper quotes are read as text of the innermost one. */
const MAX_QUOTES = 30;

/** @returns undefined when nothing is styled: the plain text is enough */
export function readStyling(text: string): Root | undefined {
  if (!/[*_~`>]/.test(text)) return undefined;
  const lines = text.split(/\r\n|\r|\n/);
  const children = readBlocks(lines, 0);
  return children.length === 1 && isPlain(children[0]) ? undefined : { type: 'root', children };
}

function isPlain(block: RootContent | undefined): boolean {
  return (
    block?.type === 'paragraph' && block.children.every(({ type }) => type === 'text' || type === 'break')
  );
}

/** §5.1: a quote or a preformatted block begins at the start of a line; all else are spans. */
function readBlocks(lines: string[], depth: number): RootContent[] {
  const blocks: RootContent[] = [];
  const words: string[] = [];
  const endWords = () => {
    // Empty lines before a block are a separator and belong to neither side.
    while (words.at(-1) === '') words.pop();
    if (words.length > 0) blocks.push({ type: 'paragraph', children: readSpans(words) });
    words.length = 0;
  };
  const closingFence = lastFence(lines);
  for (let at = 0; at < lines.length;) {
    const line = lines[at] ?? '';
    if (line.startsWith(FENCE) && at < closingFence) {
      let end = at + 1;
      while (!isFence(lines[end] ?? '')) end++;
      endWords();
      const info = line.slice(FENCE.length).trim();
      const lang = LANGUAGE.test(info) ? info : '';
      const code = lines.slice(at + 1, end);
      const value = (info === lang ? code : [info, ...code]).join('\n');
      blocks.push({ type: 'code', ...(lang ? { lang } : {}), value });
      at = end + 1;
    } else if (line.startsWith('>') && depth < MAX_QUOTES) {
      let end = at;
      while (lines[end]?.startsWith('>')) end++;
      endWords();
      const quoted = lines.slice(at, end).map((one) => one.replace(/^> ?/, ''));
      blocks.push({ type: 'blockquote', children: readBlocks(quoted, depth + 1) as [] });
      at = end;
    } else {
      words.push(line);
      at++;
    }
  }
  endWords();
  return blocks;
}

/** A fence without an end is plain text. */
function lastFence(lines: string[]): number {
  return lines.findLastIndex(isFence);
}

function isFence(line: string): boolean {
  return line.trimEnd() === FENCE;
}

function readSpans(lines: string[]): PhrasingContent[] {
  return lines.flatMap((line, at): PhrasingContent[] => [
    ...(at > 0 ? [{ type: 'break' } as const] : []),
    ...new SpanReader(line).read(0, line.length),
  ]);
}

/** §6: a span lies within a line, and its first closing directive ends it. */
class SpanReader {
  private readonly closings: Record<string, number[]> = { '*': [], _: [], '~': [], '`': [] };

  constructor(private readonly line: string) {
    for (let at = 1; at < line.length; at++) {
      const found = this.closings[line[at] ?? ''];
      if (found && !isSpace(line[at - 1]) && !isWordLetter(line[at + 1])) found.push(at);
    }
  }

  read(from: number, to: number): PhrasingContent[] {
    const nodes: PhrasingContent[] = [];
    let done = from;
    for (let at = from; at < to; at++) {
      const directive = this.line[at] ?? '';
      if (!(directive in MARK) || !this.opensAt(at, from)) continue;
      const end = this.closingAfter(directive, at + 1);
      if (end === undefined || end >= to) continue;
      nodes.push(...this.words(done, at), this.span(directive, at + 1, end));
      done = end + 1;
      at = end;
    }
    return [...nodes, ...this.words(done, to)];
  }

  private span(directive: string, from: number, to: number): PhrasingContent {
    const mark = MARK[directive] ?? 'inlineCode';
    return mark === 'inlineCode'
      ? { type: mark, value: this.line.slice(from, to) }
      : { type: mark, children: this.read(from, to) };
  }

  /** At the start, after white space or after a different opening directive, and before something to style. */
  private opensAt(at: number, from: number): boolean {
    const before = this.line[at - 1] ?? '';
    const next = this.line[at + 1] ?? ' ';
    return (
      (at === from || isSpace(before) || (OPENERS.has(before) && before !== this.line[at])) &&
      !isSpace(next) &&
      next !== this.line[at]
    );
  }

  private closingAfter(directive: string, from: number): number | undefined {
    const found = this.closings[directive] ?? [];
    let low = 0;
    for (let high = found.length; low < high;) {
      const middle = (low + high) >> 1;
      if ((found[middle] ?? 0) <= from) low = middle + 1;
      else high = middle;
    }
    return found[low];
  }

  private words(from: number, to: number): PhrasingContent[] {
    return phrasesOf(this.line.slice(from, to));
  }
}

const OPENERS = new Set(['*', '_', '~']);

function isSpace(letter: string | undefined): boolean {
  return letter !== undefined && /\s/.test(letter);
}

/** "2*3*4" is not formatted. A span may end before letters of scripts that have no spaces between words. */
function isWordLetter(letter: string | undefined): boolean {
  return (
    letter !== undefined &&
    /[\p{L}\p{N}]/u.test(letter) &&
    !/[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}]/u.test(letter)
  );
}

const STYLE: LineStyle = {
  marked(mark, text, { before, after }) {
    const directive = DIRECTIVE[mark];
    const opens = (before === '' || isSpace(before) || OPENERS.has(before)) && !isWordLetter(after);
    const clear = text !== '' && text === text.trim() && !text.includes(directive) && !text.includes('\n');
    return opens && clear ? directive + text + directive : text;
  },
  codeBlock: (code, lang) => {
    // A line that would end the block gets a leading space.
    const lines = code.split('\n').map((line) => (isFence(line) ? ` ${line}` : line));
    return [FENCE + lang, ...lines, FENCE].join('\n');
  },
};

export function writeStyling(tree: Root): string {
  return writeLines(tree, STYLE);
}
