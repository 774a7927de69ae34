import { eventId, network } from '#protocol';
import { Excerpts } from './excerpts.js';
import { newMessage } from './from-canonical.js';
import { NS } from './namespaces.js';
import { readMessage } from './to-canonical.js';

const envelope = { from: 'bob@matrix.hub.example.org', to: 'alice@example.org', id: 'm2' };
const target = { to: 'alice@example.org', id: 'm1' };

describe('a reply', () => {
  test('quotes the answered message, for clients that show no references', () => {
    const stanza = newMessage(envelope, 'so do I', { reply: { ...target, excerpt: 'I like 🍜' } });
    expect(stanza.getChildText('body')).toBe('> I like 🍜\nso do I');
    expect(stanza.getChild('reply', NS.reply)?.attrs).toMatchObject(target);
    // Code points, of which the bowl is one.
    expect(stanza.getChild('fallback', NS.fallback)?.getChild('body')?.attrs).toEqual({
      start: '0',
      end: '11',
    });
  });

  test('that the adapter reads back contains only its own text', () => {
    const stanza = newMessage(envelope, 'so do I', { reply: { ...target, excerpt: 'I like 🍜' } });
    expect(readMessage(stanza)[0]).toMatchObject({
      act: 'message',
      body: { content: 'so do I' },
      replyTo: 'm1',
    });
  });

  test('to a message that is too old quotes nothing', () => {
    const stanza = newMessage(envelope, 'so do I', { reply: target });
    expect(stanza.getChildText('body')).toBe('so do I');
    expect(stanza.getChild('fallback', NS.fallback)).toBeUndefined();
  });
});

describe('an excerpt', () => {
  const id = eventId(network('xmpp'), 'message', 'm1');
  const excerptOf = (text: string) => {
    const excerpts = new Excerpts();
    excerpts.keep(id, text);
    return excerpts.of(id);
  };

  test('is the first line', () => {
    expect(excerptOf('\nhello bob\nhow are you?')).toBe('hello bob');
  });

  test('is short, and cut between characters', () => {
    expect(excerptOf('👩‍👩‍👧'.repeat(200))).toBe(`${'👩‍👩‍👧'.repeat(80)}…`);
  });

  test('of an empty text is empty', () => {
    expect(excerptOf(' \n ')).toBeUndefined();
  });
});
