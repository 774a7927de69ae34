import fc from 'fast-check';
import { addressOf, network } from './address.js';
import { shownName } from './ghost-name.js';
import { cutName, LONGEST_NAME, personName } from './person-name.js';

const FAMILY = '\u{1F468}\u200D\u{1F469}\u200D\u{1F467}';
const CHINA = '\u{1F1E8}\u{1F1F3}';
const ENGLAND = '\u{1F3F4}\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}';

describe('a name that people really have stays as it is', () => {
  test.each([
    'Amy',
    '张三',
    '阿凡提·买买提',
    "O'Neil, Jr.",
    'Benedikt Öz',
    'Nguyễn Thị Ánh',
    'محمد علی\u200Cزاده',
    'श्रीमान्\u200Dक',
    `${FAMILY} family`,
    CHINA,
    ENGLAND,
    '1\uFE0F\u20E3 first',
    '❤\uFE0F',
    '葛\u{E0100}城',
    '王（北京分公司）',
    'Ann (née Smith)',
    'x².',
    '.',
  ])('%s', (name) => expect(personName(name)).toBe(name.normalize('NFC')));
});

describe('a name that looks blank is no name', () => {
  test.each([
    ['nothing', ''],
    ['spaces', ' \u00A0\u3000\u2003'],
    ['zero width', '\u200B\u200D\u2060\uFEFF'],
    ['Hangul fillers', '\u3164\u115F\u1160\uFFA0'],
    ['Braille blank', '\u2800'],
    ['bidi controls', '\u202E\u2066'],
    ['marks without a letter', '\u0301\u0302'],
    ['variation selectors', '\uFE0F\uFE0F'],
    ['tags', '\u{E0061}\u{E007F}'],
    ['object replacement', '\uFFFC'],
    ['Khmer vowels that are not drawn', '\u17B4\u17B5'],
  ])('%s', (_, name) => expect(personName(name)).toBeUndefined());
});

test.each([
  ['a line break', 'Amy\n[1 Bob', 'Amy [1 Bob'],
  ['other line ends', 'A\u2028B\u2029C\u0085D\vE', 'A B C D E'],
  ['right-to-left override', 'ymA\u202Egnp.exe', 'ymAgnp.exe'],
  ['isolates', '\u2067Amy\u2069', 'Amy'],
  ['zero width inside', 'A\u200Bm\u200Dy', 'Amy'],
  ['half a character', 'a\uD800b', 'a\uFFFDb'],
  ['towers of marks', `Z${'\u0335'.repeat(50)}algo`, `Z${'\u0335'.repeat(4)}algo`],
  ['spaces around', '  Amy   Wong ', 'Amy Wong'],
])('%s does no harm', (_, name, shown) => expect(personName(name)).toBe(shown));

describe('nobody looks like a person of another network', () => {
  test.each([
    ['Amy (wechat)', 'Amy ‹wechat›'],
    ['Amy (WeChat)', 'Amy ‹WeChat›'],
    ['Amy（wechat）', 'Amy‹wechat›'],
    ['Amy (\u200Bwe\u2060chat)', 'Amy ‹wechat›'],
    ['Amy (wесhаt)', 'Amy ‹wесhаt›'],
    ['Amy (ｗｅｃｈａｔ)', 'Amy ‹ｗｅｃｈａｔ›'],
    ['Amy ❨wechat❩', 'Amy ‹wechat›'],
    ['Amy ( wechat )', 'Amy ‹wechat›'],
    ['Amy (w\u0301echat)', 'Amy ‹ẃechat›'],
    ['Amy (wechat', 'Amy ‹wechat›'],
    ['Amy (wechat) ((xmpp))', 'Amy ‹wechat› (‹xmpp›)'],
  ])('%s', (name, shown) => expect(personName(name)).toBe(shown));
});

test.each([
  'Hutong',
  '互通',
  '互 通 助手',
  'ＨＵＴＯＮＧ',
  'Ηutоng support',
  'System',
  '系统通知',
  'H\u00FAt\u00F3ng',
])('the hub’s own name %s is nobody’s', (name) => expect(personName(name)).toBeUndefined());

