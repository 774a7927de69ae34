import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { faultsOfModule, textFiles } from '../build/complete-texts';
import { faultsOfTexts, type TextSet } from './text-set';

describe('texts', () => {
  it('every text of the console is there in both languages, with the same arguments', async () => {
    const files = textFiles(join(import.meta.dirname, '..', '..'));
    expect(files.length).toBeGreaterThan(5);
    const faults: string[] = [];
    for (const file of files)
      faults.push(
        ...faultsOfModule(file, (await import(pathToFileURL(file).href)) as Record<string, TextSet>),
      );
    expect(faults).toEqual([]);
  });

  it('a missing text and a missing argument are found', () => {
    expect(
      faultsOfTexts({
        empty: { zh: ' ', en: 'x' },
        argument: { zh: '{count} 条', en: '{number, plural, one {# message} other {# messages}}' },
        right: { zh: '{n} 条', en: '{n, plural, one {# message} other {# messages}}' },
      }),
    ).toEqual(['empty: no text in "zh"', 'argument: "zh" takes {count}, "en" takes {number}']);
  });
});
