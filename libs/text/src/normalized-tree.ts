/** Normalises a tree for the writers: no breaks at edges, no empty nodes, adjacent nodes with the same mark merged. */
import type { ListItem, PhrasingContent, Root, RootContent } from 'mdast';

type Mark = Extract<PhrasingContent, { type: 'strong' | 'emphasis' | 'delete' }>;

export function normalized(tree: Root): Root {
  return { type: 'root', children: blocks(tree.children) };
}

function blocks<Some extends RootContent>(nodes: readonly Some[]): Some[] {
  return nodes.map(block).filter((node) => !isEmpty(node));
}

function block<Some extends RootContent>(node: Some): Some {
  switch (node.type) {
    case 'paragraph':
    case 'heading':
      return { ...node, children: withoutBreaksAtEdges(phrases(node.children)) };
    case 'tableCell':
      return { ...node, children: phrases(onOneLine(node.children)) };
    case 'listItem':
      return { ...node, spread: isLoose(node), children: blocks(node.children) };
    case 'blockquote':
    case 'list':
      return { ...node, children: blocks(node.children as RootContent[]) };
    case 'table':
    case 'tableRow':
      // An empty cell keeps the other cells in their columns.
      return { ...node, children: (node.children as RootContent[]).map(block) };
    default:
      return node;
  }
}

/** A tight item with two paragraphs must be loose: HTML would show them as one line. */
function isLoose({ spread, children }: ListItem): boolean {
  return Boolean(spread) || children.filter(({ type }) => type === 'paragraph').length > 1;
}

function isEmpty(node: RootContent): boolean {
  switch (node.type) {
    case 'paragraph':
    case 'heading':
    case 'blockquote':
    case 'list':
    case 'listItem':
    case 'table':
      return node.children.length === 0;
    default:
      return false;
  }
}

function isMark(node: PhrasingContent | undefined): node is Mark {
  return node?.type === 'strong' || node?.type === 'emphasis' || node?.type === 'delete';
}

/** Moves breaks at the edge of a mark outside it, and removes empty marks. */
function phrases(nodes: readonly PhrasingContent[]): PhrasingContent[] {
  const all: PhrasingContent[] = [];
  for (const node of nodes) {
    if (!isMark(node)) {
      if (node.type === 'link') add(all, { ...node, children: phrases(node.children) });
      else if (node.type !== 'text' || node.value !== '') add(all, node);
      continue;
    }
    const inner: PhrasingContent[] = [];
    for (const child of phrases(node.children))
      // A mark inside the same mark has no effect.
      for (const one of child.type === node.type ? child.children : [child]) add(inner, one);
    const start = inner.findIndex((child) => child.type !== 'break');
    if (start < 0) {
      for (const child of inner) add(all, child);
      continue;
    }
    const end = inner.findLastIndex((child) => child.type !== 'break') + 1;
    for (const child of inner.slice(0, start)) add(all, child);
    add(all, { ...node, children: inner.slice(start, end) });
    for (const child of inner.slice(end)) add(all, child);
  }
  return all;
}

function add(all: PhrasingContent[], node: PhrasingContent): void {
  const last = all.at(-1);
  if (
    (node.type === 'text' && last?.type === 'text') ||
    (node.type === 'inlineCode' && last?.type === 'inlineCode')
  )
    all[all.length - 1] = { ...last, value: last.value + node.value };
  else if (isMark(node) && isMark(last) && last.type === node.type)
    all[all.length - 1] = {
      ...last,
      children: phrases([...last.children, ...node.children]),
    } as PhrasingContent;
  else all.push(node);
}

function withoutBreaksAtEdges(nodes: PhrasingContent[]): PhrasingContent[] {
  const start = nodes.findIndex(({ type }) => type !== 'break');
  const end = nodes.findLastIndex(({ type }) => type !== 'break') + 1;
  return start < 0 ? [] : nodes.slice(start, end);
}

/** Replaces breaks in a table cell: a row is one line. */
function onOneLine(nodes: readonly PhrasingContent[]): PhrasingContent[] {
  return nodes.map((node): PhrasingContent => {
    if (node.type === 'break') return { type: 'text', value: ' ' };
    // Markdown cannot express a backslash before a bar in code in a table.
    if (node.type === 'inlineCode' && node.value.includes('\\|')) return { type: 'text', value: node.value };
    return isMark(node) ? { ...node, children: onOneLine(node.children) } : node;
  });
}
