/** org.matrix.custom.html <-> Markdown (the canonical form). Pure; what is not understood arrives as its text. */
import { parseDocument } from 'htmlparser2';
import MarkdownIt from 'markdown-it';

type Node = ReturnType<typeof parseDocument>['children'][number];

const renderer = new MarkdownIt({ html: false, linkify: false, breaks: true });

export function markdownToHtml(markdown: string): string {
  const html = renderer.render(markdown).trim();
  const single = /^<p>((?:(?!<p>)[\s\S])*)<\/p>$/.exec(html);
  return single?.[1] ?? html;
}

const SPANS: Record<string, string> = {
  strong: '**',
  b: '**',
  em: '_',
  i: '_',
  del: '~~',
  s: '~~',
  strike: '~~',
};
const HIDDEN = new Set(['mx-reply', 'script', 'style', 'head', 'title']);
const MAX_DEPTH = 100;

/** @returns Markdown, or undefined when the HTML formats nothing */
export function htmlToMarkdown(html: string): string | undefined {
  const walk = new Walk();
  const markdown = walk
    .all(parseDocument(html, { decodeEntities: true }).children, 0)
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim();
  return walk.formatted ? markdown : undefined;
}

class Walk {
  formatted = false;

  all(nodes: Node[], depth: number): string {
    return depth > MAX_DEPTH ? '' : nodes.map((node) => this.one(node, depth)).join('');
  }

  private one(node: Node, depth: number): string {
    if (node.type === 'text') return escapeMarkdown(node.data.replaceAll(/\s+/g, ' '));
    if (node.type !== 'tag') return '';
    const children = node.children;
    if (HIDDEN.has(node.name)) return '';
    const inner = () => this.all(children, depth + 1);
    const mark = SPANS[node.name];
    if (mark) return this.span(mark, inner());
    switch (node.name) {
      case 'br':
        return '\n';
      case 'p':
      case 'div':
        return `${inner().trim()}\n\n`;
      case 'code':
        this.formatted = true;
        return `\`${textOf(children, depth)}\``;
      case 'pre':
        this.formatted = true;
        return `\n\`\`\`\n${textOf(children, depth).replace(/\n$/, '')}\n\`\`\`\n`;
      case 'blockquote':
        this.formatted = true;
        return `${inner()
          .trim()
          .split('\n')
          .map((line) => `> ${line}`)
          .join('\n')}\n\n`;
      case 'a':
        return this.link(node.attribs['href'] ?? '', inner());
      case 'ul':
      case 'ol':
        this.formatted = true;
        return `\n${this.items(children, node.name === 'ol', depth)}\n`;
      case 'h1':
      case 'h2':
      case 'h3':
      case 'h4':
      case 'h5':
      case 'h6':
        this.formatted = true;
        return `${'#'.repeat(Number(node.name[1]))} ${inner().trim()}\n\n`;
      default:
        return inner();
    }
  }

  private span(mark: string, inner: string): string {
    const text = inner.trim();
    if (text === '') return inner;
    this.formatted = true;
    const lead = inner.startsWith(' ') ? ' ' : '';
    const trail = inner.endsWith(' ') ? ' ' : '';
    return `${lead}${mark}${text}${mark}${trail}`;
  }

  private link(href: string, text: string): string {
    if (!/^(https?|mailto|xmpp|tel|geo):/i.test(href)) return text;
    this.formatted = true;
    return `[${text}](${href.replaceAll(/[()\s]/g, encodeURIComponent)})`;
  }

  private items(children: Node[], ordered: boolean, depth: number): string {
    let number = 0;
    return children
      .filter((child) => child.type === 'tag' && child.name === 'li')
      .map(
        (child) =>
          `${ordered ? `${++number}.` : '-'} ${this.all((child as { children: Node[] }).children, depth + 1).trim()}`,
      )
      .join('\n');
  }
}

function textOf(nodes: Node[], depth: number): string {
  if (depth > MAX_DEPTH) return '';
  return nodes
    .map((node) =>
      node.type === 'text' ? node.data : node.type === 'tag' ? textOf(node.children, depth + 1) : '',
    )
    .join('');
}

function escapeMarkdown(text: string): string {
  return text.replaceAll(/([\\`*_~[\]<>])/g, '\\$1');
}
