/** Keys in INFO, as phones write them. */
import type { SipRequest } from '../stack/sip-message.js';
import { pressedKey } from './pressed-key.js';

function info(type: string, body: string): SipRequest {
  const headers = [['content-type', type]] as const;
  return { kind: 'request', method: 'INFO', uri: 'sip:here', headers, body: Buffer.from(body) };
}

test.each([
  ['application/dtmf-relay', 'Signal=1\r\nDuration=160\r\n', '1'],
  ['application/dtmf-relay', 'Signal= 1\r\nDuration= 160', '1'],
  ['Application/DTMF-Relay; charset=utf-8', 'Duration=250\nsignal = #\n', '#'],
  ['application/dtmf-relay', 'Signal=10\r\nDuration=100\r\n', '*'],
  ['application/dtmf', '1', '1'],
  ['application/dtmf', ' 11\r\n', '#'],
  ['application/dtmf', 'b', 'B'],
])('%s %j is the key %s', (type, body, key) => {
  expect(pressedKey(info(type, body))).toBe(key);
});

test.each([
  ['application/dtmf-relay', 'Duration=160\r\n'],
  ['application/dtmf-relay', 'Signal=12\r\n'],
  ['application/dtmf-relay', '1'],
  ['application/dtmf', '111'],
  ['application/dtmf', ''],
  ['application/dtmf', ' '.repeat(500) + '1'],
  ['text/plain', '1'],
])('%s %j is none', (type, body) => {
  expect(pressedKey(info(type, body))).toBeUndefined();
});
