import { faultsOfParts, faultsOfTranslations, partsOf } from './translations';

const ENGLISH = `# Words
| a |
## One
- x
- y
## Words that we do not use
| b |
`;

it('the translated pages of the guide have all parts of the English ones', () =>
  expect(faultsOfTranslations('docs')).toEqual([]));

it('a row, an item or a part without a translation is a fault', () => {
  const faults = (chinese: string) => faultsOfParts(partsOf(ENGLISH), partsOf(chinese));
  expect(faults('# 词\n| 甲 |\n## 一\n- 子\n- 丑\n')).toEqual([]);
  expect(faults('# 词\n## 一\n- 子\n- 丑\n')).toEqual([
    '“词” differs from “Words”, which has 1 table rows, 0 list items',
  ]);
  expect(faults('# 词\n| 甲 |\n## 一\n- 子\n')).toHaveLength(1);
  expect(faults('# 词\n| 甲 |\n')).toEqual(['1 headings instead of 2']);
});
