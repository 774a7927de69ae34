import { previewOf } from './text-preview.js';

test('a short text is its own beginning', () => {
  expect(previewOf('', 3)).toEqual({ start: '', more: false });
  expect(previewOf('abc', 3)).toEqual({ start: 'abc', more: false });
});

test('it ends after so many graphemes, each of them whole', () => {
  expect(previewOf('a👩‍👩‍👧中b', 3)).toEqual({ start: 'a👩‍👩‍👧中', more: true });
});

test('of a letter that goes on for longer than anything is read, nothing is shown', () => {
  expect(previewOf(`ab${'\u0301'.repeat(1000)}`, 3)).toEqual({ start: 'a', more: true });
});
