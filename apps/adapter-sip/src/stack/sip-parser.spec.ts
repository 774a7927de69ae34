/** What RFC 4475 asks of a parser. The bytes are ours; each case has the section that describes it. */
import { header, headerList } from './sip-message.js';
import { parseMessage } from './sip-parser.js';
import { parseNameAddr, parseUri } from './sip-uri.js';
import { printMessage } from './sip-writer.js';

const USUAL = {
  Via: 'SIP/2.0/UDP 192.0.2.2;branch=z9hG4bKabc',
  From: '<sip:ann@example.com>;tag=1',
  To: '<sip:bob@example.org>',
  'Call-ID': 'one',
  CSeq: '1 MESSAGE',
};

interface Odd {
  start?: string;
  body?: string;
  more?: string[];
  without?: (keyof typeof USUAL)[];
  with?: Partial<typeof USUAL>;
}

function bytesOf({
  start = 'MESSAGE sip:bob@example.org SIP/2.0',
  body = '',
  more = [],
  ...odd
}: Odd): Buffer {
  const headers = Object.entries({ ...USUAL, ...odd.with })
    .filter(([name]) => !(odd.without ?? []).includes(name as never))
    .map(([name, value]) => `${name}: ${value}`);
  return Buffer.from([start, ...headers, ...more, '', body].join('\r\n'));
}

const parsed = (odd: Odd) => parseMessage(bytesOf(odd));

test('3.1.1.1: folded lines, compact names, white space and escapes where they are allowed', () => {
  const text = [
    'INVITE sip:vivekg@chair-dnrc.example.com;unknownparam SIP/2.0',
    'TO :',
    ' sip:vivekg@chair-dnrc.example.com ;   tag    = 1918181833n',
    'from   : "J Rosenberg \\\\\\""       <sip:jdrosen@example.com>',
    '  ;',
    '  tag = 98asjd8',
    'MaX-fOrWaRdS: 0068',
    'i: wsinv.ndaksdj@192.0.2.1',
    'l: 3',
    'cseq: 0009',
    '  INVITE',
    'Via  : SIP  /   2.0',
    ' /UDP',
    '    192.0.2.2;branch=390skdjuw',
    's :',
    'NewFangledHeader:   newfangled value',
    ' continued newfangled value',
    'v:  SIP  / 2.0  / TCP     spindle.example.com   ;',
    '  branch  =   z9hG4bK9ikj8  ,',
    ' SIP  /    2.0   / UDP  192.168.255.111   ; branch=',
    ' z9hG4bK30239',
    'm:"Quoted string \\"\\"" <sip:jdrosen@example.com> ; newparam =',
    '      newvalue ;',
    '  secondparam ; q = 0.33',
    '',
    'abc',
  ].join('\r\n');
  const { message, fault } = parseMessage(Buffer.from(text)) ?? {};
  expect(fault).toBeUndefined();
  if (!message) throw new Error('not parsed');
  expect(headerList(message, 'via')).toHaveLength(3);
  expect(header(message, 'newfangledheader')).toBe('newfangled value continued newfangled value');
  expect(parseNameAddr(header(message, 'from') ?? '')).toMatchObject({ display: 'J Rosenberg \\"' });
  expect(parseNameAddr(header(message, 'from') ?? '')?.params.get('tag')).toBe('98asjd8');
  expect(parseNameAddr(header(message, 'to') ?? '')?.params.get('tag')).toBe('1918181833n');
  expect(header(message, 'subject')).toBe('');
  expect(message.body.toString()).toBe('abc');
});

