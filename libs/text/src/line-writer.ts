/** Tree -> lines of text, for networks with few marks (XMPP styling) or none. */
import type { ListItem, PhrasingContent, Root, RootContent, Table, TableRow } from 'mdast';
import { saysItsAddress } from './web-addresses.js';
import { normalized } from './normalized-tree.js';
import { wordsIn } from './tree.js';

export type Mark = 'strong' | 'emphasis' | 'delete' | 'inlineCode';

/** Characters before and after a phrase in its line; '' at the edges of the line. */
export interface Neighbours {
  before: string;
  after: string;
}

const ALONE: Neighbours = { before: '', after: '' };

/** The marks of a network. */
export interface LineStyle {
  /** The text with the mark, or without it where the network could not read the mark. */
  marked(mark: Mark, text: string, neighbours: Neighbours): string;
  codeBlock(code: string, lang: string): string;
  /** A link with a text of its own. Absent: text and address. */
  link?(text: string, url: string): string;
  /** Absent: `> ` before each line. */
  quote?(text: string): string;
}

export function writeLines(tree: Root, style: LineStyle): string {
  return new LineWriter(style).blocks(normalized(tree).children);
}

class LineWriter {
  constructor(private readonly style: LineStyle) {}

  blocks(blocks: readonly RootContent[]): string {
    let text = '';
    let before: RootContent | undefined;
    for (const block of blocks) {
      const both = before?.type === 'paragraph' && block.type === 'paragraph';
      if (before) text += both ? '\n\n' : '\n';
      text += this.block(block);
      before = block;
    }
    return text;
  }

  private block(block: RootContent): string {
    switch (block.type) {
      case 'paragraph':
      case 'heading':
        return this.phrases(block.children);
      case 'blockquote':
        return this.quote(this.blocks(block.children));
      case 'code':
        return this.style.codeBlock(block.value, block.lang ?? '');
      case 'list': {
        const { ordered, start, children } = block;
        return children
          .map((item, at) => this.item(item, ordered === true ? `${(start ?? 1) + at}. ` : '- '))
          .join('\n');
      }
      case 'listItem':
        return this.item(block, '- ');
      case 'table':
        return this.table(block);
      case 'thematicBreak':
        return '---';
      default:
        return this.phrases([block as PhrasingContent]);
    }
  }

  private item({ children, checked }: ListItem, bullet: string): string {
    const box = typeof checked === 'boolean' ? `[${checked ? 'x' : ' '}] ` : '';
    const [first = '', ...rest] = this.blocks(children).split('\n');
    const indent = ' '.repeat(bullet.length);
    return [bullet + box + first, ...rest.map((line) => (line === '' ? line : indent + line))].join('\n');
  }

  private table({ children }: Table): string {
    // An HTML table without a head has an empty head row.
    return children
      .filter((row) => wordsIn(row).trim() !== '')
      .map((row) => this.row(row))
      .join('\n');
  }

  private row({ children }: TableRow): string {
    return children.map((cell) => this.phrases(cell.children)).join(' | ');
  }

  private phrases(nodes: readonly PhrasingContent[], outer = ALONE): string {
    let text = '';
    // The last letter is stored separately: reading it from the joined text costs time by its length, for each node.
    let { before } = outer;
    for (const [at, node] of nodes.entries()) {
      const next = nodes[at + 1];
      const written = this.phrase(node, { before, after: next ? firstLetterOf(next) : outer.after });
      text += written;
      before = written === '' ? before : written.slice(-1);
    }
    return text;
  }

  private phrase(node: PhrasingContent, beside: Neighbours): string {
    switch (node.type) {
      case 'text':
      case 'html':
        return node.value;
      case 'break':
        return '\n';
      case 'strong':
      case 'emphasis':
      case 'delete':
        return this.span(node.type, node.children, beside);
      case 'inlineCode':
        return this.style.marked('inlineCode', node.value, beside);
      case 'link':
        return this.link(this.phrases(node.children, beside), node.url);
      case 'image':
        return namedAddress(node.alt ?? '', node.url);
      case 'footnoteReference':
      case 'imageReference':
      case 'linkReference':
        // No reader creates these nodes.
        return node.label ?? node.identifier;
    }
  }

  private quote(text: string): string {
    return this.style.quote?.(text) ?? withEachLine('> ', text);
  }

  private link(text: string, url: string): string {
    const named = text.trim() !== '' && url !== '' && !saysItsAddress(text, url);
    return (named && this.style.link?.(text, url)) || namedAddress(text, url);
  }

  /** Marks each line separately, with white space at its edges outside the mark. */
  private span(mark: Mark, children: readonly PhrasingContent[], beside: Neighbours): string {
    const lines = this.phrases(children, beside).split('\n');
    return lines
      .map((line, at) => {
        const core = line.trim();
        if (core === '') return line;
        const lead = line.slice(0, line.indexOf(core));
        const trail = line.slice(lead.length + core.length);
        const before = lead.slice(-1) || (at === 0 ? beside.before : '');
        const after = trail.slice(0, 1) || (at === lines.length - 1 ? beside.after : '');
        return lead + this.style.marked(mark, core, { before, after }) + trail;
      })
      .join('\n');
  }
}

function firstLetterOf(node: PhrasingContent): string {
  if (node.type === 'break') return '\n';
  const [letter = ''] = wordsIn(node);
  return letter;
}

/** Of a link whose text is its address, the address is written once. */
function namedAddress(text: string, url: string): string {
  if (text.trim() === '') return url;
  return url === '' || saysItsAddress(text, url) ? text : `${text} (${url})`;
}

function withEachLine(lead: string, text: string): string {
  return text
    .split('\n')
    .map((line) => lead + line)
    .join('\n');
}
