import type { Language } from '../text/text-set';

/** Anchor of a heading in a page of the guide. The rule is that of GitHub, on which the links inside docs/ rely. */
export function anchorOf(heading: string): string {
  return heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-');
}

/** Page of the guide, which this console serves. @param file in docs/ */
export function guidePage({ file, heading }: { file: string; heading: string }): string {
  return `/guide/${file.replace(/\.md$/, '.html')}#${anchorOf(heading)}`;
}

/** What the guide says about a type of errors. */
export function problemPage(kind: string, language: Language): string {
  return language === 'zh' ? `/guide/zh/problems.html#${kind}` : '/guide/generated/problems.html';
}

/** What the guide says in Chinese about a case of the certification. */
export function caseInChinese(id: string): string {
  return `/guide/zh/certification-cases.html#${id}`;
}

export function guideIndexPage(language: Language): string {
  return language === 'zh' ? '/guide/zh/index.html' : '/guide/index.html';
}
