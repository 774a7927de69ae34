import { createRequire } from 'node:module';
import type { Element } from '@xmpp/component';
import fc from 'fast-check';
import { markdownText, plainText, RESULT_CODES } from '#protocol';
import { readAvailability, readMessage, stanzaIds } from './to-canonical.js';
import { bounced, errorElement, hubErrorOf } from './xmpp.errors.js';
import { FUZZ_RUNS } from '../../../test/support/amounts.js';

const { parse } = createRequire(import.meta.url)('ltx') as { parse: (text: string) => Element };

function chat(inner: string, attrs = "id='m1'"): Element {
  return parse(
    `<message from='alice@example.org/phone' to='bob@matrix.hub.example.org' type='chat' ${attrs}>${inner}</message>`,
  );
}

describe('a stanza, as an act', () => {
  test('a plain message, with the receipts that it asks for', () => {
    expect(
      readMessage(
        chat(
          "<body>hi</body><request xmlns='urn:xmpp:receipts'/><markable xmlns='urn:xmpp:chat-markers:0'/>",
        ),
      ),
    ).toEqual([{ act: 'message', body: plainText('hi'), media: [], wants: ['delivered', 'read'] }]);
  });

  test('a styled message', () => {
    expect(readMessage(chat('<body>*hi*</body>'))).toEqual([
      { act: 'message', body: markdownText('**hi**'), media: [], wants: [] },
    ]);
  });

  test('a reply, without the quote that old clients see', () => {
    const stanza = chat(
      "<body>&gt; 👍 earlier\nyes</body><reply xmlns='urn:xmpp:reply:0' to='bob@matrix.hub.example.org' id='m0'/><fallback xmlns='urn:xmpp:fallback:0' for='urn:xmpp:reply:0'><body start='0' end='12'/></fallback>",
    );
    expect(readMessage(stanza)).toEqual([
      { act: 'message', body: plainText('yes'), media: [], wants: [], replyTo: 'm0' },
    ]);
  });

  test.each([
    [
      'a correction',
      "<body>new</body><replace xmlns='urn:xmpp:message-correct:0' id='m0'/>",
      { act: 'edit', target: 'm0', body: plainText('new') },
    ],
    [
      'a retraction',
      "<retract xmlns='urn:xmpp:message-retract:1' id='m0'/><body>gone</body>",
      { act: 'recall', target: 'm0' },
    ],
    [
      'reactions',
      "<reactions xmlns='urn:xmpp:reactions:0' id='m0'><reaction>👍</reaction><reaction>🎉</reaction><reaction>👍</reaction></reactions>",
      { act: 'reaction', target: 'm0', emoji: ['👍', '🎉'] },
    ],
    [
      'no reactions any more',
      "<reactions xmlns='urn:xmpp:reactions:0' id='m0'/>",
      { act: 'reaction', target: 'm0', emoji: [] },
    ],
    ['delivered', "<received xmlns='urn:xmpp:receipts' id='m0'/>", { act: 'delivered', target: 'm0' }],
    ['read', "<displayed xmlns='urn:xmpp:chat-markers:0' id='m0'/>", { act: 'read', target: 'm0' }],
    [
      'composing',
      "<composing xmlns='http://jabber.org/protocol/chatstates'/>",
      { act: 'typing', state: 'composing' },
    ],
    ['gone', "<gone xmlns='http://jabber.org/protocol/chatstates'/>", { act: 'typing', state: 'stopped' }],
  ])('%s', (_, inner, act) => {
    expect(readMessage(chat(inner))).toEqual([act]);
  });

  test('an encrypted message is refused, not passed on as its hint', () => {
    expect(() =>
      readMessage(
        chat("<encrypted xmlns='eu.siacs.conversations.axolotl'/><body>I sent you an OMEMO message</body>"),
      ),
    ).toThrow(expect.objectContaining({ code: '12' }) as Error);
  });

  test('a correction that names nothing is malformed', () => {
    expect(() => readMessage(chat("<body>new</body><replace xmlns='urn:xmpp:message-correct:0'/>"))).toThrow(
      expect.objectContaining({ code: '30' }) as Error,
    );
  });

  test('its identity is the origin-id, else the id; others may use either', () => {
    expect(stanzaIds(chat("<origin-id xmlns='urn:xmpp:sid:0' id='o1'/>"))).toEqual({
      origin: 'o1',
      id: 'o1',
      all: ['o1', 'm1'],
    });
    expect(stanzaIds(chat('', ''))).toEqual({ origin: undefined, id: undefined, all: [] });
  });

  test('presence', () => {
    expect(readAvailability(parse('<presence><show>dnd</show><status>busy</status></presence>'))).toEqual({
      availability: 'dnd',
      statusText: 'busy',
    });
    expect(readAvailability(parse("<presence type='unavailable'/>"))).toEqual({ availability: 'offline' });
    expect(readAvailability(parse('<presence/>'))).toEqual({ availability: 'available' });
  });

  test('any stanza of a client is translated or refused with a code', () => {
    const names = fc.constantFrom(
      'body',
      'replace',
      'retract',
      'reactions',
      'reply',
      'fallback',
      'received',
      'displayed',
      'composing',
      'error',
      'encrypted',
    );
    const spaces = fc.constantFrom(
      '',
      'urn:xmpp:receipts',
      'urn:xmpp:reply:0',
      'urn:xmpp:fallback:0',
      'urn:xmpp:message-retract:1',
      'urn:xmpp:reactions:0',
      'http://jabber.org/protocol/chatstates',
    );
    const child = fc.record({
      name: names,
      ns: spaces,
      id: fc.string({ unit: 'grapheme-ascii', maxLength: 5 }),
      text: fc.string({ maxLength: 30 }),
    });
    const escape = (text: string) =>
      text
        .replaceAll('&', '&amp;')
        .replaceAll('<', '&lt;')
        .replaceAll("'", '&apos;')
        .replaceAll(/[^\P{Cc}\n]/gu, '');
    fc.assert(
      fc.property(
        fc.array(child, { maxLength: 5 }),
        fc.constantFrom('chat', 'error', 'headline', ''),
        (children, type) => {
          const inner = children
            .map(
              ({ name, ns, id, text }) =>
                `<${name} xmlns='${ns}' id='${escape(id)}' start='${escape(text)}' end='9' for='urn:xmpp:reply:0'>${escape(text)}</${name}>`,
            )
            .join('');
          try {
            readMessage(chat(inner, `type2='${type}'`));
          } catch (error) {
            expect(error).toMatchObject({ name: 'HubError' });
          }
        },
      ),
      { numRuns: FUZZ_RUNS },
    );
  });
});

describe('errors', () => {
  test.each(RESULT_CODES)('%s has a stanza error with a text for the person', (code) => {
    const error = errorElement(code);
    expect(error.getChildElements()).toHaveLength(2);
    expect(error.getChildText('text')).toContain(code);
  });

  test('a bounce goes back to the very client, under the same id', () => {
    const bounce = bounced(chat('<body>x</body>'), '14');
    expect(bounce.attrs).toMatchObject({
      to: 'alice@example.org/phone',
      from: 'bob@matrix.hub.example.org',
      id: 'm1',
      type: 'error',
    });
    expect(
      bounce.getChild('error')?.getChild('item-not-found', 'urn:ietf:params:xml:ns:xmpp-stanzas'),
    ).toBeDefined();
  });

  test.each([
    ['service-unavailable', '14'],
    ['forbidden', '40'],
    ['resource-constraint', '65'],
    ['undefined-condition', '100'],
  ])('%s from the server is %s', (condition, code) => {
    const error = parse(
      `<error type='cancel'><${condition} xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>`,
    );
    expect(hubErrorOf(error).code).toBe(code);
  });
});
