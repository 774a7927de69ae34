import fc from 'fast-check';
import { FrameReader } from '#adapter-session';
import { header, printFrame, sipcCodec, type Frame, type Header } from './sipc-frame.js';
import { FUZZ_RUNS } from '../../../test/support/amounts.js';

const MAILBOX = '<events><event type="MobileMailBoxChanged"><mail unread-count="1"/></event></events>';
const NOTIFY = `BN 700000001 SIP-C/4.0\r\nN: SystemNotifyV4\r\nI: 1\r\nL: 84\r\nQ: 3 BN\r\n\r\n${MAILBOX}`;
const CHALLENGE =
  'SIP-C/4.0 401 Unauthoried\r\nF: 700000001\r\nI: 1\r\nQ: 1 R\r\n' +
  'W: Digest algorithm="SHA1-sess-v4",nonce="0123",key="AB:CD",signature="EF"\r\n\r\n';
const OFFLINE =
  'M 700000001 SIP-C/4.0\r\nF: sip:793400001@fetion.com.cn;p=1919\r\nI: -13\r\nQ: 14 M\r\nL: 11\r\n\r\n你好 👋';

const MAX_HEAD = 16 * 1024;
const MAX_BODY = 2 * 1024 * 1024;

function readAll(...chunks: Buffer[]): Frame[] {
  const reader = new FrameReader(sipcCodec);
  return chunks.flatMap((chunk) => [...reader.read(chunk)]);
}

function heldBy(reader: FrameReader<Frame>): number {
  return reader.pendingBytes;
}

const malformed = expect.objectContaining({ name: 'HubError', code: '30' }) as Error;

describe('frames of SIP-C', () => {
  test('a push with the length that the real service counted', () => {
    expect(readAll(Buffer.from(NOTIFY))).toEqual([
      {
        start: { kind: 'request', method: 'BN', target: '700000001' },
        headers: [
          ['N', 'SystemNotifyV4'],
          ['I', '1'],
          ['L', '84'],
          ['Q', '3 BN'],
        ],
        body: MAILBOX,
      },
    ]);
  });

  test('and ours is counted the same', () => {
    const printed = printFrame({
      start: { kind: 'request', method: 'BN', target: '700000001' },
      headers: [['N', 'SystemNotifyV4']],
      body: MAILBOX,
    });
    expect(printed.toString()).toBe(`BN 700000001 SIP-C/4.0\r\nN: SystemNotifyV4\r\nL: 84\r\n\r\n${MAILBOX}`);
  });

  test('an answer, spelled as on the wire, with colons in a value', () => {
    const [challenge] = readAll(Buffer.from(CHALLENGE));
    expect(challenge?.start).toEqual({ kind: 'response', code: 401, reason: 'Unauthoried' });
    expect(challenge && header(challenge, 'W')).toBe(
      'Digest algorithm="SHA1-sess-v4",nonce="0123",key="AB:CD",signature="EF"',
    );
    expect(challenge?.body).toBe('');
  });

  test('the length counts bytes, not signs', () => {
    const printed = printFrame({
      start: { kind: 'response', code: 280, reason: 'Send SMS OK' },
      headers: [],
      body: '飞信👋',
    });
    expect(printed.toString()).toBe('SIP-C/4.0 280 Send SMS OK\r\nL: 10\r\n\r\n飞信👋');
  });

  test('a header that comes twice is kept twice, in order; the first answers to its name', () => {
    const [invitation] = readAll(
      Buffer.from('I 700000001 SIP-C/4.0\r\nK: text/plain\r\nI: -13\r\nK: nudge\r\nK: multiparty\r\n\r\n'),
    );
    expect(invitation?.headers.filter(([name]) => name === 'K').map(([, value]) => value)).toEqual([
      'text/plain',
      'nudge',
      'multiparty',
    ]);
    expect(invitation && header(invitation, 'K')).toBe('text/plain');
    expect(invitation && header(invitation, 'XI')).toBeUndefined();
  });

  test('three frames are read as three, wherever TCP splits them', () => {
    const bytes = Buffer.from(CHALLENGE + NOTIFY + OFFLINE);
    const whole = readAll(bytes);
    expect(whole.map(({ body }) => body)).toEqual(['', MAILBOX, '你好 👋']);
    expect(readAll(...[...bytes].map((byte) => Buffer.of(byte)))).toEqual(whole);
    for (let cut = 0; cut <= bytes.length; cut++)
      expect(readAll(bytes.subarray(0, cut), bytes.subarray(cut))).toEqual(whole);
  });

  test.each([1, 2, 3, 100])('%i empty lines between frames are none of them', (lines) => {
    const bytes = Buffer.from(CHALLENGE + '\r\n'.repeat(lines) + OFFLINE);
    expect(readAll(bytes)).toEqual(readAll(Buffer.from(CHALLENGE + OFFLINE)));
    expect(readAll(...[...bytes].map((byte) => Buffer.of(byte)))).toEqual(readAll(bytes));
  });

  test('a text of a user cannot forge a header', () => {
    const forged = printFrame({
      start: { kind: 'request', method: 'M', target: 'fetion.com.cn' },
      headers: [['T', 'sip:1@fetion.com.cn\r\nX: 0']],
      body: '',
    });
    expect(readAll(forged)[0]?.headers).toEqual([['T', 'sip:1@fetion.com.cn X: 0']]);
  });
});

