/**
 * Text whose formatting is a list of ranges, in UTF-16 code units, <-> tree. Ranges may overlap and nest, as those of Telegram do.
 */
import type { PhrasingContent, Root, RootContent } from 'mdast';
import { writeLines, type LineStyle, type Mark } from './line-writer.js';
import { phrasesOf } from './tree.js';

export type RangeKind = Mark | 'link' | 'code' | 'blockquote';

export interface Range {
  kind: RangeKind;
  offset: number;
  length: number;
  /** Of a link. */
  url?: string | undefined;
  /** Of a block of code. */
  language?: string | undefined;
}

export interface RangedText {
  text: string;
  ranges: Range[];
}

/** More are not read: their words stay. */
const MOST_RANGES = 200;
/** The outermost first. */
const INLINE: readonly RangeKind[] = ['link', 'strong', 'emphasis', 'delete', 'inlineCode'];

/** Ranges outside of the text, or without length, are ignored. */
export function readRanges({ text, ranges }: RangedText): Root {
  const valid = ranges
    .slice(0, MOST_RANGES)
    .map((range) => ({ ...range, end: Math.min(range.offset + range.length, text.length) }))
    .filter(({ offset, end }) => offset >= 0 && end > offset);
  const blocks = valid
    .filter(({ kind }) => kind === 'code' || kind === 'blockquote')
    .toSorted((one, other) => one.offset - other.offset);
  const inline = valid.filter(({ kind }) => INLINE.includes(kind));
  const children: RootContent[] = [];
  let done = 0;
  const words = (until: number, before: boolean) => {
    // A line end between a block and other text separates the two, and belongs to neither.
    const from = done > 0 && text[done] === '\n' ? done + 1 : done;
    const to = before && text[until - 1] === '\n' && until > from ? until - 1 : until;
    if (to > from) children.push({ type: 'paragraph', children: phrasesIn(text, from, to, inline) });
  };
  for (const { kind, offset, end, language } of blocks) {
    if (offset < done) continue;
    words(offset, true);
    if (kind === 'code')
      children.push({
        type: 'code',
        ...(language ? { lang: language } : {}),
        value: text.slice(offset, end).replace(/\n$/, ''),
      });
    else
      children.push({
        type: 'blockquote',
        children: [{ type: 'paragraph', children: phrasesIn(text, offset, end, inline) }],
      });
    done = end;
  }
  words(text.length, false);
  return { type: 'root', children };
}

type Valid = Range & { end: number };

/** Cuts the text where a range begins or ends, and nests what the pieces have in common. */
function phrasesIn(text: string, from: number, to: number, ranges: readonly Valid[]): PhrasingContent[] {
  const edges = ranges.flatMap(({ offset, end }) => [offset, end]).filter((at) => at > from && at < to);
  const cuts = [...new Set([from, ...edges, to])].toSorted((one, other) => one - other);
  const pieces = cuts.slice(0, -1).map((start, at) => {
    const marks = INLINE.map((kind) =>
      ranges.find((range) => range.kind === kind && range.offset <= start && range.end > start),
    );
    return { text: text.slice(start, cuts[at + 1]), marks };
  });
  return nested(pieces, 0);
}

interface Piece {
  text: string;
  /** By the order of `INLINE`. */
  marks: (Valid | undefined)[];
}

function nested(pieces: readonly Piece[], depth: number): PhrasingContent[] {
  const kind = INLINE[depth];
  if (kind === undefined) return phrasesOf(pieces.map((piece) => piece.text).join(''));
  const nodes: PhrasingContent[] = [];
  for (let at = 0; at < pieces.length;) {
    const range = pieces[at]?.marks[depth];
    let end = at + 1;
    while (end < pieces.length && pieces[end]?.marks[depth] === range) end++;
    const group = pieces.slice(at, end);
    if (range === undefined) nodes.push(...nested(group, depth + 1));
    else nodes.push(marked(range, group, depth));
    at = end;
  }
  return nodes;
}

function marked({ kind, url = '' }: Valid, pieces: readonly Piece[], depth: number): PhrasingContent {
  if (kind === 'inlineCode') return { type: kind, value: pieces.map((piece) => piece.text).join('') };
  const children = nested(pieces, depth + 1);
  if (kind === 'link') return { type: 'link', url, children };
  return { type: kind as 'strong' | 'emphasis' | 'delete', children };
}

/** Noncharacters, which no text contains: where a range begins (with its number), and where the last one ends. */
const [OPEN, NUMBERED, CLOSE] = ['\uFDD0', '\uFDD1', '\uFDD2'];
const SIGNS = /\uFDD0(\d+)\uFDD1|\uFDD2/g;
const NONCHARACTERS = /[\uFDD0-\uFDD2]/g;

export function writeRanges(tree: Root): RangedText {
  const kinds: Omit<Range, 'offset' | 'length'>[] = [];
  const range = (text: string, about: (typeof kinds)[number]) =>
    `${OPEN}${kinds.push(about) - 1}${NUMBERED}${text}${CLOSE}`;
  const style: LineStyle = {
    marked: (kind, text) => range(text, { kind }),
    codeBlock: (code, language) => range(code, { kind: 'code', ...(language ? { language } : {}) }),
    link: (text, url) => range(text, { kind: 'link', url }),
    quote: (text) => range(text, { kind: 'blockquote' }),
  };
  const signed = writeLines(withoutSigns(tree), style);
  const ranges: Range[] = [];
  const open: Range[] = [];
  let text = '';
  let done = 0;
  for (const sign of signed.matchAll(SIGNS)) {
    text += signed.slice(done, sign.index);
    done = sign.index + sign[0].length;
    const about = kinds[Number(sign[1])];
    if (about) open.push({ ...about, offset: text.length, length: 0 });
    else {
      const ended = open.pop();
      if (ended && text.length > ended.offset) ranges.push({ ...ended, length: text.length - ended.offset });
    }
  }
  text += signed.slice(done);
  return {
    text,
    ranges: ranges.toSorted((one, other) => one.offset - other.offset || other.length - one.length),
  };
}

/** Somebody's text may have the signs; the copy does not. */
function withoutSigns(tree: Root): Root {
  return JSON.parse(JSON.stringify(tree).replaceAll(NONCHARACTERS, '')) as Root;
}
