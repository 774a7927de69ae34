/** A handset: how long texts are cut and joined, in every alphabet, and what it does while it is off. */
import fc from 'fast-check';
import { characterBytes, textOf, type Alphabet } from './alphabets.js';
import { Handset } from './handset.js';
import { cut, FULL, type ShortMessage } from './carried-message.js';

const SERVICE = '10658000';

const handset = () => new Handset('8613800000001', SERVICE, () => '');
const shown = (person: Handset) => person.timeline.map(({ text }) => text);

function messages(text: string, alphabet: Alphabet, bits: 8 | 16 = 8, reference = 7): ShortMessage[] {
  return cut(text, [alphabet], { reference, bits }).map((part) => ({
    ...part,
    handset: '8613800000001',
    service: SERVICE,
  }));
}

function give(person: Handset, parts: readonly ShortMessage[]): string[] {
  const states: string[] = [];
  for (const [at, part] of parts.entries())
    person.take(part, String(at), undefined, (state) => states.push(state));
  return states;
}

test.each<[Alphabet, string, string]>([
  ['gsm7', '@£$ {€}~', '000102201b281b651b291b3d'],
  ['ucs2', '你😀', '4f60d83dde00'],
  ['gb18030', 'a你€𠮷㐀', '61c4e3a2e39534b2358139ee39'],
  ['latin1', 'é', 'e9'],
])('the bytes of %s', (alphabet, text, hex) => {
  const bytes = Buffer.concat(characterBytes(text, alphabet) ?? []);
  expect(bytes.toString('hex')).toBe(hex);
  expect(textOf(bytes, alphabet)).toBe(text);
});

test.each<[Alphabet, number, number, number]>([
  ['gsm7', 160, 153, 152],
  ['ucs2', 70, 67, 66],
  ['gb18030', 140, 134, 133],
])(
  '%s: %s characters fit into one message, %s into a part, %s with a long reference',
  (alphabet, whole, part, long) => {
    expect(messages('x'.repeat(whole), alphabet)).toHaveLength(1);
    expect(messages('x'.repeat(whole + 1), alphabet)).toHaveLength(2);
    expect(messages('x'.repeat(3 * part), alphabet)).toHaveLength(3);
    expect(messages('x'.repeat(3 * part + 1), alphabet)).toHaveLength(4);
    expect(messages('x'.repeat(3 * long), alphabet, 16)).toHaveLength(3);
    expect(messages('x'.repeat(3 * long + 1), alphabet, 16)).toHaveLength(4);
  },
);

test('any text comes back from its parts, in any order, and no part is too long', () => {
  const alphabet = fc.constantFrom<Alphabet>('ucs2', 'gb18030');
  const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 300 });
  fc.assert(
    fc.property(text, alphabet, fc.boolean(), (wanted, kind, isReversed) => {
      const parts = messages(wanted, kind);
      for (const { header, text: bytes } of parts)
        expect(header.length + bytes.length).toBeLessThanOrEqual(FULL.eight);
      const person = handset();
      give(person, isReversed ? parts.toReversed() : parts);
      expect(shown(person)).toEqual([wanted]);
    }),
    { numRuns: 300 },
  );
});

test('a part that comes twice counts once, and two texts at a time stay apart', () => {
  const [one1, one2] = messages('一'.repeat(100), 'ucs2', 8, 1) as [ShortMessage, ShortMessage];
  const [two1, two2] = messages('二'.repeat(100), 'ucs2', 8, 2) as [ShortMessage, ShortMessage];
  const person = handset();
  give(person, [one1, one1, two2, two1, one2]);
  expect(shown(person)).toEqual(['二'.repeat(100), '一'.repeat(100)]);
});

test('of too many texts with missing parts the oldest is shown with its gap', () => {
  const person = handset();
  for (let reference = 0; reference < 33; reference++) {
    const [first] = messages(`${reference} ${'一'.repeat(100)}`, 'ucs2', 8, reference);
    if (first) give(person, [first]);
  }
  expect(shown(person)).toEqual([`0 ${'一'.repeat(65)}…`]);
});

test('a telephone that is off gets its messages later, and the report comes then', () => {
  const person = handset();
  person.turnOff();
  const states = give(person, messages('later', 'gsm7'));
  expect([states, shown(person)]).toEqual([[], []]);
  person.turnOn();
  expect([states, shown(person)]).toEqual([['DELIVRD'], ['later']]);
});

test('it writes short messages and nothing else', async () => {
  const written: string[] = [];
  const person = new Handset('8613800000001', SERVICE, (_, to, text) => {
    if (to !== SERVICE) throw new Error('nobody has this number');
    written.push(text);
    return 'mo-1';
  });
  expect(await person.act({ do: 'write', to: SERVICE, text: 'hello' })).toEqual({ id: 'mo-1' });
  await expect(person.act({ do: 'write', to: '1', text: 'x' })).rejects.toThrow('nobody has this number');
  await expect(person.act({ do: 'write', to: SERVICE, text: 'x', quote: '1' })).rejects.toThrow('quote');
  await expect(person.act({ do: 'send', to: SERVICE, what: 'image', fields: {} })).rejects.toThrow(
    'on sms nobody can send',
  );
  expect(written).toEqual(['hello']);
});
