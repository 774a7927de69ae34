/** Makes the guide: the pages of docs/ as HTML without scripts, so that the console can link to what it says. */
import { globSync, readFileSync } from 'node:fs';
import { join, posix, sep } from 'node:path';
import type { Nodes, Root } from 'mdast';
import { toHtml } from 'hast-util-to-html';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { toHast } from 'mdast-util-to-hast';
import { gfm } from 'micromark-extension-gfm';
import { visit } from 'unist-util-visit';
import type { Plugin } from 'vite';
import { anchorOf } from '../format/anchor.js';

export interface GuidePage {
  /** Path in docs/, without the ending. */
  name: string;
  html: string;
}

const STYLE = `:root{color-scheme:light dark}
body{font:16px/1.6 system-ui,'PingFang SC','Microsoft YaHei','Noto Sans CJK SC',sans-serif;max-width:60rem;margin:0 auto;padding:1rem;
background:light-dark(#fff,#141414);color:light-dark(#1f1f1f,#e2e2e2);overflow-wrap:anywhere}
a{color:light-dark(#0b6b62,#4fb8ab)}code{font-family:ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',monospace;font-size:.9em}
pre{overflow-x:auto;padding:.8rem;border-radius:6px;background:light-dark(#f4f6f6,#1f1f1f)}
.wide{overflow-x:auto}table{border-collapse:collapse}td,th{border:1px solid light-dark(#d9d9d9,#434343);padding:.3rem .6rem;text-align:left;vertical-align:top}
:target{background:light-dark(#fff6e5,#36270c)}
`;

/** Every page of the folder, and those of its folder `generated`. */
export function guidePages(folder: string): GuidePage[] {
  const names = globSync('{,generated/}*.md', { cwd: folder })
    .map((file) => file.replaceAll(sep, '/').replace(/\.md$/, ''))
    .sort();
  return names.map((name) => ({
    name,
    html: page(readFileSync(join(folder, `${name}.md`), 'utf8'), name, new Set(names)),
  }));
}

function page(markdown: string, name: string, names: ReadonlySet<string>): string {
  const tree = fromMarkdown(markdown, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });
  const title = tree.children.find(({ type }) => type === 'heading');
  nameHeadings(tree);
  leadLinks(tree, name, names);
  const body = toHtml(toHast(tree))
    .replaceAll('<table>', '<div class="wide" tabindex="0"><table>')
    .replaceAll('</table>', '</table></div>')
    .replaceAll('<pre>', '<pre tabindex="0">');
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${title ? wordsOf(title).replaceAll(/[<&]/g, '') : name} · Hutong 互通</title>`,
    '<link rel="icon" href="/icon.svg" type="image/svg+xml"><link rel="stylesheet" href="/guide/guide.css"></head>',
    `<body><nav><a href="/">Hutong 互通</a></nav><main>${body}</main></body></html>`,
  ].join('\n');
}

function wordsOf(node: Nodes): string {
  let words = '';
  visit(node, (inner) => {
    if (inner.type === 'text' || inner.type === 'inlineCode') words += inner.value;
  });
  return words;
}

function nameHeadings(tree: Root): void {
  visit(tree, 'heading', (heading) => {
    heading.data = { ...heading.data, hProperties: { id: anchorOf(wordsOf(heading)) } };
  });
}

/** Links to pages of the guide lead there; links to other files of the project have nowhere to lead and become text. */
function leadLinks(tree: Root, name: string, names: ReadonlySet<string>): void {
  visit(tree, (node, at, parent) => {
    if (parent === undefined || at === undefined) return;
    if (node.type === 'image') parent.children.splice(at, 1, { type: 'text', value: node.alt ?? '' });
    if (node.type !== 'link' || /^(https?:|#)/.test(node.url)) return;
    const [file = '', anchor] = node.url.split('#');
    const target = posix.join(posix.dirname(name), file).replace(/\.md$/, '');
    if (names.has(target)) node.url = `/guide/${target}.html${anchor === undefined ? '' : `#${anchor}`}`;
    else parent.children.splice(at, 1, ...node.children);
  });
}

export function guide(folder: string): Plugin {
  return {
    name: 'guide',
    apply: 'build',
    generateBundle() {
      for (const { name, html } of guidePages(folder))
        this.emitFile({ type: 'asset', fileName: `guide/${name}.html`, source: html });
      this.emitFile({ type: 'asset', fileName: 'guide/guide.css', source: STYLE });
    },
  };
}
