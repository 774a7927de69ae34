/** Formatted text as a syntax tree (mdast): readers produce it, writers consume it. */
import type { Nodes, Parents, PhrasingContent, Root, RootContent } from 'mdast';
import { SKIP, visit } from 'unist-util-visit';

export type { Root as Tree } from 'mdast';

/** The tree of plain text: one paragraph, with a break for each line end. */
export function treeOfText(text: string): Root {
  const children = phrasesOf(text);
  return { type: 'root', children: children.length > 0 ? [{ type: 'paragraph', children }] : [] };
}

/** Text as phrases: a text node never contains a line end, breaks stand for them. */
export function phrasesOf(text: string): PhrasingContent[] {
  return text
    .split(/\r\n|\r|\n/)
    .flatMap((line, at): PhrasingContent[] => [
      ...(at > 0 ? [{ type: 'break' } as const] : []),
      ...(line === '' ? [] : [{ type: 'text', value: line } as const]),
    ]);
}

/** Whether plain text would lose something: true unless the tree has only paragraphs of text and breaks. */
export function isFormatted(tree: Root): boolean {
  return tree.children.some(
    (block) =>
      block.type !== 'paragraph' || block.children.some(({ type }) => type !== 'text' && type !== 'break'),
  );
}

/** The tree with a text before it: in its first paragraph, or in a paragraph of its own. */
export function treeWithLead(tree: Root, lead: string): Root {
  const [first, ...rest] = tree.children;
  const words: PhrasingContent[] = phrasesOf(lead);
  const children: RootContent[] =
    first?.type === 'paragraph'
      ? [{ ...first, children: [...words, ...first.children] }, ...rest]
      : [{ type: 'paragraph', children: words }, ...tree.children];
  return { ...tree, children };
}

/** Cleans the tree of a parser: removes positions, turns line ends in text into breaks. Changes the tree. */
export function tidied(tree: Root): Root {
  visit(tree, (node, at, parent) => {
    delete node.position;
    if (node.type !== 'text' || !parent || at === undefined || !/[\r\n]/.test(node.value)) return undefined;
    const lines = phrasesOf(node.value);
    putInPlace(parent, at, lines);
    return [SKIP, at + lines.length];
  });
  return tree;
}

/** Replaces one node by several. There may be more than `splice(at, 1, ...nodes)` can take as arguments. */
export function putInPlace(parent: Parents, at: number, nodes: readonly PhrasingContent[]): void {
  const children = parent.children as Nodes[];
  const after = children.splice(at).slice(1);
  for (const list of [nodes, after]) for (const node of list) children.push(node);
}

/** The words in a node, without a separator between blocks. */
export function wordsIn(node: Nodes): string {
  if ('value' in node) return node.value;
  if ('children' in node) return node.children.map(wordsIn).join('');
  return 'alt' in node ? (node.alt ?? '') : '';
}
