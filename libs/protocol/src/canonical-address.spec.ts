/** All spellings of one person are one address, and no two people become one. */
import fc from 'fast-check';
import { addressOf, Address, nativeOf, network, parseAddress } from './address.js';
import { canonicalAddress, CanonicalAddresses } from './canonical-address.js';
import { foldId, ID_RULES, type IdFolding } from './folding.js';
import { directConversation } from './conversation.js';
import { TEL, telAddress, type E164 } from './telephone-numbers.js';
import { HubError } from './results.js';
import { aMessage } from '../test/a-message.js';
import { amount, FUZZ_RUNS } from '../../../test/support/amounts.js';

const here = network('here');

/** What a hostile or careless adapter may send as an id: any text, and pieces on which rules have opinions. */
const pieces = fc.oneof(
  fc.constantFrom(
    '@',
    ':',
    '/',
    '.',
    '。',
    '．',
    '+',
    '00',
    '86',
    '+86',
    ' ',
    '-',
    '\\40',
    'xn--',
    'xn--bcher-kva',
    '%',

    'ß',
    'ς',
    'Σ',
    'İ',
    'ı',
    'K',
    'ﬁ',
    'Ǆ',
    '℀',
    '\u200b',
    '\u00ad',
    '\ufeff',
    'Ａ',
    '＠',
    '／',
    '：',
    '１',

    'tel:',
    'sip:',
    ';p=4313',
    '[::1',
    '0x7f',
    '127.1',
    'localhost',
    'Bücher',
    'é',
    'e\u0301',
    '张',
    '👩‍👩‍👧',
  ),
  fc.string({ unit: 'binary', maxLength: 4 }),
  fc.string({ unit: 'grapheme-ascii', maxLength: 6 }),
  fc.string({ unit: fc.constantFrom('0', '1', '6', '8', '9'), maxLength: 16 }),
);
const ids = fc
  .array(pieces, { minLength: 1, maxLength: 6 })
  .map((all) => all.join('').toWellFormed())
  .filter((text) => text.length > 0);
const foldings: fc.Arbitrary<IdFolding> = fc.record({
  ids: fc.constantFrom(...ID_RULES),
  numbersWithout: fc.constantFrom(undefined, '86', '1', '8'),
});

test('folding again changes nothing, whatever the id and the rule', () => {
  fc.assert(
    fc.property(ids, foldings, (id, folding) => {
      const once = foldId(id, folding);
      if (once !== undefined) expect(foldId(once, folding)).toBe(once);
    }),
    { numRuns: FUZZ_RUNS },
  );
});

/** The planes with letters; those above have tags, variants and private characters, and are tried in the torture. */
const LAST_CHARACTER = amount({ test: 0x3ffff, torture: 0x10ffff });

test('each character of Unicode alone in a JID: folding again changes nothing, or it is refused', () => {
  const changed: string[] = [];
  for (let code = 0; code <= LAST_CHARACTER; code++) {
    if (code >= 0xd800 && code <= 0xdfff) continue;
    const once = foldId(`a${String.fromCodePoint(code)}b@localhost`, { ids: 'jid' });
    if (once !== undefined && foldId(once, { ids: 'jid' }) !== once) changed.push(code.toString(16));
  }
  expect(changed).toEqual([]);
});

test('an address is made canonical or refused with 30, never anything else; the result is an address that stays', () => {
  fc.assert(
    fc.property(ids, foldings, fc.constantFrom(here, TEL), (id, folding, net) => {
      let canonical: Address;
      try {
        canonical = canonicalAddress(addressOf(net, id), folding);
      } catch (error) {
        expect(error).toBeInstanceOf(HubError);
        expect((error as HubError).code).toBe('30');
        return;
      }
      expect(Address.parse(canonical)).toBe(canonical);
      expect(parseAddress(canonical).network).toBe(net);
      expect(canonicalAddress(canonical, folding)).toBe(canonical);
    }),
    { numRuns: FUZZ_RUNS },
  );
});

test('what is recognised at a look as canonical is what the rule gives', () => {
  const plain = fc.string({
    unit: fc.constantFrom('a', 'z', '0', '9', '.', '_', '-', '@', ':', 'x', 'n'),
    minLength: 1,
    maxLength: 20,
  });
  fc.assert(
    fc.property(plain, foldings, (id, folding) => {
      const address = addressOf(here, id);
      const native = foldId(id, folding);
      let canonical: string | undefined;
      try {
        canonical = nativeOf(canonicalAddress(address, folding));
      } catch {
        canonical = undefined;
      }
      expect(canonical).toBe(native);
    }),
    { numRuns: FUZZ_RUNS },
  );
});

/** The same letters as a careless keyboard, client or server writes them. */
const recased = (text: string) =>
  fc
    .array(fc.constantFrom<'as it is' | 'upper' | 'wide'>('as it is', 'upper', 'wide'), {
      minLength: text.length,
      maxLength: text.length,
    })
    .map((how) =>
      Array.from(text, (letter, at) => {
        if (how[at] === 'upper') return letter.toUpperCase();
        return how[at] === 'wide' && /[!-~]/.test(letter)
          ? String.fromCharCode(letter.charCodeAt(0) + 0xfee0)
          : letter;
      }).join(''),
    );

