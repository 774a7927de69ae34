/** SIP message -> bytes. No value of a header can begin a line of its own. */
import type { SipMessage } from './sip-message.js';

const SPELLED: Record<string, string> = {
  'call-id': 'Call-ID',
  cseq: 'CSeq',
  'mime-version': 'MIME-Version',
  'sip-etag': 'SIP-ETag',
  'sip-if-match': 'SIP-If-Match',
  'www-authenticate': 'WWW-Authenticate',
};

export function printMessage(message: SipMessage): Buffer {
  const start =
    message.kind === 'request'
      ? `${message.method} ${message.uri} SIP/2.0`
      : `SIP/2.0 ${message.status} ${message.reason}`;
  const headers = message.headers
    .filter(([name]) => name !== 'content-length')
    .map(([name, value]) => `${spelled(name)}: ${value}`);
  const lines = [start, ...headers, `Content-Length: ${message.body.length}`];
  const head = lines.map((line) => line.replace(/[\r\n]+/g, ' ')).join('\r\n');
  return Buffer.concat([Buffer.from(`${head}\r\n\r\n`), message.body]);
}

function spelled(name: string): string {
  return SPELLED[name] ?? name.replace(/(?:^|-)[a-z]/g, (letter) => letter.toUpperCase());
}
