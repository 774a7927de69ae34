/** Faces of networks become emoji and come back; what no table knows stays readable. */
import fc from 'fast-check';
import {
  faceIdOf,
  faceOf,
  LETTER_TABLE,
  letterShortcuts,
  MESSENGER_TABLE,
  messengerFaces,
  MICROBLOG_TABLE,
  microblogFaces,
  Shortcuts,
} from './index.js';

const TABLES = [
  { what: 'names and codes of WeChat', table: MESSENGER_TABLE, faces: messengerFaces },
  { what: 'names of Weibo', table: MICROBLOG_TABLE, faces: microblogFaces },
  { what: 'shortcuts of Fetion', table: LETTER_TABLE, faces: letterShortcuts },
];

describe.each(TABLES)('$what', ({ table, faces }) => {
  test('every shortcut becomes its emoji, which becomes a shortcut for the same emoji', () => {
    for (const [shortcut] of table.entries) {
      const emoji = faces.toEmoji(shortcut);
      expect([shortcut, faces.emojiOf(shortcut)]).toEqual([shortcut, emoji]);
      expect(emoji).toMatch(/^\p{Extended_Pictographic}/u);
      expect(faces.toEmoji(faces.toShortcuts(emoji))).toBe(emoji);
    }
  });

  test('the words around them stay', () => {
    const word = fc.constantFrom('hello', '你好', '1', 'a/b', '', '(', '[', '/:', '🙂', '👍🏽', '👨‍👩‍👧');
    const shortcut = fc.constantFrom(...table.entries.map(([one]) => one));
    fc.assert(
      fc.property(fc.array(fc.tuple(word, shortcut), { maxLength: 6 }), (pieces) => {
        const text = pieces.flat().join(' ');
        const expected = pieces.map(([one, code]) => `${one} ${faces.emojiOf(code)}`).join(' ');
        expect(faces.toEmoji(text)).toBe(expected);
      }),
    );
  });

  test('any text is read and written within a bounded time', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (text) => {
        expect(faces.toShortcuts(faces.toEmoji(text)).isWellFormed()).toBe(text.isWellFormed());
      }),
    );
  });
});

test.each([
  ['你好[微笑]', '你好🙂'],
  ['你好/::)/::)', '你好🙂🙂'],
  ['[Facepalm]ok', '🤦ok'],
  ['hi/:heart', 'hi❤️'],
  ['/:,@-D/:,@P', '😊🤭'],
  ['[没有这个]', '[没有这个]'],
  ['/users/:list', '/users/:list'],
  ['/::D /::d', '😁 🙄'],
])('WeChat: %s is %s', (native, read) => {
  expect(messengerFaces.toEmoji(native)).toBe(read);
});

test.each([
  ['看[允悲][doge]', '看🤦🐶'],
  ['[跪了]', '[跪了]'],
])('Weibo: %s is %s', (native, read) => {
  expect(microblogFaces.toEmoji(native)).toBe(read);
});

test.each([
  ['hello :) (y)', 'hello 🙂 👍'],
  ['f(c) = 1', 'f(c) = 1'],
  ["no :'(", 'no 😢'],
])('Fetion: %s is %s', (native, read) => {
  expect(letterShortcuts.toEmoji(native)).toBe(read);
});

test('an emoji without U+FE0F is the same emoji; one with a skin tone is another', () => {
  expect(letterShortcuts.toShortcuts('❤ ❤️ 👍 👍🏽 👨‍👩‍👧')).toBe('(l) (l) (y) 👍🏽 👨‍👩‍👧');
});

test('of two shortcuts that begin alike, the longer one is read', () => {
  const faces = new Shortcuts({
    entries: [
      ['(s)', '🌙'],
      ['(s)t', '🌧️'],
    ],
  });
  expect(faces.toEmoji('(s)t (s)')).toBe('🌧️ 🌙');
});

describe('numbers of faces', () => {
  test.each([
    ['14', '🙂'],
    ['182', '😂'],
    ['66', '❤️'],
    ['184', '[河蟹]'],
    ['9999', undefined],
    ['', undefined],
  ])('%s is %s', (id, face) => {
    expect(faceOf(id)).toBe(face);
  });

  test('the emoji of a face has a face that shows the same', () => {
    for (let id = 0; id < 400; id++) {
      const face = faceOf(String(id));
      if (face !== undefined && !face.startsWith('[')) expect(faceOf(faceIdOf(face) ?? '')).toBe(face);
    }
    expect(faceIdOf('❤')).toBe('66');
    expect(faceIdOf('🦖')).toBeUndefined();
  });
});
