import fc from 'fast-check';
import type { Capabilities, Feature, Level } from './capabilities.js';
import { FEATURES } from './capabilities.js';
import { aMessage } from '../test/a-message.js';
import { EMPTY, markdownText, plainText, textParts, type Content } from './content.js';
import { degradeMessage, stripMarkdown } from './degrade.js';
import type { EventId } from './ids.js';
import { splitText } from './split-text.js';

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
    ['an edit', edit, { edit: 0 } as const, '(edited) better'],
    ['a recall', recall, { recall: 0 } as const, '(recalled an earlier message)'],
    ['a reaction', reaction, { reaction: 0 } as const, '(reacted 👍)'],
    ['formatting', styled, { formatting: 0 } as const, 'yes, see (https://example.org)'],
  ])('%s becomes words, and the event says so', (_, event, lacking, words) => {
    const degraded = degradeMessage(event, able(lacking), 'switch');
    expect(degraded.verdict).toBe('pass');
    if (degraded.verdict !== 'pass') return;
    const { content, degradations } = degraded.event.data;
    expect(textParts(content.body).map((part) => part.content)).toEqual([words]);
    expect(degradations).toEqual([
      expect.objectContaining({ feature: Object.keys(lacking)[0], level: 0, by: 'switch' }),
    ]);
  });

  test('the words are in the language of the destination', () => {
    const degraded = degradeMessage(recall, able({ recall: 0 }, 'zh'), 'switch');
    expect(degraded.verdict === 'pass' && textParts(degraded.event.data.content.body)[0]?.content).toBe(
      '（撤回了一条消息）',
    );
  });

  test('a reply without its reference is still a message', () => {
    const degraded = degradeMessage(reply, able({ reply: 0 }), 'switch');
    expect(degraded.verdict === 'pass' && degraded.event.data.content).toEqual({ body: plainText('yes') });
  });

  test('-1 drops and -2 rejects, and both are told apart', () => {
    expect(degradeMessage(reaction, able({ reaction: -1 }), 'switch')).toEqual({
      verdict: 'drop',
      feature: 'reaction',
    });
    expect(degradeMessage(edit, able({ edit: -2 }), 'switch')).toEqual({
      verdict: 'reject',
      feature: 'edit',
    });
  });

  test('stripping marks keeps the words', () => {
    expect(stripMarkdown('a **b** _c_ ~~d~~ `e` \\*f\\*')).toBe('a b c d e *f*');
  });
});

describe('splitting text', () => {
  const family = '👩‍👩‍👧';

  test('the pieces joined are the text, none is longer than the limit, and no grapheme is cut', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', ' ', '\n', '中', family, 'é'), maxLength: 300 }),
        fc.integer({ min: 1, max: 50 }),
        (text, limit) => {
          const pieces = splitText(text, limit);
          expect(pieces.join('')).toBe(text);
          const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
          for (const piece of pieces)
            expect([...graphemes.segment(piece)].length).toBeLessThanOrEqual(Math.max(limit, 1));
        },
      ),
    );
  });

  test('it breaks at a word when one is near', () => {
    expect(splitText('hello brave new world', 12)).toEqual(['hello brave ', 'new world']);
  });
});
