/** Session descriptions of strangers: what is let through to a phone, and what is answered to hold and resume. */
import fc from 'fast-check';
import { FUZZ_RUNS } from '../../../../test/support/amounts.js';
import { answerWithin, checkedSession } from './session-description.js';

function sdp(...media: string[]): string {
  const head = ['v=0', 'o=- 1 1 IN IP4 192.0.2.1', 's=-', 'c=IN IP4 192.0.2.1', 't=0 0'];
  return [...head, ...media].map((line) => `${line}\r\n`).join('');
}

const AUDIO = 'm=audio 4000 RTP/AVP 0 8 101';
const OURS = sdp('m=audio 5000 RTP/AVP 0 8 101', 'a=sendrecv').replaceAll('192.0.2.1', '198.51.100.7');

test('voice and video are told apart, and line ends are made the same', () => {
  expect(checkedSession(sdp(AUDIO))?.media).toBe('voice');
  expect(checkedSession(sdp(AUDIO, 'm=video 4002 RTP/AVP 96'))?.media).toBe('video');
  expect(checkedSession(sdp(AUDIO, 'm=video 0 RTP/AVP 96'))?.media).toBe('voice');
  expect(checkedSession(sdp(AUDIO).replaceAll('\r\n', '\n'))?.session).toBe(sdp(AUDIO));
});

test.each<[what: string, session: string]>([
  [
    'a name, which a phone would look up',
    sdp(AUDIO).replace('IP4 192.0.2.1\r\nt', 'IP4 evil.example.com\r\nt'),
  ],
  ['a group of hosts', sdp(AUDIO).replace('c=IN IP4 192.0.2.1', 'c=IN IP4 224.2.1.1/127')],
  ['everybody', sdp(AUDIO).replace('c=IN IP4 192.0.2.1', 'c=IN IP4 255.255.255.255')],
  ['a group of hosts of IPv6', sdp(AUDIO).replace('c=IN IP4 192.0.2.1', 'c=IN IP6 ff02::1')],
  ['no address', sdp(AUDIO).replace('c=IN IP4 192.0.2.1\r\n', '')],
  ['no media', sdp()],
  ['media that were all refused', sdp('m=audio 0 RTP/AVP 0')],
  ['a port that is none', sdp('m=audio 70000 RTP/AVP 0')],
  ['control characters', sdp(AUDIO, 'a=x\u0000y')],
  ['two origins', sdp('o=- 2 2 IN IP4 192.0.2.1', AUDIO)],
  ['something else first', `s=-\r\n${sdp(AUDIO)}`],
  ['more lines than a phone has', sdp(AUDIO, ...Array.from({ length: 500 }, () => 'a=x'))],
  ['more than 16,000 characters', sdp(AUDIO, `a=${'x'.repeat(16_000)}`)],
])('%s is not let through', (_what, session) => {
  expect(checkedSession(session)).toBeUndefined();
});

test.each([
  ['a=rtcp:4001', true],
  ['a=rtcp:4001 IN IP4 192.0.2.9', true],
  ['a=rtcp:4001 IN IP4 224.2.1.1', false],
  ['a=rtcp:4001 IN IP4 evil.example.com', false],
  ['a=candidate:1 1 UDP 2130706431 192.0.2.9 4000 typ host', true],
  ['a=candidate:1 1 UDP 1694498815 192.0.2.9 4000 typ srflx raddr 10.0.0.1 rport 4000', true],
  ['a=candidate:1 1 UDP 2130706431 evil.example.com 4000 typ host', false],
  ['a=candidate:1 1 UDP 2130706431 239.1.1.1 4000 typ host', false],
  ['a=candidate:1 1 UDP 2130706431 ff02::1 4000 typ host', false],
  ['a=candidate:1', false],
  ['a=remote-candidates:1 192.0.2.9 4000 2 192.0.2.9 4001', true],
  ['a=remote-candidates:1 evil.example.com 4000', false],
  ['a=rtcp-mux', true],
])('a place besides that of the sound, %s, is kept: %s', (line, isKept) => {
  const session = checkedSession(sdp(AUDIO, line))?.session;
  expect(session).toBe(isKept ? sdp(AUDIO, line) : sdp(AUDIO));
});

test.each([
  ['a=sendonly', 'a=recvonly'],
  ['a=inactive', 'a=inactive'],
  ['a=sendrecv', 'a=sendrecv'],
])('within a call %s is answered with %s', (asked, answered) => {
  const answer = answerWithin(sdp('m=audio 4000 RTP/AVP 0', asked), sdp(AUDIO), OURS, 1);
  expect(answer).toBe(
    OURS.replace('o=- 1 1', 'o=- 1 2').replace('0 8 101', '0').replace('a=sendrecv', answered),
  );
});

test('hold as RFC 2543 had it, with the address 0.0.0.0', () => {
  const held = sdp(AUDIO).replace('c=IN IP4 192.0.2.1', 'c=IN IP4 0.0.0.0');
  expect(answerWithin(held, sdp(AUDIO), OURS, 1)).toContain('a=recvonly');
});

test.each([
  ['another port', sdp('m=audio 4010 RTP/AVP 0')],
  ['another address', sdp(AUDIO).replace('c=IN IP4 192.0.2.1', 'c=IN IP4 192.0.2.99')],
  ['no common format', sdp('m=audio 4000 RTP/AVP 9')],
  ['video besides', sdp(AUDIO, 'm=video 4002 RTP/AVP 96')],
  ['another protocol', sdp('m=audio 4000 RTP/SAVP 0')],
])('%s is not agreed to', (_what, offer) => {
  expect(answerWithin(offer, sdp(AUDIO), OURS, 1)).toBeUndefined();
});

test('whatever comes is refused, or is a description of a form that phones read', () => {
  const lines = sdp(AUDIO, 'a=rtpmap:0 PCMU/8000', 'a=sendrecv').split('\r\n');
  const changed = fc
    .tuple(fc.nat(lines.length - 1), fc.string({ unit: 'binary', maxLength: 60 }), fc.nat(60))
    .map(([at, text, from]) => {
      const line = lines[at] ?? '';
      return lines.with(at, `${line.slice(0, from)}${text}${line.slice(from)}`).join('\r\n');
    });
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary', maxLength: 400 }), changed), (text) => {
      const checked = checkedSession(text);
      answerWithin(text, sdp(AUDIO), OURS, 1);
      if (!checked) return;
      expect(checked.session).toMatch(/^v=0\r\n(?:[a-z]=[^\r\n]*\r\n)+$/);
      expect(checkedSession(checked.session)).toEqual(checked);
    }),
    { numRuns: FUZZ_RUNS },
  );
});