test('every spelling of a JID is the same person: case, width, resource, dot of the root', () => {
  const spellings = fc
    .tuple(
      recased('amy'),
      recased('localhost'),
      fc.constantFrom('', '.'),
      fc.constantFrom('', '/x', '/Y/z', '/'),
    )
    .map(([user, host, dot, resource]) => `${user}@${host}${dot}${resource}`);
  fc.assert(
    fc.property(spellings, (jid) => expect(foldId(jid, { ids: 'jid' })).toBe('amy@localhost')),
    { numRuns: 2000 },
  );
});

test.each([
  ['straße@localhost', 'strasse@localhost'],
  ['ΟΔΟΣ@localhost', 'οδοσ@localhost'],
  ['οδος@localhost', 'οδοσ@localhost'],
  ['ﬁne@localhost', 'fine@localhost'],
  ['e\u0301ric@localhost', '\u00e9ric@localhost'],
  ['a\u200bmy@localhost', 'amy@localhost'],
  ['amy@xn--bcher-kva.example', 'amy@bücher.example'],
  ['amy@BÜCHER.example.', 'amy@bücher.example'],
  ['amy@例え。テスト', 'amy@例え.テスト'],
  ['张三@localhost', '张三@localhost'],
  ['amy\\40work@localhost', 'amy\\40work@localhost'],
  ['LOCALHOST', 'localhost'],
  ['amy@[::0001]', 'amy@[::1]'],
])('the JID %s is %s', (jid, canonical) => {
  expect(foldId(jid, { ids: 'jid' })).toBe(canonical);
});

test.each([
  '@localhost',
  'amy@',
  'a my@localhost',
  'amy@@localhost',
  'a@b@c',
  'amy@a..b',
  '"amy"@localhost',
  'a\u0007@b',
  'amy@b?x',
])('%j is no JID', (jid) => {
  expect(foldId(jid, { ids: 'jid' })).toBeUndefined();
});

test('dotless ı and i are two people', () => {
  expect(foldId('adın@localhost', { ids: 'jid' })).not.toBe(foldId('adin@localhost', { ids: 'jid' }));
});

test.each<[IdFolding['ids'], string, string]>([
  ['exact', 'oAbC_dEf-12', 'oAbC_dEf-12'],
  ['case-insensitive', 'ZhangSan', 'zhangsan'],
  ['case-insensitive', 'ＺｈａｎｇＳａｎ', 'zhangsan'],
  ['user-and-server', '@Bob:Example.ORG.', '@Bob:example.org'],
  ['user-and-server', '＠bob：EXAMPLE.org:8448', '@bob:example.org:8448'],
  ['user-and-server', 'bob', 'bob'],
])('%s: %s is %s', (rule, id, canonical) => {
  expect(foldId(id, { ids: rule })).toBe(canonical);
});

test.each([
  '13800138000',
  '8613800138000',
  '+8613800138000',
  '008613800138000',
  '+86 138-0013-8000',
  '＋８６ １３８００１３８０００',
  'tel:+8613800138000',
  'TEL:+86-138-0013-8000;phone-context=x',
  'sip:13800138000@fetion.com.cn;p=4313',
])('the number %s is 13800138000 where numbers go without 86', (number) => {
  expect(foldId(number, { ids: 'number', numbersWithout: '86' })).toBe('13800138000');
});

test.each(['+8613900139000', '8613900139000', '008613900139000', '+86 139 0013 9000', 'tel:+8613900139000'])(
  'the number %s is +8613900139000 where numbers go with a plus',
  (number) => {
    expect(foldId(number, { ids: 'e164' })).toBe('+8613900139000');
  },
);

test('a short number that begins like the country code keeps its digits', () => {
  expect(foldId('sip:861234567@fetion.com.cn;p=12', { ids: 'number', numbersWithout: '86' })).toBe(
    '861234567',
  );
});

test('a telephone number is one recipient, however it is written', () => {
  const canonical = telAddress('+8613800138000' as E164);
  for (const number of ['+86 138 0013 8000', '008613800138000', '＋8613800138000', 'tel:+86-138-0013-8000'])
    expect(canonicalAddress(addressOf(TEL, number), undefined)).toBe(canonical);
});

test('an event whose sender or recipient is misspelt goes into the conversation of the two people', () => {
  const jids = new CanonicalAddresses(() => ({ ids: 'jid' }));
  const event = aMessage();
  const [amy, ben] = [addressOf(here, 'amy@localhost'), addressOf(here, 'ben@localhost')];
  const [Amy, Ben] = [addressOf(here, 'Amy@localhost'), addressOf(here, 'ben@localhost./phone')];
  const said = (from: Address, to: Address) =>
    jids.event({
      ...event,
      subject: directConversation(from, to),
      data: { ...event.data, from: { address: from }, to },
    });
  const straight = said(amy, ben);
  for (const odd of [said(Amy, ben), said(amy, Ben), said(Amy, Ben)]) expect(odd).toEqual(straight);
});
