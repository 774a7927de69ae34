/** SIP messages as others write them, partly as RFC 4475 describes the hard ones. */
import { addressIn, listIn, parametersIn, userIn, viaIn, writeAddress } from './header-values.js';
import {
  headerOf,
  headersOf,
  isRequest,
  NotSip,
  parseSip,
  writeSip,
  type SipMessage,
} from './sip-message.js';
import { StreamReader } from './stream-reader.js';

const wire = (...lines: string[]) => Buffer.from(lines.join('\r\n'));

const MESSAGE = wire(
  'MESSAGE sip:alice@youxin.test SIP/2.0',
  'v: SIP/2.0/UDP 192.0.2.2:5062;branch=z9hG4bK1;rport',
  'Via: SIP/2.0/TCP [2001:db8::9:1]',
  'TO  :',
  '  <sip:alice@youxin.test>;   tag = 1918181833n',
  'f: "Bob \\"the second\\"" <sip:bob@youxin.test>;tag=98asjd8',
  'i: call-1',
  'CSeq: 0009',
  '  MESSAGE',
  'l: 6',
  '',
  '你好, and what comes after the body',
);

test('a request with compact names and folded lines is read', () => {
  const message = parseSip(MESSAGE);
  expect(isRequest(message) && message.method).toBe('MESSAGE');
  expect(headersOf(message, 'Via')).toHaveLength(2);
  expect(addressIn(headerOf(message, 'To') ?? '')).toEqual({
    display: '',
    uri: 'sip:alice@youxin.test',
    parameters: { tag: '1918181833n' },
  });
  expect(addressIn(headerOf(message, 'from') ?? '').display).toBe('Bob "the second"');
  expect(headerOf(message, 'cseq')).toBe('0009 MESSAGE');
  expect(message.body.toString()).toBe('你好');
});

test('what is written is read again, and a line end in a value begins no header', () => {
  const headers = [['Subject', 'a\r\nEvil: yes']] as const;
  const message = parseSip(writeSip({ status: 200, reason: 'OK', headers, body: Buffer.from('x') }));
  expect(headerOf(message, 'evil')).toBeUndefined();
  expect(message).toMatchObject({ status: 200, reason: 'OK', body: Buffer.from('x') });
});

test.each([
  ['nothing', ''],
  ['no end of the headers', 'OPTIONS sip:a@b SIP/2.0\r\nVia: x\r\n'],
  ['another protocol', 'GET / HTTP/1.1\r\n\r\n'],
  ['another version', 'OPTIONS sip:a@b SIP/7.0\r\n\r\n'],
  ['a body that is shorter than it says', 'OPTIONS sip:a@b SIP/2.0\r\nContent-Length: 9\r\n\r\nx'],
  ['a negative length', 'OPTIONS sip:a@b SIP/2.0\r\nContent-Length: -999\r\n\r\n'],
  ['a header without a name', 'OPTIONS sip:a@b SIP/2.0\r\n: x\r\n\r\n'],
  ['too many headers', `OPTIONS sip:a@b SIP/2.0\r\n${'A: b\r\n'.repeat(300)}\r\n`],
])('%s is no SIP', (_, text) => {
  expect(() => parseSip(Buffer.from(text))).toThrow(NotSip);
});

test('addresses, lists and parameters', () => {
  expect(addressIn('sip:bob@example.org;tag=1')).toMatchObject({
    uri: 'sip:bob@example.org',
    parameters: { tag: '1' },
  });
  expect(() => addressIn('nobody')).toThrow(NotSip);
  expect(listIn('"A, B" <sip:a@x;p=1,2>;q=1, <sip:b@x>')).toEqual([
    '"A, B" <sip:a@x;p=1,2>;q=1',
    '<sip:b@x>',
  ]);
  expect(parametersIn(';a="x;y";b;C=1')).toEqual({ a: 'x;y', b: '', c: '1' });
  expect(writeAddress('sip:a@b', 'A "B"', { tag: '1' })).toBe('"A \\"B\\"" <sip:a@b>;tag=1');
  expect(viaIn('SIP / 2.0 / UDP  192.0.2.2:5061 ;branch=z9hG4bK1')).toMatchObject({
    transport: 'UDP',
    port: 5061,
  });
  expect(viaIn('SIP/2.0/TCP [2001:db8::9:1]').host).toBe('[2001:db8::9:1]');
});

test.each([
  ['sip:alice%40home@youxin.test', 'alice@home'],
  ['sip:+8613800138000@youxin.test;user=phone', '+8613800138000'],
  ['sips:user:secret@youxin.test', 'user'],
  ['tel:+8613800138000;phone-context=x', '+8613800138000'],
  ['sip:youxin.test', undefined],
])('the user of %s', (uri, user) => {
  expect(userIn(uri)).toBe(user);
});

describe('a stream', () => {
  const whole = writeSip({ method: 'OPTIONS', uri: 'sip:a@b', headers: [], body: Buffer.from('你好') });

  test.each([1, 2, 7, 1000])('is read in pieces of %i bytes, with questions in between', (size) => {
    let pings = 0;
    const reader = new StreamReader(() => pings++);
    const bytes = Buffer.concat([whole, Buffer.from('\r\n\r\n'), whole, Buffer.from('\r\n\r\n')]);
    const messages: SipMessage[] = [];
    for (let at = 0; at < bytes.length; at += size)
      messages.push(...reader.push(bytes.subarray(at, at + size)));
    expect(messages.map(({ body }) => body.toString())).toEqual(['你好', '你好']);
    expect(pings).toBe(2);
  });

  test.each([
    ['headers without end', 'A: b\r\n'.repeat(20_000)],
    ['no Content-Length', 'OPTIONS sip:a@b SIP/2.0\r\nA: b\r\n\r\n'],
    ['a body larger than is kept', 'OPTIONS sip:a@b SIP/2.0\r\nContent-Length: 99999999\r\n\r\n'],
  ])('with %s is given up', (_, text) => {
    expect(() => new StreamReader(() => undefined).push(Buffer.from(text))).toThrow(NotSip);
  });
});
