/** Dialogs: whose requests belong to one, where ours go, and what a hostile answer makes of them (RFC 3261 §12). */
import { belongsTo, dialogOfCallee, dialogOfCaller, isNextOf, requestWithin } from './dialog.js';
import { headerList, responseTo, type Header, type SipRequest } from './sip-message.js';

function invite(...more: Header[]): SipRequest {
  return {
    kind: 'request',
    method: 'INVITE',
    uri: 'sip:ann@example.com',
    headers: [
      ['via', 'SIP/2.0/UDP 192.0.2.9;branch=z9hG4bK1'],
      ['from', '"Bob" <sip:bob@example.com>;tag=bobs'],
      ['to', '<sip:ann@example.com>'],
      ['call-id', 'call'],
      ['cseq', '7 INVITE'],
      ...more,
    ],
    body: Buffer.alloc(0),
  };
}

const accepted = (...headers: Header[]) => responseTo(invite(), 200, 'OK', headers, 'anns');
const CONTACT: Header = ['contact', '<sip:ann@192.0.2.1>'];
const P1 = '<sip:p1.example.com;lr>';
const P2 = '<sip:p2.example.com;lr>';

test('a caller goes back through the proxies in the other order, and counts on', () => {
  const dialog = dialogOfCaller(invite(), accepted(CONTACT, ['record-route', `${P2}, ${P1}`]));
  if (!dialog) throw new Error('no dialog');
  const bye = requestWithin(dialog, 'BYE');
  expect(bye.uri).toBe('sip:ann@192.0.2.1');
  expect(headerList(bye, 'route')).toEqual([P1, P2]);
  expect(headerList(bye, 'cseq')).toEqual(['8 BYE']);
  expect(headerList(bye, 'to')).toEqual(['<sip:ann@example.com>;tag=anns']);
});

test('who is called goes back through them as they stand, and a strict router gets its own address', () => {
  const strict = '<sip:old.example.com>';
  const dialog = dialogOfCallee(
    invite(['contact', '<sip:bob@192.0.2.9>'], ['record-route', strict], ['record-route', P2]),
    'anns',
  );
  if (!dialog) throw new Error('no dialog');
  const bye = requestWithin(dialog, 'BYE');
  expect(bye.uri).toBe('sip:old.example.com');
  expect(headerList(bye, 'route')).toEqual([P2, '<sip:bob@192.0.2.9>']);
  expect(headerList(bye, 'from')).toEqual(['<sip:ann@example.com>;tag=anns']);
});

test('a request belongs to it by all three: Call-ID and both tags; an old number is refused', () => {
  const dialog = dialogOfCallee(invite(['contact', '<sip:bob@192.0.2.9>']), 'anns');
  if (!dialog) throw new Error('no dialog');
  const bye = (from: string, to: string, number = 8): SipRequest => ({
    ...invite(),
    method: 'BYE',
    headers: [
      ['from', `<sip:bob@example.com>;tag=${from}`],
      ['to', `<sip:ann@example.com>;tag=${to}`],
      ['call-id', 'call'],
      ['cseq', `${number} BYE`],
    ],
  });
  expect(belongsTo(dialog, bye('bobs', 'anns'))).toBe(true);
  expect(belongsTo(dialog, bye('eves', 'anns'))).toBe(false);
  expect(belongsTo(dialog, bye('bobs', 'eves'))).toBe(false);
  expect([isNextOf(dialog, bye('bobs', 'anns', 7)), isNextOf(dialog, bye('bobs', 'anns', 9))]).toEqual([
    false,
    true,
  ]);
});

test.each<[what: string, headers: Header[]]>([
  ['no Contact', []],
  ['a Contact that would be a second line', [['contact', '<sip:a b@evil>']]],
  ['a Contact of another kind', [['contact', '<http://evil.example.com>']]],
  ['a Record-Route that is none', [CONTACT, ['record-route', 'x']]],
  ['twenty-one proxies', [CONTACT, ...Array.from({ length: 21 }, (): Header => ['record-route', P1])]],
])('an answer with %s makes no dialog', (_what, headers) => {
  expect(dialogOfCaller(invite(), accepted(...headers))).toBeUndefined();
});
