/** Alphabets of short messages, and how a text becomes segments. */
import fc from 'fast-check';
import { smsSegments } from '#protocol';
import type { Alphabet } from '../sms.link.js';
import { decode, encode } from './alphabets.js';
import { packSeptets, unpackSeptets } from './gsm7.js';
import { concatenationOf, splitIntoParts } from './segments.js';

const hexOf = (bytes: Uint8Array | undefined) => bytes && Buffer.from(bytes).toString('hex');
const ROOM = { alphabets: ['gsm7', 'ucs2'] as Alphabet[], segmentBytes: { single: 140, joined: 134 } };

describe('alphabets', () => {
  test.each<[Alphabet, string, string]>([
    ['gsm7', '@£$', '000102'],
    ['gsm7', '[€]', '1b3c1b651b3e'],
    ['gsm7', 'hello', '68656c6c6f'],
    ['ascii', 'hello', '68656c6c6f'],
    ['latin1', 'é', 'e9'],
    ['ucs2', '中😀', '4e2dd83dde00'],
    ['gb18030', '中文a', 'd6d0cec461'],
    ['gb18030', '€', 'a2e3'],
    ['gb18030', '😀', '9439fc36'],
    ['gb18030', 'é', 'a8a6'],
    ['gb18030', 'ü¿', 'a8b981308637'],
  ])('%s: %s is %s', (alphabet, text, hex) => {
    const bytes = encode(text, alphabet);
    expect(hexOf(bytes)).toBe(hex);
    expect(bytes && decode(bytes, alphabet)).toBe(text);
  });

  test.each<[Alphabet, string]>([
    ['gsm7', '中'],
    ['gsm7', 'ç'],
    ['gsm7', '\u001b'],
    ['ascii', 'é'],
    ['latin1', 'Ā'],
    ['binary', 'a'],
  ])('%s has no %j', (alphabet, text) => {
    expect(encode(text, alphabet)).toBeUndefined();
  });

  test('every text comes back from UCS-2 and GB18030, and from the alphabet of GSM what that has', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (any) => {
        const text = any.toWellFormed();
        for (const alphabet of ['ucs2', 'gb18030'] as const)
          expect(decode(encode(text, alphabet) ?? new Uint8Array(), alphabet)).toBe(text);
        const septets = encode(text, 'gsm7');
        if (septets) expect(decode(septets, 'gsm7')).toBe(text);
      }),
    );
  });

  test('any bytes are read, and never thrown at', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 160 }), (bytes) => {
        for (const alphabet of ['gsm7', 'ascii', 'latin1', 'ucs2', 'gb18030'] as const)
          expect(typeof decode(bytes, alphabet)).toBe('string');
        expect(decode(bytes, 'binary')).toBeUndefined();
      }),
    );
  });

  test('a telephone reads an unknown code behind an escape in the default table', () => {
    expect(decode(Buffer.from('1b611b1b1b', 'hex'), 'gsm7')).toBe('a  ');
  });

  test('the vector of packed septets', () => {
    const septets = encode('hellohello', 'gsm7') ?? new Uint8Array();
    expect(hexOf(packSeptets(septets))).toBe('e8329bfd4697d9ec37');
    expect(unpackSeptets(packSeptets(septets), 10)).toEqual(septets);
  });
});

describe('segments', () => {
  const partsOf = (text: string, bits: 8 | 16 = 8, room = ROOM) => splitIntoParts(text, room, bits);
  const lengths = (text: string, bits: 8 | 16 = 8) => partsOf(text, bits).parts.map(({ length }) => length);

  test.each<[string, string, 8 | 16, number[]]>([
    ['160 of GSM in one', 'a'.repeat(160), 8, [160]],
    ['161 of GSM', 'a'.repeat(161), 8, [153, 8]],
    ['161 of GSM, wide reference', 'a'.repeat(161), 16, [152, 9]],
    ['70 of UCS-2 in one', '中'.repeat(70), 8, [140]],
    ['71 of UCS-2', '中'.repeat(71), 8, [134, 8]],
    ['71 of UCS-2, wide reference', '中'.repeat(71), 16, [132, 10]],
    ['an escape and its code stay together', `${'a'.repeat(152)}€${'a'.repeat(20)}`, 8, [152, 22]],
    ['an emoji of several characters stays whole', `${'中'.repeat(64)}👩‍👩‍👧${'中'.repeat(9)}`, 8, [128, 34]],
    ['nothing', '', 8, [0]],
  ])('%s', (_, text, bits, expected) => {
    expect(lengths(text, bits)).toEqual(expected);
  });

  test('the parts joined are the text, none is too long, and no grapheme is cut that has room', () => {
    const unit = fc.constantFrom('a', '€', '中', '😀', '👩‍👩‍👧', 'é', '\r\n', '[');
    fc.assert(
      fc.property(
        fc.string({ unit, maxLength: 400 }),
        fc.constantFrom(8 as const, 16 as const),
        (text, bits) => {
          const { alphabet, parts } = partsOf(text, bits);
          const written = parts.map((part) => decode(part, alphabet) ?? '');
          expect(written.join('')).toBe(text);
          const graphemes = [...new Intl.Segmenter('en').segment(text)].map(({ index }) => index);
          let at = 0;
          for (const part of written) {
            expect([...graphemes, 0]).toContain(at);
            at += part.length;
          }
          expect(parts.length).toBeGreaterThanOrEqual(smsSegments(text) > 1 ? 2 : 1);
        },
      ),
    );
  });

  test('a letter with more marks than a segment holds is cut between them', () => {
    expect(lengths(`a${'\u0301'.repeat(100)}`)).toEqual([134, 68]);
  });

  test('more than 255 segments are no message', () => {
    expect(() => partsOf('中'.repeat(67 * 255 + 1))).toThrow(expect.objectContaining({ code: '61' }));
    expect(lengths('中'.repeat(67 * 255))).toHaveLength(255);
  });

  test('a gateway without an alphabet for the text refuses it', () => {
    expect(() => partsOf('中', 8, { ...ROOM, alphabets: ['gsm7'] })).toThrow(
      expect.objectContaining({ code: '12' }),
    );
  });

  test('the reference follows from the message, so that it is the same at every attempt', () => {
    const one = concatenationOf('key', 16, 3, 2);
    expect(one).toEqual(concatenationOf('key', 16, 3, 2));
    expect(one).toMatchObject({ bits: 16, total: 3, part: 2 });
    expect(concatenationOf('key', 8, 3, 2)?.reference).toBe((one?.reference ?? 0) & 0xff);
    expect(concatenationOf('key', 8, 1, 1)).toBeUndefined();
  });
});
