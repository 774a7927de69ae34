/** SIP messages (RFC 3261 §7) as values, and how their headers are read. Names of headers are kept in lower case. */

export type Header = readonly [name: string, value: string];

interface Common {
  headers: readonly Header[];
  body: Buffer;
}

export interface SipRequest extends Common {
  kind: 'request';
  method: string;
  uri: string;
}

export interface SipResponse extends Common {
  kind: 'response';
  status: number;
  reason: string;
}

export type SipMessage = SipRequest | SipResponse;

/** The first header of that name. */
export function header(message: Pick<SipMessage, 'headers'>, name: string): string | undefined {
  return message.headers.find(([known]) => known === name)?.[1];
}

/** Every element of the headers of that name, which may be lists (§7.3.1). */
export function headerList(message: Pick<SipMessage, 'headers'>, name: string): string[] {
  return message.headers.flatMap(([known, value]) => (known === name ? splitList(value) : []));
}

/** Replaces the headers of one name; without values, removes them. New headers stand first: Via must. */
export function withHeader<Message extends SipMessage>(
  message: Message,
  name: string,
  ...values: string[]
): Message {
  const others = message.headers.filter(([known]) => known !== name);
  return { ...message, headers: [...values.map((value): Header => [name, value]), ...others] };
}

/** Splits at a character that is neither inside quotes nor inside angle brackets. Empty elements are left out. */
export function splitList(text: string, separator = ','): string[] {
  const parts: string[] = [];
  let [from, quoted, bracket] = [0, false, false];
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (quoted) {
      if (char === '\\') at++;
      else if (char === '"') quoted = false;
    } else if (char === '"') quoted = true;
    else if (char === '<') bracket = true;
    else if (char === '>') bracket = false;
    else if (char === separator && !bracket) {
      parts.push(text.slice(from, at));
      from = at + 1;
    }
  }
  return [...parts, text.slice(from)].map((part) => part.trim()).filter((part) => part !== '');
}

export interface CSeq {
  number: number;
  method: string;
}

const MAX_SEQUENCE = 2 ** 31;

/** @returns undefined: not a sequence number below 2^31 and a method (§8.1.1.5) */
export function cseqOf(message: SipMessage): CSeq | undefined {
  const [, digits = '', method = ''] = /^(\d{1,10})\s+(\S+)$/.exec(header(message, 'cseq') ?? '') ?? [];
  const number = Number(digits);
  return method !== '' && number < MAX_SEQUENCE ? { number, method } : undefined;
}

/** A response to this request (§8.2.6): what the two sides recognise it by is copied. */
export function responseTo(
  request: SipRequest,
  status: number,
  reason: string,
  headers: readonly Header[] = [],
  toTag?: string,
): SipResponse {
  const copied = request.headers.filter(([name]) => ['via', 'from', 'call-id', 'cseq'].includes(name));
  const to = header(request, 'to') ?? '';
  const tagged = toTag === undefined || /;\s*tag\s*=/i.test(to) ? to : `${to};tag=${toTag}`;
  return {
    kind: 'response',
    status,
    reason,
    headers: [...copied, ['to', tagged], ...headers],
    body: Buffer.alloc(0),
  };
}
