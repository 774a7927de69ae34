/**
 * Splits a tree into trees within the limits of a network. Each piece is complete: code stays code, a quote stays a quote, a list
 * continues its numbers, a span of marks is closed and opened again. White space at a cut is removed.
 */
import type {
  BlockContent,
  Code,
  DefinitionContent,
  List,
  ListItem,
  Paragraph,
  PhrasingContent,
  Root,
  RootContent,
  Table,
} from 'mdast';
import { writePlain } from './plain-writer.js';
import {
  fitsAlone,
  fitsIn,
  packed,
  sized,
  splitText,
  unitsOf,
  type TextLimits,
  type Unit,
} from './split-text.js';

/** Writes a tree in the form that the limits count. */
export type Writer = (tree: Root) => string;

export function splitTree(tree: Root, limits: TextLimits, write: Writer = writePlain): Root[] {
  return new TreeSplitter(write).split(tree.children, limits).map(rootOf);
}

function rootOf(children: RootContent[]): Root {
  return { type: 'root', children };
}

type Flow = BlockContent | DefinitionContent;
/** Size of the separator between blocks: a line end, and perhaps an empty line. */
const BETWEEN = '\n\n';
/** The size of marks and prefixes is found by trying: the limits shrink by this factor at each attempt. */
const SHRINK = 0.8;

class TreeSplitter {
  constructor(private readonly write: Writer) {}

  split(blocks: readonly RootContent[], limits: TextLimits): RootContent[][] {
    if (this.fits(blocks, limits)) return [[...blocks]];
    const parts = blocks.flatMap((block) =>
      this.fits([block], limits) ? [block] : this.divided(block, limits),
    );
    const units = parts.map((block) => ({ ...this.sizeOf([block]), block }));
    return groups(units, limits).flatMap((group) => {
      const together = group.map(({ block }) => block);
      // Adjacent blocks may take more space than the sum of their sizes.
      return this.fits(together, limits) ? [together] : together.map((block) => [block]);
    });
  }

  private fits(blocks: readonly RootContent[], limits: TextLimits): boolean {
    return fitsIn(this.write(rootOf([...blocks])), limits);
  }

  private sizeOf(blocks: readonly RootContent[]): Unit {
    return sized(this.write(rootOf([...blocks])));
  }

  /** Splits blocks until each one fits, or cannot be split further. */
  private divided(block: RootContent, limits: TextLimits): RootContent[] {
    for (let less = limits; ; less = shrunk(less)) {
      const parts = this.dividedFor(block, less);
      if (isSmallest(less) || parts.every((part) => this.fits([part], limits))) return parts;
    }
  }

  private dividedFor(block: RootContent, limits: TextLimits): RootContent[] {
    switch (block.type) {
      case 'code':
        return splitText(block.value, limits).map((value): Code => ({ ...block, value: trimmedEnd(value) }));
      case 'blockquote':
        return this.split(block.children, limits).map((children) => ({
          ...block,
          children: children as Flow[],
        }));
      case 'list':
        return this.items(block, limits);
      case 'table':
        return this.rows(block, limits);
      case 'paragraph':
      case 'heading':
        return phrasesIn(block.children, limits).map((children) => ({ ...block, children }));
      default:
        // All other nodes have only a few characters.
        return [block];
    }
  }

  private items(list: List, limits: TextLimits): RootContent[] {
    const first = list.start ?? 1;
    const units = list.children.map((item, at) => {
      const alone = numbered(list, [item], first + at);
      return { ...this.sizeOf([alone]), item, number: first + at };
    });
    return groups(units, limits).flatMap((group) => {
      const [{ item, number } = { item: undefined, number: first }] = group;
      const items = numbered(
        list,
        group.map((unit) => unit.item),
        number,
      );
      if (group.length > 1 || item === undefined || this.fits([items], limits)) return [items];
      // The rest of an item that is cut has no bullet.
      const [begin = [], ...rest] = this.split(item.children, shrunk(limits));
      return [numbered(list, [{ ...item, children: begin as Flow[] }], number), ...rest.flat()];
    });
  }

  private rows(table: Table, limits: TextLimits): RootContent[] {
    const units = table.children.map((row) => ({ ...this.sizeOf([{ ...table, children: [row] }]), row }));
    return groups(units, limits).flatMap((group): RootContent[] => {
      const rows: Table = { ...table, children: group.map(({ row }) => row) };
      if (group.length > 1 || this.fits([rows], limits)) return [rows];
      const cells = rows.children.flatMap((row) => row.children);
      return cells.flatMap(({ children }) =>
        phrasesIn(children, limits).map((words): Paragraph => ({ type: 'paragraph', children: words })),
      );
    });
  }
}

