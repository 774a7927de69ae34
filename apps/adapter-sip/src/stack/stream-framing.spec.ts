/** Messages on a stream, however the network cuts them. */
import fc from 'fast-check';
import { FrameReader } from '#adapter-session';
import { FUZZ_RUNS } from '../../../../test/support/amounts.js';
import { parseMessage } from './sip-parser.js';
import { sipFrames } from './stream-framing.js';

const message = (body: string, name = 'Content-Length') =>
  `OPTIONS sip:x SIP/2.0\r\nVia: SIP/2.0/TCP a\r\n${name}: ${Buffer.byteLength(body)}\r\n\r\n${body}`;

function read(text: Buffer, sizes: readonly number[]): string[] {
  const reader = new FrameReader(sipFrames);
  const frames: string[] = [];
  for (let at = 0, turn = 0; at < text.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1;
    for (const frame of reader.read(text.subarray(at, at + size))) frames.push(frame.toString());
    at += size;
  }
  return frames;
}

test('in any pieces, the same messages come out; empty lines between them are nothing', () => {
  const messages = ['', '你好', 'a\r\n\r\nb'].map((body, at) =>
    message(body, at === 1 ? 'l' : 'Content-Length'),
  );
  const text = Buffer.from(`\r\n\r\n${messages.join('\r\n\r\n')}`);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1 }), (sizes) => {
      expect(read(text, sizes)).toEqual(messages);
    }),
    { numRuns: 200 },
  );
});

test.each([
  ['no length', 'OPTIONS sip:x SIP/2.0\r\nVia: a\r\n\r\n'],
  ['two lengths that differ', 'OPTIONS sip:x SIP/2.0\r\nContent-Length: 1\r\nl: 2\r\n\r\n'],
  ['a length that is too large', 'OPTIONS sip:x SIP/2.0\r\nContent-Length: 999999\r\n\r\n'],
  ['a head without an end', 'x'.repeat(70_000)],
])('%s ends the connection', (_what, text) => {
  expect(() => read(Buffer.from(text), [1000])).toThrow(/^30/);
});

test('whatever the bytes, the parser returns', () => {
  const piece = fc.constantFrom(
    'SIP/2.0',
    ' ',
    '\r\n',
    ':',
    'Via',
    'From',
    ';',
    ',',
    '<',
    '>',
    '"',
    '\\',
    '=',
    'sip:a@b',
    '%',
    '\t',
    '信',
    '\0',
    '9',
    'MESSAGE sip:a@b SIP/2.0\r\n',
    'Via: SIP/2.0/UDP a;branch=z9hG4bK1\r\nFrom: <sip:a@b>\r\nTo: <sip:a@b>\r\nCall-ID: 1\r\nCSeq: 1 MESSAGE\r\n',
    'Content-Length: ',
    '\r\n\r\n',
  );
  const seen = new Set<string>();
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      const parsed = parseMessage(Buffer.from(pieces.join('')));
      seen.add(parsed ? String(parsed.fault?.status ?? 'good') : 'none');
    }),
    { numRuns: FUZZ_RUNS },
  );
  expect([...seen]).toEqual(expect.arrayContaining(['none', '400']));
});