describe('cut between graphemes', () => {
  test.each([
    ['an emoji', 'a'.repeat(38) + '\u{1F600}bcd', 'a'.repeat(38)],
    ['a flag', 'a'.repeat(37) + CHINA + CHINA, 'a'.repeat(37)],
    ['a family', 'a'.repeat(34) + FAMILY, 'a'.repeat(34)],
    ['a letter with a mark', 'a'.repeat(38) + 'e\u0332e', 'a'.repeat(38)],
  ])('%s', (_, name, shown) => expect(cutName(name, 39)).toBe(shown));
  test('with a mark where it was cut', () => expect(cutName('a'.repeat(50), 10, '…')).toBe('aaaaaaaaa…'));
});

describe('any name', () => {
  const hostile = fc.constantFrom(
    ...'\u202E\u2066\u200B\u200D\u200C\uFE0F\u3164\u2800\n\r\t\u0000\u0301()（）‹· [wechat]'.split(''),
    FAMILY,
    CHINA,
    ENGLAND,
    'wechat',
    '(xmpp)',
    'hutong',
    '\uD83D',
    '\u{E0067}',
    '\u{F0000}',
  );
  const name = fc
    .array(fc.oneof(hostile, fc.string({ unit: 'binary', maxLength: 3 }), fc.string({ unit: 'grapheme' })), {
      maxLength: 60,
    })
    .map((parts) => parts.join(''));
  const most = fc.integer({ min: 1, max: LONGEST_NAME });
  const cleaned = (check: (shown: string, most: number) => void) =>
    fc.assert(
      fc.property(name, most, (raw, limit) => {
        const shown = personName(raw, limit);
        if (shown !== undefined) check(shown, limit);
      }),
      { numRuns: 1000 },
    );

  test('what is shown is visible, on one line, in one direction, well formed and within the limit', () => {
    cleaned((shown, limit) => {
      expect(shown.length).toBeLessThanOrEqual(limit);
      expect(shown).toMatch(/[\p{L}\p{N}\p{P}\p{S}]/u);
      expect(shown).not.toMatch(
        /[\p{Cc}\p{Zl}\p{Zp}\u061C\u200B\u200E\u200F\u202A-\u202E\u2060-\u206F\uFEFF\u3164\u2800]/u,
      );
      expect(shown).toBe(shown.trim());
      expect(shown.isWellFormed()).toBe(true);
    });
  });
  test('cleaning again changes nothing', () => {
    cleaned((shown, limit) => expect(personName(shown, limit)).toBe(shown));
  });
  test('it holds no tag of a network, and ours is the only one of a shown name', () => {
    const address = addressOf(network('xmpp'), 'amy@localhost');
    fc.assert(
      fc.property(name, fc.integer({ min: 30, max: LONGEST_NAME }), (raw, limit) => {
        const shown = shownName(address, raw, 'amy@localhost', limit);
        expect(shown.match(/\([a-z][a-z0-9-]{0,30}\)/g)).toEqual(['(xmpp)']);
        expect(shown.endsWith(' (xmpp)')).toBe(true);
        expect(shown.length).toBeLessThanOrEqual(limit);
        expect(shown.length).toBeGreaterThan(' (xmpp)'.length);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('a person without a name that can be shown', () => {
  test.each([
    ['is shown by the id', undefined, 'amy@localhost', 'amy@localhost (xmpp)'],
    ['by the id too, where the name is blank', '\u3164', 'amy@localhost', 'amy@localhost (xmpp)'],
    ['by the address, where the id is blank', undefined, '\u200B', '%E2%80%8B@xmpp (xmpp)'],
    ['by the address, where the id imitates the hub', undefined, 'hutong', 'hutong@xmpp (xmpp)'],
  ])('%s', (_, name, native, shown) =>
    expect(shownName(addressOf(network('xmpp'), native), name, native)).toBe(shown),
  );
});
