import { writePlain } from '#text';
import { contentOf } from './content.js';
import { readMessage } from './cq-codes.js';

test.each(['constructor', 'toString', 'hasOwnProperty', '__proto__'])(
  'a segment of the type "%s" is no attachment: it becomes words',
  (type) => {
    const { media, tree } = contentOf(readMessage([{ type, data: {} }]) ?? []);
    expect(media).toEqual([]);
    expect(writePlain(tree)).not.toBe('');
  },
);

test('a message is its words, its quote, its place and its attachments', () => {
  const message = [
    { type: 'reply', data: { id: '7' } },
    { type: 'text', data: { text: 'here' } },
    { type: 'location', data: { lat: '39.9', lon: '116.4', title: 'Beijing' } },
    { type: 'image', data: { url: 'https://example.org/a.jpg' } },
  ];
  const { quotes, tree, location, media } = contentOf(readMessage(message) ?? []);
  expect([quotes, writePlain(tree), media.map(({ source }) => source)]).toEqual([
    '7',
    'here',
    [{ url: 'https://example.org/a.jpg' }],
  ]);
  expect(location).toBeDefined();
});
