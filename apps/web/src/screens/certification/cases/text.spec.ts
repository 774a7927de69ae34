import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { anchorOf } from '../../../format/anchor';
import { guidePages } from '../../../build/guide';
import { caseRemedies, caseTitles } from './text';

interface Suite {
  CASES: readonly {
    id: string;
    title: string;
    remedy: string;
    documented: { file: string; heading: string };
  }[];
}
const ROOT = join(import.meta.dirname, '..', '..', '..', '..', '..', '..');
// By its address: the types of the suite are those of a server.
const { CASES } = (await import(
  pathToFileURL(join(ROOT, 'libs', 'certification', 'src', 'suite.ts')).href
)) as Suite;

const english = (texts: Record<string, { en: string }>) =>
  Object.fromEntries(Object.entries(texts).map(([id, { en }]) => [id, en]));

describe('the cases of the suite', () => {
  it('have the title of the suite in English, and one in Chinese', () => {
    expect(english(caseTitles)).toEqual(Object.fromEntries(CASES.map(({ id, title }) => [id, title])));
  });

  it('have the remedy of the suite in English, and one in Chinese', () => {
    expect(english(caseRemedies)).toEqual(Object.fromEntries(CASES.map(({ id, remedy }) => [id, remedy])));
  });

  it('are documented under headings of the guide that this console serves', () => {
    const pages = new Map(guidePages(join(ROOT, 'docs')).map(({ name, html }) => [`${name}.md`, html]));
    for (const { id, documented } of CASES) {
      const found = pages.get(documented.file)?.includes(`id="${anchorOf(documented.heading)}"`);
      expect({ id, found }).toEqual({ id, found: true });
    }
  });
});
