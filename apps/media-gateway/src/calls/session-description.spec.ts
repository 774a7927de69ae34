/** Session descriptions of rivals: what is used of them, and what is refused. */
import fc from 'fast-check';
import { browserSession, plainSession, SessionRefused } from './session-description.js';

const PUBLIC = { privateAddresses: false };
const PRIVATE = { privateAddresses: true };

const HEAD = ['v=0', 'o=phone 1 1 IN IP4 8.8.8.8', 's=call', 'c=IN IP4 8.8.8.8', 't=0 0'];
const AUDIO = ['m=audio 40000 RTP/AVP 0 101', 'a=rtpmap:101 telephone-event/8000', 'a=fmtp:101 0-15'];
const of = (...lines: string[]) => [...lines, ''].join('\r\n');
/** Lines that follow those of an ordinary offer. */
const offer = (...more: string[]) => of(...HEAD, ...AUDIO, ...more);
/** With this address. */
const at = (address: string) => of('v=0', `c=${address}`, ...AUDIO);

test('what NoSIP and browsers use is written anew', () => {
  const session = offer(
    'a=ptime:20',
    'a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:abc',
    'a=unknown',
    'a=sendrecv',
  );
  expect(plainSession(session, PUBLIC).split('\r\n')).toEqual([
    'v=0',
    'o=- 1 1 IN IP4 8.8.8.8',
    's=-',
    't=0 0',
    'm=audio 40000 RTP/AVP 0 101',
    'c=IN IP4 8.8.8.8',
    'a=rtpmap:0 PCMU/8000',
    'a=rtpmap:101 telephone-event/8000',
    'a=fmtp:101 0-15',
    'a=ptime:20',
    'a=sendrecv',
    '',
  ]);
});

test('codecs that browsers lack are left out, and a medium that is refused stays in its place', () => {
  const session = of(
    ...HEAD,
    'a=inactive',
    'm=audio 40000 RTP/AVPF 18 111 0',
    'a=rtpmap:18 G729/8000',
    'a=rtpmap:111 opus/48000/2',
    'a=rtcp-fb:111 nack',
    'm=video 0 RTP/AVP 96',
  );
  expect(plainSession(session, PUBLIC)).toContain('m=audio 40000 RTP/AVP 111 0\r\n');
  expect(plainSession(session, PUBLIC)).toMatch(
    /a=rtcp-fb:111 nack\r\na=inactive\r\nm=video 0 RTP\/AVP 96\r\n$/,
  );
});

test('what is written is read again as the same', () => {
  const once = plainSession(offer('m=video 40002 RTP/AVP 96', 'a=rtpmap:96 VP8/90000'), PUBLIC);
  expect(plainSession(once, PUBLIC)).toBe(once);
});

test('the address that peers see is written in place of our own', () => {
  const session = plainSession(offer(), PUBLIC, '9.9.9.9');
  expect(session.match(/\d+\.\d+\.\d+\.\d+/g)).toEqual(['9.9.9.9', '9.9.9.9']);
});

test.each(['10.1.2.3', '192.168.1.1', '172.16.0.1', '127.0.0.1', '169.254.169.254', '100.64.0.1'])(
  'the private address %s is refused, unless the gateway allows it',
  (address) => {
    expect(() => plainSession(at(`IN IP4 ${address}`), PUBLIC)).toThrow(SessionRefused);
    expect(plainSession(at(`IN IP4 ${address}`), PRIVATE)).toContain(`c=IN IP4 ${address}\r\n`);
  },
);

test.each([
  'IN IP4 224.0.0.1',
  'IN IP4 224.0.0.1/127',
  'IN IP4 255.255.255.255',
  'IN IP4 0.0.0.0',
  'IN IP4 240.0.0.1',
  'IN IP4 8.8.8.8/1',
  'IN IP4 victim.example.org',
  'IN IP4 0x7f.1',
  'IN IP4 127.1',
  'IN IP4 2130706433',
  'IN IP4 010.8.8.8',
  'IN IP6 2606:4700::1111',
  'IN IP6 ::ffff:127.0.0.1',
  'IN IP4 8.8.8.8 8.8.4.4',
  '',
])('the address %j is refused always', (address) => {
  expect(() => plainSession(at(address), PRIVATE)).toThrow(SessionRefused);
});