function numbered(list: List, children: ListItem[], start: number): List {
  return { ...list, children, ...(list.ordered ? { start } : {}) };
}

function shrunk({ textLength, textUnits, textBytes }: TextLimits): TextLimits {
  const less = (limit: number | undefined) =>
    limit === undefined ? undefined : Math.max(1, Math.floor(limit * SHRINK));
  return { textLength: less(textLength), textUnits: less(textUnits), textBytes: less(textBytes) };
}

function isSmallest({ textLength = 1, textUnits = 2, textBytes = 4 }: TextLimits): boolean {
  return textLength <= 1 && textUnits <= 2 && textBytes <= 4;
}

/** Groups elements, in order, as long as they fit together. */
function groups<Some extends Unit>(units: readonly Some[], limits: TextLimits): Some[][] {
  const all: Some[][] = [];
  let size = sized('');
  for (const unit of units) {
    const both = {
      length: size.length + unit.length + BETWEEN.length,
      bytes: size.bytes + unit.bytes + BETWEEN.length,
      text: size.text + BETWEEN + unit.text,
    };
    const last = all.at(-1);
    if (last && fitsAlone(both, limits)) last.push(unit);
    else all.push([unit]);
    size = last && all.at(-1) === last ? both : unit;
  }
  return all;
}

/** A character, web address, link or image, with the marks around it. */
interface Atom extends Unit {
  node: PhrasingContent;
  marks: readonly Marked['type'][];
}

type Marked = Extract<PhrasingContent, { type: 'strong' | 'emphasis' | 'delete' }>;

function phrasesIn(nodes: readonly PhrasingContent[], limits: TextLimits): PhrasingContent[][] {
  return packed(atomsOf(nodes, [], limits), limits)
    .map(withoutEdges)
    .filter((atoms) => atoms.length > 0)
    .map((atoms) => marked(atoms, 0));
}

function atomsOf(
  nodes: readonly PhrasingContent[],
  marks: readonly Marked['type'][],
  limits: TextLimits,
): Atom[] {
  return nodes.flatMap((node): Atom[] => {
    switch (node.type) {
      case 'text':
        return unitsOf(node.value, limits).map((unit) => ({
          ...unit,
          node: { type: 'text', value: unit.text },
          marks,
        }));
      case 'strong':
      case 'emphasis':
      case 'delete':
        return atomsOf(node.children, [...marks, node.type], limits);
      case 'inlineCode':
        return splitText(node.value, limits).map((value) => ({
          ...sized(value),
          node: { ...node, value },
          marks,
        }));
      case 'break':
        return [{ text: '\n', length: 1, bytes: 1, node, marks }];
      default: {
        const said = writePlain({ type: 'root', children: [{ type: 'paragraph', children: [node] }] });
        if (fitsIn(said, limits)) return [{ ...sized(said), node, marks }];
        return atomsOf([{ type: 'text', value: said }], marks, limits);
      }
    }
  });
}

function withoutEdges(atoms: Atom[]): Atom[] {
  const isSpace = (atom: Atom | undefined) => atom !== undefined && atom.text.trim() === '';
  let [start, end] = [0, atoms.length];
  while (start < end && isSpace(atoms[start])) start++;
  while (end > start && isSpace(atoms[end - 1])) end--;
  return atoms.slice(start, end);
}

/** Rebuilds nodes: neighbours under the same mark become one node. */
function marked(atoms: readonly Atom[], depth: number): PhrasingContent[] {
  const nodes: PhrasingContent[] = [];
  for (let at = 0; at < atoms.length;) {
    const atom = atoms[at];
    const mark = atom?.marks[depth];
    let end = at + 1;
    while (end < atoms.length && atoms[end]?.marks[depth] === mark) end++;
    const group = atoms.slice(at, end);
    if (mark === undefined) for (const node of merged(group)) nodes.push(node);
    else nodes.push({ type: mark, children: marked(group, depth + 1) });
    at = end;
  }
  return nodes;
}

function merged(atoms: readonly Atom[]): PhrasingContent[] {
  const all: PhrasingContent[] = [];
  for (const { node } of atoms) {
    const last = all.at(-1);
    if (node.type === 'text' && last?.type === 'text') last.value += node.value;
    else all.push({ ...node });
  }
  return all;
}

function trimmedEnd(code: string): string {
  return code.replace(/\n$/, '');
}
