/** Entities of a text, of which a command may be taken off the start. */
import { Entities, formatOf, writeEntities } from './entities.js';
import { readMarkdown } from './markdown.js';

test('entities move when a command is taken off the start of the text', () => {
  const format = formatOf('@2 some bold words', [{ type: 'bold', offset: 8, length: 4 }]);
  expect(format?.('some bold words').content).toBe('some **bold** words');
  expect(format?.('@2 some bold words').content).toBe('@2 some **bold** words');
});

test('entities that Telegram finds by itself change nothing', () => {
  expect(formatOf('see https://example.org', [{ type: 'url', offset: 4, length: 19 }])).toBeUndefined();
});

test('what is no entity is left out', () => {
  const bold = { type: 'bold', offset: 0, length: 2 };
  expect(Entities.parse([bold, 7, { type: 'bold' }, { type: 'italic', offset: 0.5, length: 1 }])).toEqual([
    bold,
  ]);
  expect(Entities.parse('no list')).toEqual([]);
});

test('a tree is written as text and entities', () => {
  expect(writeEntities(readMarkdown('~~a~~ [b](https://example.org/)'))).toEqual({
    text: 'a b',
    entities: [
      { type: 'strikethrough', offset: 0, length: 1 },
      { type: 'text_link', offset: 2, length: 1, url: 'https://example.org/' },
    ],
  });
});