const WELL: [section: string, what: string, odd: Odd][] = [
  [
    '3.1.1.2',
    'a method of unusual characters',
    {
      start:
        "!interesting-Method0123456789_*+`.%indeed'~ sip:1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*@example.com SIP/2.0",
      with: { CSeq: "139122385 !interesting-Method0123456789_*+`.%indeed'~" },
    },
  ],
  [
    '3.1.1.3',
    'percent signs that are escaped',
    { start: 'MESSAGE sip:sips%3Auser%40example.com@example.net SIP/2.0' },
  ],
  ['3.1.1.4', 'an escaped NUL in the user', { start: 'MESSAGE sip:null-%00-null@example.com SIP/2.0' }],
  [
    '3.1.1.5',
    'an escape in a method is no escape',
    { start: 'RE%47IST%45R sip:example.com SIP/2.0', with: { CSeq: '29344 RE%47IST%45R' } },
  ],
  [
    '3.1.1.6',
    'no space between name and bracket',
    { with: { From: 'caller<sip:caller@example.com>;tag=323' } },
  ],
  [
    '3.1.1.7',
    'long values',
    {
      with: {
        From: `"${'I have a user name of extreme proportion'.repeat(20)}"<sip:a@example.com>;tag=${'1'.repeat(300)}`,
      },
    },
  ],
  [
    '3.1.1.8',
    'octets after the message',
    { more: ['Content-Length: 4'], body: 'textINVITE sip:joe@example.com SIP/2.0\r\n' },
  ],
  [
    '3.1.1.9',
    'semicolons in the user',
    { start: 'MESSAGE sip:user;par=u%40example.net@example.com SIP/2.0' },
  ],
  [
    '3.1.1.10',
    'transports of all kinds',
    {
      more: [
        'Via: SIP/2.0/SCTP t2.example.com;branch=z9hG4bK2, SIP/2.0/UNKNOWN t5.example.com;branch=z9hG4bK5',
      ],
    },
  ],
  ['3.2.1', 'a branch without an id', { with: { Via: 'SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK' } }],
  [
    '3.3.4',
    'schemes that are not known, in headers',
    { with: { To: 'isbn:2983792873', From: '<http://www.example.com>;tag=3234233' } },
  ],
  [
    '3.3.7',
    'an authorization of another scheme',
    { more: ['Authorization: NoOneKnowsThisScheme opaque-data=here'] },
  ],
  [
    '3.4.1',
    'no Max-Forwards, no branch, as RFC 2543 wrote it',
    {
      with: {
        Via: 'SIP/2.0/UDP iftgw.example.com',
        From: '<sip:+13035551111@ift.client.example.net;user=phone>',
      },
    },
  ],
];

test.each(WELL)('%s: %s is accepted', (_section, _what, odd) => {
  expect(parsed(odd)).toMatchObject({ fault: undefined });
});

const ILL: [section: string, what: string, status: number, odd: Odd][] = [
  ['3.1.2.1', 'separators without anything between', 400, { with: { Via: 'SIP/2.0/UDP 192.0.2.15;;,;,,' } }],
  ['3.1.2.2', 'a Content-Length beyond the datagram', 400, { more: ['Content-Length: 9999'], body: 'short' }],
  ['3.1.2.3', 'a negative Content-Length', 400, { more: ['Content-Length: -999'] }],
  ['3.1.2.4', 'a CSeq beyond 2^31', 400, { with: { CSeq: '36893488147419103232 MESSAGE' } }],
  ['3.1.2.4', 'Max-Forwards beyond 255', 400, { more: ['Max-Forwards: 300'] }],
  [
    '3.1.2.6',
    'a quoted string without an end',
    400,
    { with: { To: '"Mr. J. User <sip:j.user@example.com>' } },
  ],
  ['3.1.2.7', 'brackets around the Request-URI', 400, { start: 'MESSAGE <sip:user@example.com> SIP/2.0' }],
  [
    '3.1.2.8',
    'white space inside the Request-URI',
    400,
    { start: 'MESSAGE sip:user@example.com; lr SIP/2.0' },
  ],
  ['3.1.2.9', 'several spaces in the request line', 400, { start: 'MESSAGE  sip:user@example.com  SIP/2.0' }],
  [
    '3.1.2.10',
    'a space at the end of the request line',
    400,
    { start: 'MESSAGE sip:user@example.com SIP/2.0 ' },
  ],
  ['3.1.2.16', 'a version that is not known', 505, { start: 'MESSAGE sip:t.watson@example.org SIP/7.0' }],
  ['3.1.2.17', 'another method in CSeq', 400, { with: { CSeq: '8 INVITE' } }],
  [
    '3.1.2.18',
    'another method in CSeq, of a method that is not known',
    400,
    { start: 'NEWMETHOD sip:user@example.com SIP/2.0', with: { CSeq: '8 INVITE' } },
  ],
  ['3.3.1', 'required headers that are missing', 400, { without: ['Call-ID', 'From', 'To'] }],
  [
    '3.3.2',
    'a scheme that nobody knows',
    416,
    { start: 'MESSAGE nobodyKnowsThisScheme:totallyopaquecontent SIP/2.0' },
  ],
  ['3.3.3', 'a scheme with a dot', 416, { start: 'MESSAGE soap.beep://192.0.2.103:3002 SIP/2.0' }],
  ['3.3.8', 'several values where there is one', 400, { more: ['CSeq: 59 MESSAGE', 'Call-ID: two'] }],
  [
    '3.3.9',
    'several Content-Lengths',
    400,
    { more: ['Content-Length: 13', 'Content-Length: 5'], body: 'There are more' },
  ],
];

