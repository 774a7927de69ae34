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
import { chinesePages } from './guide-in-chinese.js';
import { guideIndex } from './guide-index.js';
import { faultsOfTranslations } from './translations.js';

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
.wide{overflow-x:auto}table{border-collapse:collapse}td,th{border:1px solid light-dark(#d9d9d9,#434343);padding:.3rem .6rem;text-align:left;vertical-align:top;overflow-wrap:break-word}
:target{background:light-dark(#fff6e5,#36270c)}
`;

/** Every page of the folder, those of its folder `generated`, and the Chinese ones. */
export function guidePages(folder: string): GuidePage[] {
  const documents = globSync('{,generated/}*.md', { cwd: folder })
    .map((file) => file.replaceAll(sep, '/').replace(/\.md$/, ''))
    .sort()
    .map((name) => ({ name, text: readFileSync(join(folder, `${name}.md`), 'utf8') }));
  const lead = 'All pages, by the name of their file.';
  const english = [...documents, guideIndex({ name: 'index', title: 'Guide', lead, pages: documents })];
  const chinese = chinesePages(folder);
  const names = new Set([...english, ...chinese].map(({ name }) => name));
  return [
    ...english.map(({ name, text }) => ({ name, html: page(text, name, names, 'en') })),
    ...chinese.map(({ name, text }) => ({ name, html: page(text, name, names, 'zh-CN') })),
  ];
}

function page(markdown: string, name: string, names: ReadonlySet<string>, language: 'en' | 'zh-CN'): string {
  const tree = fromMarkdown(markdown, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });
  const title = tree.children.find(({ type }) => type === 'heading');
  nameHeadings(tree);
  leadLinks(tree, name, names);
  const body = toHtml(toHast(tree))
    .replaceAll('<table>', '<div class="wide" tabindex="0"><table>')
    .replaceAll('</table>', '</table></div>')
    .replaceAll('<pre>', '<pre tabindex="0">');
  return [
    `<!doctype html><html lang="${language}"><head><meta charset="utf-8">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${title ? wordsOf(title).replaceAll(/[<&]/g, '') : name} · Hutong 互通</title>`,
    '<link rel="icon" href="/icon.svg" type="image/svg+xml"><link rel="stylesheet" href="/guide/guide.css"></head>',
    `<body><nav>${waysOut(name, names)}</nav><main>${body}</main></body></html>`,
  ].join('\n');
}

function waysOut(name: string, names: ReadonlySet<string>): string {
  const index = name.startsWith('zh/') ? 'zh/index.html">使用指南' : 'index.html">Guide';
  return `<a href="/">Hutong 互通</a> · <a href="/guide/${index}</a> · ${otherLanguage(name, names)}`;
}

/** A link to the same page in the other language; where there is none, to the index of that language. */
function otherLanguage(name: string, names: ReadonlySet<string>): string {
  const link = (wanted: string[], otherwise: string, words: string) =>
    `<a href="/guide/${wanted.find((one) => names.has(one)) ?? otherwise}.html" ${words}</a>`;
  const inEnglish = name.replace('zh/', '');
  return name.startsWith('zh/')
    ? link([inEnglish, `generated/${inEnglish}`], 'index', 'lang="en">English')
    : link([`zh/${name.replace('generated/', '')}`], 'zh/index', 'lang="zh-CN">中文');
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
    buildStart() {
      const faults = faultsOfTranslations(folder);
      if (faults.length > 0) this.error(`translations are missing:\n${faults.join('\n')}`);
    },
    generateBundle() {
      for (const { name, html } of guidePages(folder))
        this.emitFile({ type: 'asset', fileName: `guide/${name}.html`, source: html });
      this.emitFile({ type: 'asset', fileName: 'guide/guide.css', source: STYLE });
    },
  };
}
