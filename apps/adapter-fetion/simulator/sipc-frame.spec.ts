import fc from 'fast-check';
import { type Frame, FrameReader, MAX_BODY_BYTES, MAX_HEAD_BYTES, printFrame } from './sipc-frame.js';

const MAILBOX = '<events><event type="MobileMailBoxChanged"><mail unread-count="1"/></event></events>';

const login: Frame = {
  start: { code: 401, reason: 'Unauthoried' },
  headers: [
    ['F', '700000001'],
    ['I', '1'],
    ['Q', '1 R'],
    ['W', 'Digest algorithm="SHA1-sess-v4",nonce="0123"'],
  ],
  body: '',
};
const mailbox: Frame = {
  start: { method: 'BN', target: '700000001' },
  headers: [
    ['N', 'SystemNotifyV4'],
    ['I', '1'],
    ['L', '84'],
    ['Q', '3 BN'],
  ],
  body: MAILBOX,
};
const chinese: Frame = {
  start: { method: 'M', target: '700000001' },
  headers: [
    ['F', 'sip:793400001@fetion.com.cn;p=1919'],
    ['I', '-13'],
    ['Q', '14 M'],
    ['L', '13'],
  ],
  body: '你好 👋\r\n'.slice(0, 5),
};

function readAll(chunks: Buffer[]): Frame[] {
  const reader = new FrameReader();
  return chunks.flatMap((chunk) => reader.push(chunk));
}

describe('frames of SIP-C', () => {
  test('the length that the real service sent is the length counted here', () => {
    expect(printFrame(mailbox).toString()).toBe(
      `BN 700000001 SIP-C/4.0\r\nN: SystemNotifyV4\r\nI: 1\r\nL: 84\r\nQ: 3 BN\r\n\r\n${MAILBOX}`,
    );
  });

  test('the length counts bytes, not signs', () => {
    const printed = printFrame({ ...chinese, headers: [], body: '你好' }).toString();
    expect(printed).toBe('M 700000001 SIP-C/4.0\r\nL: 6\r\n\r\n你好');
  });

  test('without a body there is no length', () => {
    expect(printFrame(login).toString()).toMatch(/nonce="0123"\r\n\r\n$/);
  });

  test('three frames are read as three, wherever TCP splits them', () => {
    const bytes = Buffer.concat([login, mailbox, chinese].map(printFrame));
    const expected = [login, mailbox, { ...chinese, headers: withLength(chinese) }];
    expect(readAll([bytes])).toEqual(expected);
    expect(readAll([...bytes].map((byte) => Buffer.of(byte)))).toEqual(expected);
    for (let cut = 0; cut <= bytes.length; cut++)
      expect(readAll([bytes.subarray(0, cut), bytes.subarray(cut)])).toEqual(expected);
  });

  test('a text of a user cannot forge a header', () => {
    const forged = printFrame({ ...login, headers: [['N', 'x\r\nX: 0']] });
    expect(readAll([forged])[0]?.headers).toEqual([['N', 'x X: 0']]);
  });
});

describe('hostile peers', () => {
  test.each([
    ['another protocol', 'GET / HTTP/1.1\r\n\r\n'],
    ['a header without a colon', 'R fetion.com.cn SIP-C/4.0\r\nhello\r\n\r\n'],
    ['a length that is none', 'R fetion.com.cn SIP-C/4.0\r\nL: -1\r\n\r\n'],
    ['two lengths', 'R fetion.com.cn SIP-C/4.0\r\nL: 1\r\nL: 2\r\n\r\n'],
    ['a body beyond the limit', `R fetion.com.cn SIP-C/4.0\r\nL: ${MAX_BODY_BYTES + 1}\r\n\r\n`],
    ['a header without an end', 'A'.repeat(MAX_HEAD_BYTES)],
  ])('%s breaks the connection, and nothing more is held', (_, text) => {
    const reader = new FrameReader();
    expect(reader.push(Buffer.from(text))).toEqual([]);
    expect(reader.broken).toBeDefined();
    reader.push(Buffer.alloc(1_000_000));
    expect(reader.bytesHeld).toBe(0);
  });
});

describe('for any input', () => {
  const value = fc
    .string({ unit: fc.constantFrom('a', 'Z', '7', ' ', '"', ':', '你', ';') })
    .map((text) => text.trim());
  const name = fc.constantFrom('F', 'I', 'Q', 'N', 'XI', 'CN');
  const anyFrame: fc.Arbitrary<Frame> = fc.record({
    start: fc.oneof(
      fc.record({
        method: fc.constantFrom('R', 'S', 'SUB', 'BN'),
        target: fc.constantFrom('fetion.com.cn', '7'),
      }),
      fc.record({ code: fc.integer({ min: 100, max: 699 }), reason: value }),
    ),
    headers: fc.array(fc.tuple(name, value), { maxLength: 6 }),
    body: fc.string({ unit: 'grapheme', maxLength: 200 }),
  });

  test('a printed frame is read again unchanged, wherever it is split', () => {
    fc.assert(
      fc.property(fc.array(anyFrame, { maxLength: 4 }), fc.integer({ min: 1, max: 40 }), (frames, size) => {
        const bytes = Buffer.concat(frames.map(printFrame));
        const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
          bytes.subarray(index * size, (index + 1) * size),
        );
        expect(readAll(chunks)).toEqual(frames.map((frame) => ({ ...frame, headers: withLength(frame) })));
      }),
    );
  });

  test('garbage is no exception, and little of it is kept', () => {
    const piece = fc.oneof(
      fc.uint8Array({ maxLength: 500 }).map((bytes) => Buffer.from(bytes)),
      fc
        .constantFrom('\r\n\r\n', 'R x SIP-C/4.0\r\n', 'L: 99999\r\n', 'SIP-C/4.0 200 OK\r\n')
        .map((text) => Buffer.from(text)),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (chunks) => {
        const reader = new FrameReader();
        for (const chunk of chunks) {
          reader.push(chunk);
          expect(reader.bytesHeld).toBeLessThanOrEqual(MAX_BODY_BYTES + MAX_HEAD_BYTES);
        }
      }),
    );
  });
});

function withLength({ headers, body }: Frame): Frame['headers'] {
  const length = String(Buffer.byteLength(body));
  if (headers.some(([name]) => name === 'L'))
    return headers.map(([name, value]) => [name, name === 'L' ? length : value]);
  return body ? [...headers, ['L', length]] : headers;
}