test.each(ILL)('%s: %s is refused with %i', (_section, _what, status, odd) => {
  expect(parsed(odd)?.fault?.status).toBe(status);
});

test.each<[section: string, what: string, start: string]>([
  ['3.1.1.12', 'a reason phrase in another script', 'SIP/2.0 200 = 2**3 * 5**2 сто девяносто девять'],
  ['3.1.1.13', 'an empty reason phrase', 'SIP/2.0 100 '],
])('%s: %s is accepted', (_section, _what, start) => {
  expect(parsed({ start })).toMatchObject({ message: { kind: 'response' }, fault: undefined });
});

test('3.1.2.19: a status of ten digits is no SIP', () => {
  expect(parsed({ start: 'SIP/2.0 4294967301 better not break the receiver' })).toBeUndefined();
});

test('beyond the bounds nothing is read', () => {
  expect(parsed({ more: Array.from({ length: 200 }, (_, at) => `X-${at}: 1`) })).toBeUndefined();
  expect(parsed({ more: [`X: ${'a'.repeat(9000)}`] })).toBeUndefined();
  expect(parsed({ body: 'a'.repeat(70_000) })).toBeUndefined();
  expect(parseMessage(Buffer.from('\r\n\r\n'))).toBeUndefined();
  expect(parseMessage(Buffer.alloc(0))).toBeUndefined();
});

test('what was read is written again', () => {
  const { message } = parsed({ body: '你好', more: ['Content-Type: text/plain;charset=UTF-8'] }) ?? {};
  if (!message) throw new Error('not parsed');
  expect(parseMessage(printMessage(message))?.message.body.toString()).toBe('你好');
});

test('a value of a header cannot begin another header', () => {
  const { message } = parsed({}) ?? {};
  if (!message) throw new Error('not parsed');
  const evil = { ...message, headers: [...message.headers, ['subject', 'x\r\nExpires: 0'] as const] };
  const again = parseMessage(printMessage(evil))?.message;
  expect(again && header(again, 'expires')).toBeUndefined();
});

test.each([
  ['sip:alice%40localhost@xmpp.hub.example', { user: 'alice@localhost', host: 'xmpp.hub.example' }],
  ['sip:+86-138@gw.example;user=phone', { user: '+86-138', host: 'gw.example' }],
  ['tel:+86-138-0013-8000;ext=1', { scheme: 'tel', user: '+8613800138000' }],
  [
    'sips:ann:secret@[2001:db8::1]:5061;transport=tcp?subject=x',
    { user: 'ann', host: '[2001:db8::1]', port: 5061 },
  ],
])('%s is read', (text, expected) => {
  expect(parseUri(text)).toMatchObject(expected);
});

test.each(['', 'sip:', 'http://x', 'sip:a@b:99999', 'sip:a@', 'sip:%ff@b', 'sip:a b@c', 'tel:nobody'])(
  '%s is no URI',
  (text) => {
    expect(parseUri(text)).toBeUndefined();
  },
);
