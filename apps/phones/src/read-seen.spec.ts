import type { Seen } from '#phones';
import { eventOf, familyOf } from './read-seen.js';

const context = {
  phone: 'xmpp-0',
  chat: 'im:li@platform',
  name: 'Li',
  at: 7,
  content: 3,
  reactionsReplace: true,
};
const read = (seen: Partial<Seen> & Pick<Seen, 'kind'>) =>
  eventOf({ from: 'li', id: 'm1', ...seen }, context);

test('a text with the message that it answers, and the quote of clients that do not know it', () => {
  expect(read({ kind: 'text', text: 'yes', target: 'm0', quote: '> are you\n> there?\n' })).toMatchObject({
    type: 'arrived',
    at: 7,
    body: { kind: 'text', text: 'yes' },
    reply: 'm0',
    quote: 'are you\nthere?',
  });
});

test('a late message has the time at which it was written', () => {
  expect(read({ kind: 'text', text: 'x', since: '2026-01-02T03:04:05Z' })).toMatchObject({
    at: Date.UTC(2026, 0, 2, 3, 4, 5),
  });
});

test('an attachment is fetched by its number, never by its address', () => {
  const media = { url: 'http://elsewhere.example/x', type: 'audio/ogg', seconds: 3 };
  const event = read({ kind: 'media', media });
  expect(event).toMatchObject({ body: { kind: 'media', what: 'voice', content: 3, seconds: 3 } });
  expect(JSON.stringify(event)).not.toContain('elsewhere');
});

test('a location that a client writes as a text is a location', () => {
  expect(read({ kind: 'text', text: 'geo:39.9,116.4\nDrum Tower' })).toMatchObject({
    body: { kind: 'place' },
  });
  expect(read({ kind: 'text', text: 'geo: is a scheme' })).toMatchObject({ body: { kind: 'text' } });
});

test.each([
  ['available', 'available'],
  ['online', 'available'],
  ['400', 'available'],
  ['offline', 'offline'],
  ['', 'offline'],
  ['dnd', 'away'],
  ['100', 'away'],
])('presence %s is %s', (state, expected) => {
  expect(read({ kind: 'presence', state, text: 'hm' })).toMatchObject({
    type: 'presence',
    state: expected,
    mood: 'hm',
  });
});

test('an error without a target is about the message with its own id', () => {
  expect(read({ kind: 'error', text: 'gone' })).toMatchObject({ type: 'failed', target: 'm1', why: 'gone' });
  expect(read({ kind: 'error', target: 'm0' })).toMatchObject({ target: 'm0' });
});

test.each([
  ['image/png', '', '', 'image'],
  ['', 'm.sticker', 'smile', 'image'],
  ['audio/amr', '', '', 'voice'],
  ['', 'm.video', '', 'video'],
  ['', '', 'note.amr', 'voice'],
  ['', '', 'photo.JPG', 'image'],
  ['application/pdf', 'file', 'a.png', 'file'],
  ['', '', 'a.exe', 'file'],
] as const)('type "%s", state "%s", name "%s": %s', (type, state, name, expected) => {
  expect(familyOf(type, state, name)).toBe(expected);
});
