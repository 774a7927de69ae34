/** Headers before the text of a short message: what phones and gateways write, and what they should not. */
import fc from 'fast-check';
import { readUserData, writeUserData } from './user-data-header.js';

const hi = Buffer.from('hi');
const read = (digits: string) => readUserData(Buffer.concat([Buffer.from(digits, 'hex'), hi]));

test.each([
  [
    'a reference of 8 bits',
    '050003c70302',
    { concatenation: { bits: 8, reference: 0xc7, total: 3, part: 2 } },
  ],
  [
    'a reference of 16 bits',
    '06080412340201',
    { concatenation: { bits: 16, reference: 0x1234, total: 2, part: 1 } },
  ],
  ['ports of 16 bits', '0605040b8423f0', { ports: { destination: 0x0b84, source: 0x23f0 } }],
  ['ports of 8 bits', '040402f0f1', { ports: { destination: 0xf0, source: 0xf1 } }],
  [
    'both',
    '0b05040b8423f00003c70302',
    {
      ports: { destination: 0x0b84, source: 0x23f0 },
      concatenation: { bits: 8, reference: 0xc7, total: 3, part: 2 },
    },
  ],
  ['an element that nobody knows', '0470020102', {}],
  ['an empty header', '00', {}],
  ['a part beyond the total, which the document says to ignore', '050003c70203', {}],
  ['part zero', '050003c70200', {}],
  ['an element of the wrong size', '040002c703', {}],
])('%s', (_, digits, expected) => {
  expect(read(digits)).toEqual({ ...expected, text: hi });
});

test.each([
  ['longer than the content', '7f0003c70302'],
  ['an element longer than the header', '0500ffc70302'],
  ['an identifier without a length', '0100'],
])('a header that lies: %s', (_, digits) => {
  expect(() => read(digits)).toThrow(expect.objectContaining({ code: '30' }));
});

test('nothing at all, where a header should be', () => {
  expect(() => readUserData(Buffer.alloc(0))).toThrow(expect.objectContaining({ code: '30' }));
});

test('what is written is read again', () => {
  const concatenation = fc
    .record({ bits: fc.constantFrom(8 as const, 16 as const), total: fc.integer({ min: 1, max: 255 }) })
    .chain(({ bits, total }) =>
      fc.record({
        bits: fc.constant(bits),
        reference: fc.integer({ min: 0, max: bits === 8 ? 0xff : 0xffff }),
        total: fc.constant(total),
        part: fc.integer({ min: 1, max: total }),
      }),
    );
  const port = fc.integer({ min: 0, max: 0xffff });
  const ports = fc.record({ destination: port, source: port });
  fc.assert(
    fc.property(
      fc.record(
        { concatenation, ports, text: fc.uint8Array({ maxLength: 140 }).map((text) => Buffer.from(text)) },
        { requiredKeys: ['text', 'concatenation'] },
      ),
      (data) => {
        expect(readUserData(writeUserData(data))).toEqual(data);
      },
    ),
  );
});

test('a part that cannot be', () => {
  const concatenation = { bits: 8, reference: 256, total: 2, part: 1 } as const;
  expect(() => writeUserData({ concatenation, text: hi })).toThrow(expect.objectContaining({ code: '30' }));
});
