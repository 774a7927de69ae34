/** Tree -> HTML (org.matrix.custom.html). */
import type { Root as HtmlRoot } from 'hast';
import { toHtml } from 'hast-util-to-html';
import type { ListItem, PhrasingContent, Root } from 'mdast';
import { toHast } from 'mdast-util-to-hast';
import { SKIP, visit } from 'unist-util-visit';
import { withLinks } from './web-addresses.js';

const NBSP = '\u00A0';

export function writeHtml(tree: Root): string {
  const shown = withLinks(tree);
  visit(shown, (node, at, parent) => {
    if (node.type === 'text') node.value = withSpacesKept(node.value, isLineStart(at, parent?.children));
    else if (node.type === 'listItem') withBoxInWords(node);
    else if (node.type === 'image' && parent && at !== undefined) {
      (parent.children as PhrasingContent[]).splice(at, 1, asLink(node));
      return [SKIP, at + 1];
    }
    return undefined;
  });
  const html = toHast(shown);
  if (html.type !== 'root') return '';
  return toHtml(withoutOnlyParagraph(html), {
    characterReferences: { useNamedReferences: true },
  }).trim();
}

function isLineStart(at: number | undefined, siblings: readonly { type: string }[] | undefined): boolean {
  return at === undefined || at === 0 || siblings?.[at - 1]?.type === 'break';
}

/** Protects spaces: HTML shows several spaces as one, and none at the start of a line. */
function withSpacesKept(text: string, lineStart: boolean): string {
  const kept = text.replaceAll('\t', '    ').replaceAll(/ {2,}/g, (run) => `${NBSP.repeat(run.length - 1)} `);
  return lineStart && kept.startsWith(' ') ? NBSP + kept.slice(1) : kept;
}

/** Matrix has no check boxes. */
function withBoxInWords(item: ListItem): void {
  if (typeof item.checked !== 'boolean') return;
  const box: PhrasingContent = { type: 'text', value: item.checked ? '[x] ' : '[ ] ' };
  const [first] = item.children;
  if (first?.type === 'paragraph') first.children.unshift(box);
  else item.children.unshift({ type: 'paragraph', children: [box] });
  item.checked = null;
}

/** An image at a web address becomes a link: loading it would reveal the reader's IP address to the server. */
function asLink({ alt, url }: { alt?: string | null | undefined; url: string }): PhrasingContent {
  return { type: 'link', url, children: [{ type: 'text', value: alt || url }] };
}

function withoutOnlyParagraph(root: HtmlRoot): HtmlRoot {
  const [only, ...more] = root.children;
  return more.length === 0 && only?.type === 'element' && only.tagName === 'p'
    ? { type: 'root', children: only.children }
    : root;
}
