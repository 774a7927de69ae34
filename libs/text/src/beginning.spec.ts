import { beginningOf } from './beginning.js';

test('a short text is its own beginning', () => {
  expect(beginningOf('', 3)).toEqual({ start: '', more: false });
  expect(beginningOf('abc', 3)).toEqual({ start: 'abc', more: false });
});

test('it ends after so many graphemes, each of them whole', () => {
  expect(beginningOf('a👩‍👩‍👧中b', 3)).toEqual({ start: 'a👩‍👩‍👧中', more: true });
});

test('of a letter that goes on for longer than anything is read, nothing is shown', () => {
  expect(beginningOf(`ab${'\u0301'.repeat(1000)}`, 3)).toEqual({ start: 'a', more: true });
});
