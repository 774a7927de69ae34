/** The small pure parts that the cases are made of. */
import { levels, type Capabilities } from '#protocol';
import { strangerLike } from './certify.js';
import { longText, pieceCount, wordsMissing } from './long-text.js';
import { png, pictures } from './picture.js';
import { feature } from './case.js';

const plain: Capabilities = { version: '1', language: 'en', features: levels(2), limits: {} };

test.each([
  ['echo', 'nobody-r'],
  ['echo@example.org', 'nobody-r@example.org'],
  ['@echo:example.org', '@nobody-r:example.org'],
])('somebody like %s who does not exist is %s', (loopback, stranger) =>
  expect(strangerLike(loopback, 'r')).toBe(stranger),
);

test('a long text is over the limit, and its words are found again in pieces', () => {
  const limited = { ...plain, limits: { textLength: 100 } };
  const words = longText(limited, '#t#');
  const text = words.join(' ');
  expect(text.length).toBeGreaterThan(100);
  const pieces = text.match(/.{1,98}/gs) ?? [];
  expect(wordsMissing(words, pieces).length).toBeLessThanOrEqual(pieceCount(words, limited));
  expect(wordsMissing(words, [text])).toEqual([]);
  expect(wordsMissing(words, pieces.slice(1)).length).toBeGreaterThan(pieceCount(words, limited));
});

test('the picture is a PNG', () => {
  expect(
    png(Buffer.of(1, 2, 3))
      .subarray(0, 8)
      .toString('hex'),
  ).toBe('89504e470d0a1a0a');
});

test.each<[string, Capabilities, boolean]>([
  ['declares no rules for media', plain, false],
  ['takes pictures of any kind', { ...plain, media: { image: {} } }, true],
  ['takes only another kind', { ...plain, media: { image: { types: ['image/gif'] } } }, false],
  [
    'turns pictures into its own kind',
    { ...plain, media: { image: { types: ['image/gif'] }, converts: ['image'] } },
    true,
  ],
  [
    'takes pictures, and shows none',
    { ...plain, features: levels(2, { media: -1 }), media: { image: {} } },
    false,
  ],
])('a network that %s', (_, capabilities, declared) =>
  expect(pictures.isDeclared(capabilities, [])).toBe(declared),
);

test('no adapter declares a feature that this version does not know', () => {
  expect(feature('group of the future').isDeclared(plain, [])).toBe(false);
  expect(feature('edit').isDeclared(plain, [])).toBe(true);
});
