import { compare } from './compare';

test('amounts are sorted as numbers, other text as text, and what is empty comes first', () => {
  expect(['9.5', '-10', '10', '0.000001', '-2'].sort(compare)).toEqual([
    '-10',
    '-2',
    '0.000001',
    '9.5',
    '10',
  ]);
  expect([3, 20, 1].sort(compare)).toEqual([1, 3, 20]);
  expect(['wechat', null, 'fetion'].sort(compare)).toEqual([null, 'fetion', 'wechat']);
});
