/** Keys that a phone sends as INFO, where it does not send them as telephone events (RFC 4733). Pure. */
import { header, type SipRequest } from '../stack/sip-message.js';

const MOST_CHARS = 200;

/**
 * `application/dtmf-relay`: `Signal=1` and `Duration=160`, each on a line; `application/dtmf`: the key alone. Some write the events
 * 10 and 11 for star and hash.
 * @returns undefined: no key
 */
export function pressedKey(info: SipRequest): string | undefined {
  const [type = ''] = (header(info, 'content-type') ?? '').split(';');
  const text = info.body.toString('utf8', 0, MOST_CHARS);
  switch (type.trim().toLowerCase()) {
    case 'application/dtmf-relay':
      return keyOf(/^[ \t]*signal[ \t]*=[ \t]*(\S{1,2})[ \t]*\r?$/im.exec(text)?.[1]);
    case 'application/dtmf':
      return keyOf(text.trim());
    default:
      return undefined;
  }
}

function keyOf(signal = ''): string | undefined {
  if (signal === '10') return '*';
  if (signal === '11') return '#';
  return /^[0-9*#a-d]$/i.test(signal) ? signal.toUpperCase() : undefined;
}
