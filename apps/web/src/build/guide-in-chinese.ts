/**
 * The guide in Chinese: what the console says of result codes, errors and cases of certification, as pages with an anchor for each.
 * Made from the texts of the console, of which tests say that none is missing. Other pages are translated by hand (translations.ts),
 * or in English.
 */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { codeRemedyTexts, codeTexts } from '../parts/codes/text.js';
import { remedyTexts } from '../parts/text.js';
import { caseRemedies, caseTitles } from '../screens/certification/cases/text.js';
import type { TextSet } from '../text/text-set.js';
import { guideIndex, type GuideText } from './guide-index.js';

/** Texts of the pages themselves, which can be errors that no table of the API has. */
const NOT_OF_THE_API = new Set(['unreachable', 'other']);

/** @param folder of the documents */
export function chinesePages(folder: string): GuideText[] {
  const problems = Object.entries(remedyTexts).filter(([kind]) => !NOT_OF_THE_API.has(kind));
  const pages = [
    {
      name: 'zh/result-codes',
      text: page(
        '结果代码',
        '每条消息的结果都有一个代码。下面是用户看到的文字，以及运营方如何处理。',
        sections(codeTexts, codeRemedyTexts),
      ),
    },
    {
      name: 'zh/problems',
      text: page(
        '接口错误',
        '控制台与 REST 接口的错误都有一个类型。下面是每种类型的处理办法。',
        sections(Object.fromEntries(problems)),
      ),
    },
    {
      name: 'zh/certification-cases',
      text: page('认证用例', '适配器未通过某一用例时，作者应当这样做。', sections(caseTitles, caseRemedies)),
    },
  ];
  const all = [...pages, ...translatedPages(folder)];
  const index = { name: 'zh/index', title: '使用指南', lead: '以下各页有中文；其余各页为英文。' };
  return [...all, guideIndex({ ...index, pages: all })];
}

function translatedPages(folder: string): GuideText[] {
  return globSync('*.md', { cwd: join(folder, 'zh') })
    .sort()
    .map((file) => ({
      name: `zh/${file.replace(/\.md$/, '')}`,
      text: readFileSync(join(folder, 'zh', file), 'utf8'),
    }));
}

function page(title: string, lead: string, body: string): string {
  return `# ${title}\n\n${lead}\n\n${body}`;
}

/** A section with the key as its heading, so that it is its anchor. */
function sections(texts: TextSet, more: TextSet = {}): string {
  return Object.entries(texts)
    .map(([key, { zh }]) =>
      [`## ${key}`, safe(zh), more[key] && safe(more[key].zh)].filter(Boolean).join('\n\n'),
    )
    .join('\n\n');
}

/** `<network>` is no tag here. Inside backticks nothing needs an escape. */
function safe(text: string): string {
  return text
    .split('`')
    .map((part, at) => (at % 2 === 0 ? part.replaceAll('<', '\\<') : `\`${part}\``))
    .join('');
}
