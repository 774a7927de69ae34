import fc from 'fast-check';
import {
  cardOf,
  cardPart,
  contentKind,
  EMPTY,
  FEATURES,
  locationPart,
  markdownText,
  placeOf,
  plainText,
  wordsOf,
  type Capabilities,
  type Content,
  type EventId,
  type Feature,
  type Level,
  type Part,
} from '#protocol';
import { aMessage } from '../../protocol/test/a-message.js';
import { degradeMessage, inWords } from './degrade.js';

const first = 'first-message' as EventId;

function able(over: Partial<Record<Feature, Level>>, language: 'en' | 'zh' = 'en'): Capabilities {
  const all = Object.fromEntries(FEATURES.map((feature) => [feature, 2])) as Record<Feature, Level>;
  return { version: '1', language, features: { ...all, ...over }, limits: {} };
}

function saying(content: Content) {
  return aMessage('x', { data: { ...aMessage().data, content } });
}

describe('degradation by rule', () => {
  const edit = saying({ replaces: first, body: plainText('better') });
  const recall = saying({ replaces: first, body: EMPTY });
  const reaction = saying({
    inReplyTo: first,
    body: EMPTY,
    reactions: { add: ['👍'], remove: [], current: ['👍'] },
  });
  const reply = saying({ inReplyTo: first, body: plainText('yes') });
  const styled = saying({ body: markdownText('**yes**, [see](https://example.org)') });

  test('where all is shown, nothing changes', () => {
    for (const event of [edit, recall, reaction, reply, styled])
      expect(degradeMessage(event, able({}), 'switch')).toEqual({ verdict: 'pass', event });
  });

  test.each([
    ['an edit', edit, '(edited) better', '（已修改）better'],
    ['a recall', recall, '(recalled an earlier message)', '（撤回了一条消息）'],
    ['a reaction', reaction, '(reacted 👍)', '（回应了 👍）'],
  ])('%s is left to the adapter, which knows its target, and can be said in words', (_, event, en, zh) => {
    const lacking = { edit: 0, recall: 0, reaction: 0 } as const;
    expect(degradeMessage(event, able(lacking), 'switch')).toEqual({ verdict: 'pass', event });
    const told = inWords(event, able(lacking), 'xmpp', 'sent as words');
    expect(contentKind(told.data.content)).toBe('new');
    expect(wordsOf(told.data.content.body)).toBe(en);
    expect(told.data.degradations).toEqual([
      expect.objectContaining({ level: 0, rule: 'sent as words', by: 'xmpp' }),
    ]);
    expect(wordsOf(inWords(event, able(lacking, 'zh'), 'xmpp', 'x').data.content.body)).toBe(zh);
  });

  test('formatting becomes plain text, and the event says so', () => {
    const degraded = degradeMessage(styled, able({ formatting: 0 }), 'switch');
    expect(degraded.verdict === 'pass' && degraded.event.data).toMatchObject({
      content: { body: plainText('yes, see (https://example.org)') },
      degradations: [{ feature: 'formatting', level: 0, by: 'switch' }],
    });
  });

  test('a reply without its reference still says that it is one', () => {
    const degraded = degradeMessage(reply, able({ reply: 0 }), 'switch');
    expect(degraded.verdict === 'pass' && degraded.event.data.content).toEqual({
      body: plainText('(reply) yes'),
    });
  });

  test.each<[string, Part, Partial<Record<Feature, Level>>, string]>([
    [
      'a location',
      locationPart({ latitude: 39.94, longitude: 116.39, label: 'Bell Tower' }),
      { location: 0 },
      '（位置：Bell Tower）https://www.openstreetmap.org/?mlat=39.94&mlon=116.39#map=16/39.94/116.39',
    ],
    [
      'a contact card',
      cardPart({ name: 'Li; Lei', phone: '13800138000' }),
      { card: 0 },
      '（名片：Li; Lei，13800138000）',
    ],
    [
      'a sticker',
      { kind: 'external', disposition: 'inline', contentType: 'image/png', description: '挥手' },
      { sticker: 0 },
      '（表情：挥手）',
    ],
    [
      'a picture whose content did not come with it, even where pictures are shown',
      { kind: 'external', disposition: 'attachment', contentType: 'image/*' },
      {},
      '（图片，本网络暂不支持）',
    ],
  ])('%s becomes words', (_, body, lacking, words) => {
    const degraded = degradeMessage(saying({ body }), able(lacking, 'zh'), 'switch');
    expect(degraded.verdict === 'pass' && wordsOf(degraded.event.data.content.body)).toBe(words);
  });

  test('locations and cards with any content come out unchanged', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        fc.double({ min: -90, max: 90, noNaN: true }),
        (name, number) => {
          expect(cardOf(cardPart({ name, phone: name }))).toEqual({
            name: name.trim(),
            phone: name.trim(),
            id: undefined,
          });
          const place = { latitude: number, longitude: number, label: name };
          expect(placeOf(locationPart(place))).toEqual(JSON.parse(JSON.stringify(place)));
        },
      ),
    );
  });

  test('-1 drops and -2 rejects, and the results differ', () => {
    expect(degradeMessage(reaction, able({ reaction: -1 }), 'switch')).toEqual({
      verdict: 'drop',
      feature: 'reaction',
    });
    expect(degradeMessage(edit, able({ edit: -2 }), 'switch')).toEqual({
      verdict: 'reject',
      feature: 'edit',
    });
  });
});
