/**
 * Pages of the guide that are translated by hand, in docs/zh under the name of the English page. The build stops if a part of one is
 * missing: a translation has as many table rows and list items below each heading as the English page, the same examples and links.
 */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { faultsOfExamples, faultsOfLinks } from './same-examples.js';

/** Pages for people who change Hutong itself. Every other page of docs has a translation. */
const PAGES_IN_ENGLISH = new Set(['add-a-network', 'budget', 'testing']);
/** Parts about English itself. */
const ENGLISH_ONLY = new Set(['Words that we do not use']);

interface Part {
  level: number;
  heading: string;
  rows: number;
  items: number;
}

export function faultsOfTranslations(folder: string): string[] {
  const pagesIn = (place: string) =>
    globSync('*.md', { cwd: place }).map((file) => file.replace(/\.md$/, ''));
  const found = pagesIn(join(folder, 'zh'));
  const wanted = pagesIn(folder).filter((name) => !PAGES_IN_ENGLISH.has(name));
  const read = (file: string) => readFileSync(join(folder, file), 'utf8');
  return [...new Set([...wanted, ...found])].flatMap((name) => {
    if (!found.includes(name)) return [`docs/zh/${name}.md is missing`];
    if (!wanted.includes(name)) return [`docs/zh/${name}.md translates no page that is to be translated`];
    const [english, translated] = [read(`${name}.md`), read(`zh/${name}.md`)];
    const faults = [
      ...faultsOfParts(partsOf(english), partsOf(translated)),
      ...faultsOfExamples(english, translated),
      ...faultsOfLinks(english, translated),
    ];
    return faults.map((fault) => `docs/zh/${name}.md: ${fault}`);
  });
}

/** Pure. @returns where the translation has less or more than the English page */
export function faultsOfParts(english: readonly Part[], translated: readonly Part[]): string[] {
  const wanted = english.filter(({ heading }) => !ENGLISH_ONLY.has(heading));
  if (wanted.length !== translated.length)
    return [`${translated.length} headings instead of ${wanted.length}`];
  return wanted.flatMap(({ level, heading, rows, items }, at) => {
    const other = translated[at];
    if (other?.level === level && other.rows === rows && other.items === items) return [];
    return [
      `“${other?.heading}” differs from “${heading}”, which has ${rows} table rows, ${items} list items`,
    ];
  });
}

export function partsOf(markdown: string): Part[] {
  const parts: Part[] = [];
  for (const line of markdown.split('\n')) {
    const [, marks = '', heading = ''] = /^(#+) (.*)$/.exec(line) ?? [];
    const part = parts.at(-1);
    if (marks) parts.push({ level: marks.length, heading, rows: 0, items: 0 });
    else if (part && line.startsWith('|')) part.rows++;
    else if (part && /^(-|\d+\.) /.test(line)) part.items++;
  }
  return parts;
}
