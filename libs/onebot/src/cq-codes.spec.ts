import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { treeOfText, writePlain } from '#text';
import { readCqCodes, segmentsOf, treeOf, writeCqCodes } from './cq-codes.js';

test.each([
  ['plain', 'hello', [{ type: 'text', data: { text: 'hello' } }]],
  ['a code alone', '[CQ:face,id=14]', [{ type: 'face', data: { id: '14' } }]],
  ['a code without parameters', '[CQ:shake]', [{ type: 'shake', data: {} }]],
  [
    'escapes in text and in parameters',
    '&#91;a&#93; &amp;lt;[CQ:share,url=https://e.org/?a=1&amp;b=2,title=x&#44;y]',
    [
      { type: 'text', data: { text: '[a] &lt;' } },
      { type: 'share', data: { url: 'https://e.org/?a=1&b=2', title: 'x,y' } },
    ],
  ],
  ['what only looks like a code', '[CQ:face [CQ:]', [{ type: 'text', data: { text: '[CQ:face [CQ:]' } }]],
])('%s', (_, text, segments) => {
  expect(readCqCodes(text)).toEqual(segments);
});

const parameters = fc.dictionary(fc.stringMatching(/^[a-z_]{1,8}$/), fc.string(), {
  maxKeys: 4,
  noNullPrototype: true,
});
const segment = fc.oneof(
  fc.record({
    type: fc.constant('text'),
    data: fc.record({ text: fc.string({ minLength: 1, unit: 'grapheme' }) }),
  }),
  fc.record({ type: fc.stringMatching(/^[a-z]{1,8}$/).filter((type) => type !== 'text'), data: parameters }),
);

test('what is written as CQ codes is read again', () => {
  fc.assert(
    fc.property(fc.array(segment, { maxLength: 6 }), (segments) => {
      const joined = segments.flatMap((one, at) =>
        // Two texts side by side are one.
        one.type === 'text' && segments[at - 1]?.type === 'text' ? [] : [one],
      );
      expect(readCqCodes(writeCqCodes(joined))).toEqual(joined);
    }),
  );
});

test('any text becomes segments, and the same text again', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const plain = writePlain(treeOfText(text));
      expect(writePlain(treeOf(segmentsOf(treeOfText(text)))).replaceAll('\uFE0F', '')).toBe(
        plain.replaceAll('\uFE0F', ''),
      );
    }),
  );
});

test('an emoji with a skin tone is no face', () => {
  expect(segmentsOf(treeOfText('好👍🏽👍'))).toEqual([
    { type: 'text', data: { text: '好👍🏽' } },
    { type: 'face', data: { id: '76' } },
  ]);
});

test.each([
  '[CQ:a,'.repeat(20_000),
  '[CQ:a,b=c'.repeat(20_000),
  '&#91;'.repeat(20_000),
  '[CQ:'.repeat(30_000),
])('long texts of unfinished codes are read at once', (text) => {
  expect(readCqCodes(text)).toHaveLength(1);
});

test('the vector of the signature of an event', () => {
  expect(createHmac('sha1', 'some-secret').update('{"post_type":"meta_event"}').digest('hex')).toBe(
    '075b11a3eadbca8b04342a54e3d8e3c9f86f423e',
  );
});
