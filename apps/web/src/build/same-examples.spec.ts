import { faultsOfExamples, faultsOfLinks } from './same-examples';

const ENGLISH = 'Run it ([why](generated/codes.md#fix), [the kit](../libs/kit.md)):\n\n```\nnpm start\n```\n';

it('the examples of a translation are those of the English page', () => {
  expect(faultsOfExamples(ENGLISH, '运行：\n\n```\nnpm start\n```\n')).toEqual([]);
  expect(faultsOfExamples(ENGLISH, '运行：\n\n```\nnpm test\n```\n')).toEqual([
    'example 1 is not that of the English page',
  ]);
  expect(faultsOfExamples(ENGLISH, '运行：npm start\n')).toEqual(['0 examples instead of 1']);
});

it('a translation links to what the English page links to, in its own folder and by its own headings', () => {
  expect(faultsOfLinks(ENGLISH, '[工具](../../libs/kit.md)，[原因](codes.md#处理)')).toEqual([]);
  expect(faultsOfLinks(ENGLISH, '[工具](../../libs/kit.md)，[原因](codes.md)')).toEqual([
    'no link to codes.md#',
    'a link to codes.md, which the English page does not have',
  ]);
});

it('a link that the English page has twice is in the translation twice', () =>
  expect(faultsOfLinks('[a](b.md) [c](b.md)', '[甲](b.md)')).toEqual(['no link to b.md']));
