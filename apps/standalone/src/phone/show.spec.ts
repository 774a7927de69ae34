import fc from 'fast-check';
import type { Sight } from '#simulators';
import { presenceInWords, shownSight, sizeInWords, timeOf, type Showing } from './show.js';
import { WORDS } from './words.js';

const AT = '2026-03-01T09:05:00.000Z';
const hello: Sight = {
  n: 3,
  at: AT,
  kind: 'text',
  from: '700000001',
  name: 'Alice (xmpp)',
  id: 'XI3',
  text: 'hi',
};
const showing: Showing = {
  words: WORDS.en,
  lineOf: (id) => (id === 'own-1' ? '+1' : ''),
  colours: false,
};
const show = (sight: Partial<Sight>, more: Partial<Showing> = {}) =>
  shownSight({ ...hello, ...sight }, { ...showing, ...more });
const time = timeOf(AT);

describe('what a person sees', () => {
  test('begins with hour and minute and the number under which it can be answered, and says who', () => {
    expect(time).toMatch(/^\d\d:05$/);
    expect(show({})).toBe(`${time} 3 Alice (xmpp) <700000001>: hi`);
  });

  test('a picture: name, type, size and address', () => {
    const media = { url: 'http://127.0.0.1:8095/m/1', name: 'hutong.jpg' };
    const sight: Partial<Sight> = { kind: 'media', state: 'image', text: 'hutong.jpg', media };
    expect(show(sight, { facts: { type: 'image/jpeg', bytes: 54_000 } })).toBe(
      `${time} 3 Alice (xmpp) <700000001>: [picture] hutong.jpg, image/jpeg, 53 KB  http://127.0.0.1:8095/m/1`,
    );
  });

  test('a voice note of unknown size with a caption, in Chinese', () => {
    const media = { url: 'http://127.0.0.1/1', seconds: 3.2 };
    expect(show({ kind: 'media', state: 'voice', text: '听一下', media }, { words: WORDS.zh })).toBe(
      `${time} 3 Alice (xmpp) <700000001>: [语音] 大小未知, 3 秒  http://127.0.0.1/1  听一下`,
    );
  });

  test('a place: name, coordinates and a link to a map', () => {
    const place = { latitude: 39.9042, longitude: 116.4074, name: 'Beijing' };
    expect(show({ kind: 'location', text: 'Beijing 39.9042,116.4074', place })).toBe(
      `${time} 3 Alice (xmpp) <700000001>: [place]  Beijing  39.9042, 116.4074  https://www.openstreetmap.org/?mlat=39.9042&mlon=116.4074#map=16/39.9042/116.4074`,
    );
  });

  test.each([
    ['400', 'online', '在线'],
    ['100', 'away', '离开'],
    ['850', 'in a meeting', '会议中'],
    ['0', 'offline', '离线'],
    ['-1', 'offline', '离线'],
    ['available', 'online', '在线'],
    ['dnd', 'not to be disturbed', '请勿打扰'],
    ['123', 'in a state that this phone does not know (123)', '其他状态（123）'],
  ])('presence %s is said as %s, and in Chinese as %s', (state, en, zh) => {
    expect(show({ kind: 'presence', state, text: '' })).toContain(`is ${en}`);
    expect(presenceInWords(state, WORDS.zh)).toBe(zh);
  });

  test.each<[Partial<Sight>, string]>([
    [{ kind: 'delivered', target: 'own-1', text: '' }, '+1 was delivered'],
    [{ kind: 'recall', target: 'elsewhere', text: '' }, 'Alice (xmpp) <700000001> recalled a line'],
    [{ kind: 'reaction', target: 'own-1', text: '', emoji: ['🎉'] }, 'reacted to +1: 🎉'],
    [{ kind: 'failed', text: 'nobody there', state: '404' }, 'not delivered: (404) nobody there'],
    [{ kind: 'failed', text: 'nobody', target: 'own-1' }, '+1 was not delivered: nobody'],
    [{ kind: 'request', text: '' }, '/yes 700000001 or /no 700000001'],
    [{ kind: 'typing', text: '' }, 'is typing'],
    [{ state: 'sms' }, 'hi (SMS)'],
    [{ since: AT }, `(sent ${time})`],
    [{ since: '2026-02-01T12:00:00.000Z' }, '(sent 2026-02-01 '],
  ])('%j', (sight, words) => {
    expect(show(sight)).toContain(words);
  });

  test.each([
    [17, '17 B'],
    [54_000, '53 KB'],
    [20 * 1024 * 1024, '20.0 MB'],
  ])('%s bytes are %s', (bytes, words) => {
    expect(sizeInWords(bytes)).toBe(words);
  });
});

test('whatever others send, of whatever kind: no control character reaches the terminal, and the line is bounded', () => {
  const KINDS: Sight['kind'][] = [
    'text',
    'media',
    'location',
    'card',
    'link',
    'edit',
    'recall',
    'reaction',
    'sent-as-sms',
    'delivered',
    'read',
    'failed',
    'typing',
    'nudge',
    'call',
    'presence',
    'request',
    'accepted',
    'denied',
    'removed',
  ];
  const wild = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.constant('\u001b]0;mine\u0007\u001b[2J'),
    fc.constant('x'.repeat(30_000)),
  );
  const sight = fc.record({
    kind: fc.constantFrom(...KINDS),
    from: wild,
    name: wild,
    text: wild,
    state: wild,
    since: wild,
    emoji: fc.array(wild, { maxLength: 2 }),
    media: fc.record({ url: wild, name: wild }),
    place: fc.record({ latitude: fc.double(), longitude: fc.double(), name: wild }),
  });
  const facts = fc.record({ type: wild, bytes: fc.nat() });
  fc.assert(
    fc.property(sight, facts, fc.constantFrom('en' as const, 'zh' as const), (some, known, language) => {
      const line = show(some, { facts: known, words: WORDS[language] });
      // eslint-disable-next-line no-control-regex
      expect(line).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e]/);
      expect(line.startsWith(`${time} 3 `)).toBe(true);
      expect(line.length).toBeLessThan(50_000);
    }),
  );
});
