import { Availability, markdownText, plainText, type MessageEvent, type Part } from '#protocol';
import { basicPresence, message, textOf } from './from-canonical.js';
import { availabilityOf } from './to-canonical.js';

const said = (body: Part) => ({ data: { content: { body } } }) as MessageEvent;

describe('frames that a Fetion client would send', () => {
  test('a message goes through the server, and is kept there', () => {
    expect(message('sip:793400001@fetion.com.cn;p=1919', '你好')).toEqual({
      headers: [
        ['T', 'sip:793400001@fetion.com.cn;p=1919'],
        ['C', 'text/plain'],
        ['K', 'SaveHistory'],
        ['N', 'CatMsg'],
      ],
      body: '你好',
    });
  });

  test.each([
    ['a text', plainText('a <b> & 👋'), 'a <b> & 👋'],
    ['a text with an emoji that clients show', plainText('good 👍'), 'good (y)'],
    ['a styled text', markdownText('**hi**'), 'hi'],
    [
      'two parts',
      {
        kind: 'multi',
        disposition: 'render',
        semantics: 'processAll',
        parts: [plainText('one'), plainText('two')],
      },
      'one\ntwo',
    ],
    ['nothing', { kind: 'null', disposition: 'unspecified' }, ''],
  ] satisfies [string, Part, string][])('the words of %s', (_, body, words) => {
    expect(textOf(said(body))).toBe(words);
  });

  test.each([
    ['available', 400],
    ['away', 100],
    ['xa', 100],
    ['dnd', 600],
    ['offline', 0],
    ['unknown', undefined],
  ] as const)('%s is shown as %s', (availability, value) => {
    expect(basicPresence(availability)).toBe(value);
  });

  test('each presence except "away for long" is read back as the same presence', () => {
    const again = Availability.options
      .map((availability) => [availability, basicPresence(availability)] as const)
      .map(([availability, value]) => [
        availability,
        value === undefined ? 'unknown' : availabilityOf(value),
      ]);
    expect(again.filter(([before, after]) => before !== after)).toEqual([['xa', 'away']]);
  });
});
