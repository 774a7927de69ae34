/** Finds web addresses in text, and compares the text of a link with its address. */
import type { PhrasingContent, Root } from 'mdast';
import { SKIP, visit } from 'unist-util-visit';
import { normalized } from './normalized-tree.js';
import { putInPlace } from './tree.js';

export interface Span {
  start: number;
  end: number;
}

/** RFC 3986. Chinese characters next to an address are not part of it. */
const WEB_ADDRESS = /(?:https?:\/\/|www\.)[\w\-.~:/?#[\]@!$&'()*+,;=%]+/gi;
/** RFC 3987, with letters of every script: words that follow without a space count as part of the address. */
const WIDE_WEB_ADDRESS = /(?:https?:\/\/|www\.)[\w\-.~:/?#[\]@!$&'()*+,;=%\p{L}\p{N}\p{M}]+/giu;
const AFTER_AN_ADDRESS = new Set(".,;:!?'*_~[]");

/** The web addresses in a text, without the punctuation that ends the sentence. @param wide with letters of every script */
export function addressesIn(text: string, wide = false): Span[] {
  if (!/https?:\/\/|www\./i.test(text)) return [];
  return Array.from(text.matchAll(wide ? WIDE_WEB_ADDRESS : WEB_ADDRESS), ({ 0: found, index }) => ({
    start: index,
    end: index + lengthOfAddress(found),
  }));
}

function lengthOfAddress(found: string): number {
  let end = found.length;
  // A closing bracket belongs to the address only if it was opened in it. Counted once, for linear time.
  let open = 0;
  for (const letter of found) open += letter === '(' ? 1 : letter === ')' ? -1 : 0;
  for (; end > 0; end--) {
    const last = found[end - 1] ?? '';
    if (last === ')' && open < 0) open++;
    else if (!AFTER_AN_ADDRESS.has(last)) break;
  }
  return end;
}

/** The tree with web addresses in text as links, so that writers do not treat special characters in them as marks. */
export function withLinks(tree: Root): Root {
  const linked = structuredClone(normalized(tree));
  visit(linked, (node, at, parent) => {
    if (node.type === 'link') return SKIP;
    if (node.type !== 'text' || !parent || at === undefined) return undefined;
    const pieces = linksIn(node.value);
    if (pieces.length <= 1 && pieces[0]?.type !== 'link') return undefined;
    putInPlace(parent, at, pieces);
    return [SKIP, at + pieces.length];
  });
  return linked;
}

function linksIn(text: string): PhrasingContent[] {
  const pieces: PhrasingContent[] = [];
  const words = (from: number, to: number) => {
    if (to > from) pieces.push({ type: 'text', value: text.slice(from, to) });
  };
  let done = 0;
  for (const { start, end } of addressesIn(text)) {
    const url = text.slice(start, end);
    if (!/^https?:\/\/[^/]/i.test(url)) continue;
    words(done, start);
    pieces.push({ type: 'link', url, children: [{ type: 'text', value: url }] });
    done = end;
  }
  words(done, text.length);
  return pieces;
}

/** True for a link whose text is its address, with or without the scheme, percent-encoded or not. */
export function saysItsAddress(text: string, url: string): boolean {
  return text === url || bare(text) === bare(url);
}

function bare(address: string): string {
  const short = address
    .trim()
    .replace(/^(?:https?:\/\/|mailto:|tel:|xmpp:)/i, '')
    .replace(/\/$/, '');
  try {
    return decodeURI(short);
  } catch (error) {
    if (!(error instanceof URIError)) throw error;
    return short;
  }
}
