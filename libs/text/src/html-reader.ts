/** HTML (org.matrix.custom.html) -> tree. Of an unknown element its text is read. Nothing is fetched or executed. */
import type { Element, Nodes, Parents, Root as HtmlRoot } from 'hast';
import { fromHtml } from 'hast-util-from-html';
import { defaultHandlers, toMdast, type Handle } from 'hast-util-to-mdast';
import type { Nodes as TreeNodes, Root } from 'mdast';
import { visit } from 'unist-util-visit';
import { tidied, wordsIn } from './tree.js';

export interface HtmlReading {
  /** Words around a spoiler, in the language of the network. */
  spoiler: (reason: string | undefined) => [before: string, after: string];
  /** The name of a person, for a mention whose text is the user id itself. */
  nameOf: (userId: string) => string;
}

/** Maximum depth of elements; of deeper ones only the text is read. Matrix clients stop at 100 too. */
const MAX_DEPTH = 100;
/** Deeper documents are not parsed, because the parser's tree is built recursively. */
const MAX_OPEN = 400;
const SHOWN_LINKS = /^(?:https?|mailto|xmpp|tel|geo|sip|sips|ftp):/i;

/** @returns undefined for HTML with too many open elements; the caller uses the plain text, which every network also sends */
export function readHtml(html: string, reading: HtmlReading): Root | undefined {
  if (mostOpen(html) > MAX_OPEN) return undefined;
  const parsed = fromHtml(html, { fragment: true });
  prepare(parsed);
  const tree = toMdast(parsed, { document: true, handlers: handlersFor(reading) });
  if (tree.type !== 'root') return undefined;
  visit(tree, 'text', (text) => {
    // Spaces that the HTML writer protected from collapsing.
    text.value = text.value.replace(/(?<=^|[ \u00A0])\u00A0|\u00A0(?=[ \u00A0])/g, ' ');
  });
  return tidied(tree);
}

const VOID = new Set(['area', 'br', 'col', 'embed', 'hr', 'img', 'input', 'link', 'meta', 'source', 'wbr']);

/** Upper bound of the number of open elements; some elements end without an end tag. */
function mostOpen(html: string): number {
  const open = new Map<string, number>();
  let now = 0;
  let most = 0;
  for (const [, slash, tag = ''] of html.matchAll(/<(\/?)([a-z][a-z0-9-]*)/gi)) {
    const name = tag.toLowerCase();
    const count = open.get(name) ?? 0;
    const change = slash ? (count > 0 ? -1 : 0) : VOID.has(name) ? 0 : 1;
    open.set(name, count + change);
    now += change;
    most = Math.max(most, now);
  }
  return most;
}

/** Removes quotes of answered messages, elements that are too deep, and spans that would blow up a table. */
function prepare(root: HtmlRoot): void {
  const open: { parent: Parents; depth: number }[] = [{ parent: root, depth: 0 }];
  for (let next = open.pop(); next; next = open.pop()) {
    const { parent, depth } = next;
    const children = parent.children.filter(
      (child) => !(child.type === 'element' && child.tagName === 'mx-reply'),
    );
    parent.children = (depth < MAX_DEPTH ? children : wordsOnly(children)) as typeof parent.children;
    for (const child of parent.children) {
      if (child.type !== 'element') continue;
      delete child.properties['colSpan'];
      delete child.properties['rowSpan'];
      open.push({ parent: child, depth: depth + 1 });
    }
  }
}

function wordsOnly(nodes: Nodes[]): Nodes[] {
  const words: Nodes[] = [];
  const waiting = [...nodes].toReversed();
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    if (node.type === 'text') words.push(node);
    else if ('children' in node) for (const child of node.children.toReversed()) waiting.push(child);
  }
  return words;
}

function handlersFor(reading: HtmlReading): Record<string, Handle> {
  return {
    a: (state, node) => link(state.all(node), property(node, 'href'), reading),
    img: (_state, node) => image(node),
    span: (state, node) => {
      const reason = property(node, 'dataMxSpoiler');
      if (reason === undefined) return state.all(node);
      const [before, after] = reading.spoiler(reason || undefined);
      return [text(before), ...state.all(node), text(after)];
    },
    // Their default handler makes emphasis, which the author did not mean, or nothing.
    u: words,
    mark: words,
    caption: words,
    option: words,
    menu: defaultHandlers.ul,
    dialog: defaultHandlers.div,
  };
}

const words: Handle = (state, node) => state.all(node);

function property(node: Element, name: string): string | undefined {
  const value = node.properties[name];
  return value === undefined || value === null ? undefined : String(value);
}

function text(value: string): TreeNodes {
  return { type: 'text', value };
}

function link(children: TreeNodes[], href: string | undefined, { nameOf }: HtmlReading): TreeNodes[] {
  const mentioned = href === undefined ? undefined : mentionedIn(href);
  if (mentioned !== undefined) {
    const shown = children.map((child) => wordsIn(child)).join('');
    return shown.trim() === '' || shown.includes(mentioned) ? [text(nameOf(mentioned))] : children;
  }
  if (href === undefined || !SHOWN_LINKS.test(href) || children.some(isBlock)) return children;
  return [{ type: 'link', url: href, children: children as [] }];
}

const BLOCKS: ReadonlySet<string> = new Set([
  'paragraph',
  'heading',
  'blockquote',
  'list',
  'code',
  'table',
  'thematicBreak',
]);

function isBlock({ type }: TreeNodes): boolean {
  return BLOCKS.has(type);
}

/** The user id in a link that mentions a person: https://matrix.to/#/@amy:example.org or matrix:u/amy:example.org. */
function mentionedIn(href: string): string | undefined {
  const link = decoded(href);
  const to = /^https?:\/\/matrix\.to\/#\/(@[^/?]+)/i.exec(link)?.[1];
  const uri = /^matrix:u\/([^/?]+)/i.exec(link)?.[1];
  return to ?? (uri === undefined ? undefined : `@${uri}`);
}

function decoded(href: string): string {
  try {
    return decodeURIComponent(href);
  } catch (error) {
    if (!(error instanceof URIError)) throw error;
    return href;
  }
}

/** A custom emoji, or another image within the text, is replaced by its description. */
function image(node: Element): TreeNodes[] {
  const description = [property(node, 'alt'), property(node, 'title')].find((one) => one?.trim());
  return [text(description ?? ':?:')];
}
