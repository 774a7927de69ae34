/** What an end of a call is told while the other end is not there, and when it is. */
import { heldAnswer, isSamePlace, nextVersion } from './held-session.js';
import { checkedSession } from './session-description.js';

function sdp(...media: string[]): string {
  const head = ['v=0', 'o=ann 7 3 IN IP4 192.0.2.1', 's=-', 'c=IN IP4 192.0.2.1', 't=0 0'];
  return [...head, ...media].map((line) => `${line}\r\n`).join('');
}

const AUDIO = ['m=audio 4000 RTP/AVP 0 101', 'a=rtpmap:101 telephone-event/8000', 'a=ice-ufrag:x'];
const VIDEO = 'm=video 4002 RTP/SAVP 96';

test('plain sound is held, with its formats and without anything that would need the other end', () => {
  const held = heldAnswer(sdp(...AUDIO)) ?? '';
  expect(held.split('\r\n').slice(3, -1)).toEqual([
    'c=IN IP4 0.0.0.0',
    't=0 0',
    'm=audio 9 RTP/AVP 0 101',
    'a=rtpmap:101 telephone-event/8000',
    'a=inactive',
  ]);
  expect(checkedSession(held)?.session).toBe(held);
});

test('what is encrypted, and what the phone itself refused, is refused; nothing else left: no hold', () => {
  expect(heldAnswer(sdp(...AUDIO, VIDEO))).toContain('m=video 0 RTP/SAVP 96');
  expect(heldAnswer(sdp(VIDEO))).toBeUndefined();
  expect(heldAnswer(sdp('m=audio 0 RTP/AVP 0'))).toBeUndefined();
  expect(heldAnswer('no description')).toBeUndefined();
});

test('the description of the other end follows as a later version of the same session', () => {
  const next = nextVersion(sdp(...AUDIO), 'v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\n', 2);
  expect(next).toBe(sdp(...AUDIO).replace('o=ann 7 3 IN IP4 192.0.2.1', 'o=- 1 3 IN IP4 0.0.0.0'));
});

test.each([
  ['the same', sdp(...AUDIO), true],
  ['refused', sdp('m=audio 0 RTP/AVP 0'), true],
  ['another port', sdp('m=audio 4010 RTP/AVP 0'), false],
  ['another host', sdp(...AUDIO).replace('c=IN IP4 192.0.2.1', 'c=IN IP4 192.0.2.9'), false],
  ['more media', sdp(...AUDIO, VIDEO), false],
])('sound that was at one place, and then is %s', (_, after, isSame) => {
  expect(isSamePlace(sdp(...AUDIO), after)).toBe(isSame);
});