test.each<[what: string, session: string]>([
  ['no session description', 'hello'],
  ['no line at all', ''],
  ['no medium', of(...HEAD)],
  ['no medium that is open', of(...HEAD, 'm=audio 0 RTP/AVP 0')],
  ['no address', of('v=0', ...AUDIO)],
  ['two addresses', of(...HEAD, 'c=IN IP4 8.8.4.4', ...AUDIO)],
  ['a private address of a medium', offer('c=IN IP4 10.0.0.1')],
  ['a private address of RTCP', offer('a=rtcp:40001 IN IP4 10.0.0.1')],
  ['the port of a service for RTCP', offer('a=rtcp:53')],
  ['an RTCP attribute that is none', offer('a=rtcp:40001 victim')],
  ['a private candidate', offer('a=candidate:1 1 UDP 1 10.0.0.1 40000 typ host')],
  ['a candidate with a name', offer('a=candidate:1 1 UDP 1 victim.local 40000 typ host')],
  ['the port of a service', of(...HEAD, 'm=audio 53 RTP/AVP 0')],
  ['a port without one for RTCP', of(...HEAD, 'm=audio 65535 RTP/AVP 0')],
  ['several ports', of(...HEAD, 'm=audio 40000/2 RTP/AVP 0')],
  ['another medium', offer('m=application 40004 RTP/AVP 100')],
  ['two media of a kind', offer(...AUDIO)],
  ['TCP', of(...HEAD, 'm=audio 40000 TCP/RTP/AVP 0')],
  ['encryption', of(...HEAD, 'm=audio 40000 RTP/SAVP 0')],
  ['WebRTC', of(...HEAD, 'm=audio 40000 UDP/TLS/RTP/SAVPF 0')],
  ['no payload type', of(...HEAD, 'm=audio 40000 RTP/AVP')],
  ['a payload type that is none', of(...HEAD, 'm=audio 40000 RTP/AVP 0 300')],
  ['codecs that browsers lack', of(...HEAD, 'm=audio 40000 RTP/AVP 18')],
  ['a control character', offer('a=ptime:20\u0000')],
  ['a line that is none', offer('hello')],
  ['an endless line', offer(`a=x:${'y'.repeat(2000)}`)],
  ['endless lines', offer(...Array.from({ length: 400 }, () => 'a=x'))],
])('%s is refused', (_, session) => {
  expect(() => plainSession(session, PUBLIC)).toThrow(SessionRefused);
});

test('whatever comes, only addresses and ports that are allowed leave', () => {
  const word = fc.oneof(
    fc.constantFrom('IN', 'IP4', 'c=', 'm=audio', 'RTP/AVP', '\r\n', ' ', 'a=rtcp:', '127.0.0.1', '8.8.8.8'),
    fc.string({ maxLength: 8 }),
    fc.nat(70_000).map(String),
  );
  fc.assert(
    fc.property(fc.array(word, { maxLength: 12 }), fc.nat(8), (words, place) => {
      const lines = [...HEAD, ...AUDIO];
      lines.splice(place, 1, words.join(''));
      try {
        const written = plainSession(of(...lines), PUBLIC);
        expect(written).not.toMatch(/127\.0\.0\.1/);
      } catch (error) {
        expect(error).toBeInstanceOf(SessionRefused);
      }
    }),
    { numRuns: 500 },
  );
});

describe('what a browser sends', () => {
  test('is passed on with audio and video', () => {
    const session = of('v=0', 'm=audio 9 UDP/TLS/RTP/SAVPF 111', 'm=video 9 UDP/TLS/RTP/SAVPF 96');
    expect(browserSession(session)).toBe(session);
  });

  test('names no address to which Janus would send checks', () => {
    const candidate = 'a=candidate:1 1 udp 1 10.0.0.1 40000 typ host';
    const session = of('v=0', candidate, 'm=audio 9 UDP/TLS/RTP/SAVPF 111', candidate, 'a=end-of-candidates');
    expect(browserSession(session)).toBe(of('v=0', 'm=audio 9 UDP/TLS/RTP/SAVPF 111'));
  });

  test.each([
    of('v=0'),
    of('v=0', 'm=application 9 UDP/DTLS/SCTP webrtc-datachannel'),
    of('v=0', 'm=audio 9 UDP/TLS/RTP/SAVPF 111', 'm=audio 9 UDP/TLS/RTP/SAVPF 111'),
    of('v=0', 'm=audio 9 UDP/TLS/RTP/SAVPF 111\u0007'),
  ])('is refused otherwise: %j', (session) => {
    expect(() => browserSession(session)).toThrow(SessionRefused);
  });
});