describe('limits', () => {
  test.each([
    ['another protocol', 'GET / HTTP/1.1\r\n\r\n'],
    ['a start line of one word', 'hello\r\n\r\n'],
    ['a method in small letters', 'bn 700000001 SIP-C/4.0\r\n\r\n'],
    ['an answer without a code', 'SIP-C/4.0 OK\r\n\r\n'],
    ['a header without a colon', 'BN 7 SIP-C/4.0\r\nhello\r\n\r\n'],
    ['a header without a name', 'BN 7 SIP-C/4.0\r\n: 1\r\n\r\n'],
    ['a length below nothing', 'BN 7 SIP-C/4.0\r\nL: -1\r\n\r\n'],
    ['a length that is no number', 'BN 7 SIP-C/4.0\r\nL: 0x10\r\n\r\n'],
    ['a length beyond all numbers', `BN 7 SIP-C/4.0\r\nL: ${'9'.repeat(400)}\r\n\r\n`],
    ['a body that is too large', `BN 7 SIP-C/4.0\r\nL: ${MAX_BODY + 1}\r\n\r\n`],
    ['headers without an end', 'A'.repeat(MAX_HEAD + 1)],
    ['headers whose end comes too late', `BN 7 SIP-C/4.0\r\nN: ${'x'.repeat(MAX_HEAD)}\r\n\r\n`],
  ])('%s is refused with 30', (_, text) => {
    expect(() => readAll(Buffer.from(text))).toThrow(malformed);
  });

  test('the largest body passes, and no more than that is ever held', () => {
    const reader = new FrameReader(sipcCodec);
    const body = Buffer.alloc(MAX_BODY, 'x');
    void [...reader.read(Buffer.from(`BN 7 SIP-C/4.0\r\nL: ${MAX_BODY}\r\n\r\n`))];
    const frames: Frame[] = [];
    for (let at = 0; at < body.length; at += 64 * 1024) {
      frames.push(...reader.read(body.subarray(at, at + 64 * 1024)));
      expect(heldBy(reader)).toBeLessThanOrEqual(MAX_HEAD + MAX_BODY);
    }
    expect(frames.map((frame) => frame.body.length)).toEqual([MAX_BODY]);
    expect(heldBy(reader)).toBe(0);
  });
});

describe('for any input', () => {
  const anyText = (maxLength: number) => fc.string({ unit: 'binary', maxLength });
  const line = anyText(20).map((text) => text.replaceAll(/[\r\n]+/g, ' ').trim());
  const anyFrame: fc.Arbitrary<Frame> = fc.record({
    start: fc.oneof(
      fc.record({
        kind: fc.constant('request' as const),
        method: fc.constantFrom('R', 'S', 'M', 'SUB', 'BN', 'IN'),
        target: fc.constantFrom('fetion.com.cn', '700000001'),
      }),
      fc.record({
        kind: fc.constant('response' as const),
        code: fc.integer({ min: 100, max: 699 }),
        reason: fc.constantFrom('OK', 'Send SMS OK', ''),
      }),
    ),
    headers: fc.array(fc.tuple(fc.constantFrom('F', 'I', 'Q', 'K', 'XI', 'CN'), line), { maxLength: 5 }),
    body: anyText(60),
  });

  test('a printed frame is read again unchanged, wherever it is split', () => {
    fc.assert(
      fc.property(fc.array(anyFrame, { maxLength: 4 }), fc.integer({ min: 1, max: 50 }), (frames, size) => {
        const bytes = Buffer.concat(frames.map(printFrame));
        const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
          bytes.subarray(index * size, (index + 1) * size),
        );
        expect(readAll(...chunks)).toEqual(frames.map(withLength));
      }),
      { numRuns: 1000 },
    );
  });

  test('streams of garbage give frames or 30, and little of them is kept', () => {
    const piece = fc.oneof(
      fc.uint8Array({ maxLength: 12 }).map((bytes) => Buffer.from(bytes)),
      fc
        .constantFrom(
          '\r\n\r\n',
          '\r\n',
          'R x SIP-C/4.0\r\n',
          'SIP-C/4.0 200 OK\r\n',
          'L: 3\r\n',
          'L: 9',
          'F: ',
        )
        .map((text) => Buffer.from(text)),
    );
    let frames = 0;
    let refused = 0;
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 6 }), (chunks) => {
        const reader = new FrameReader(sipcCodec);
        const given = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
        try {
          for (const chunk of chunks) frames += [...reader.read(chunk)].length;
        } catch (error) {
          refused++;
          expect(error).toMatchObject({ name: 'HubError', code: '30' });
        }
        expect(heldBy(reader) <= given).toBe(true);
      }),
      { numRuns: FUZZ_RUNS },
    );
    expect(frames).toBeGreaterThan(FUZZ_RUNS / 1000);
    expect(refused).toBeGreaterThan(FUZZ_RUNS / 1000);
  });
});

function withLength({ start, headers, body }: Frame): Frame {
  const length: Header[] = body === '' ? [] : [['L', String(Buffer.byteLength(body))]];
  return { start, headers: [...headers, ...length], body };
}
