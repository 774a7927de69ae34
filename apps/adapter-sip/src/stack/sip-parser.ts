/**
 * Bytes -> SIP message (RFC 3261 §7, §25). Bounded: 64 KiB a message, 128 headers of 8 KiB. Whoever sends what is no SIP
 * gets no answer; a request that is SIP but faulty is answered with the status of its fault (RFC 4475 says which).
 */
import { cseqOf, header, headerList, type Header, type SipMessage } from './sip-message.js';
import { parseNameAddr, parseUri } from './sip-uri.js';
import { parseVia } from './sip-via.js';

export const MAX_MESSAGE_BYTES = 64 * 1024;
const MAX_HEADERS = 128;
const MAX_VALUE = 8192;
const MAX_START_LINE = 4096;

export interface Fault {
  status: number;
  reason: string;
}

export interface Parsed {
  message: SipMessage;
  /** The message must not be acted upon. */
  fault: Fault | undefined;
}

/** Compact forms (RFC 3261 §7.3.3; RFC 6665, RFC 3515, RFC 3841, RFC 4028, RFC 3892, RFC 8224). */
const COMPACT: Record<string, string> = {
  a: 'accept-contact',
  b: 'referred-by',
  c: 'content-type',
  d: 'request-disposition',
  e: 'content-encoding',
  f: 'from',
  i: 'call-id',
  j: 'reject-contact',
  k: 'supported',
  l: 'content-length',
  m: 'contact',
  o: 'event',
  r: 'refer-to',
  s: 'subject',
  t: 'to',
  u: 'allow-events',
  v: 'via',
  x: 'session-expires',
  y: 'identity',
};
const ONCE = ['from', 'to', 'call-id', 'cseq', 'max-forwards', 'content-length'];
const TOKEN = /^[\w.!%*+`'~-]+$/;
const CALL_ID = /^\S{1,256}$/;

/** @returns undefined: these bytes are no SIP message */
export function parseMessage(bytes: Buffer): Parsed | undefined {
  if (bytes.length > MAX_MESSAGE_BYTES) return undefined;
  let begin = 0;
  while (bytes[begin] === 0x0d && bytes[begin + 1] === 0x0a) begin += 2;
  const end = bytes.indexOf('\r\n\r\n', begin, 'latin1');
  if (end < 0) return undefined;
  const [startLine = '', ...lines] = bytes.toString('utf8', begin, end).split('\r\n');
  const start = readStartLine(startLine);
  const headers = readHeaders(lines);
  if (!start || !headers) return undefined;
  const rest = bytes.subarray(end + 4);
  const length = contentLength(headers);
  const message = { ...start.head, headers, body: length === undefined ? rest : rest.subarray(0, length) };
  return { message, fault: start.fault ?? faultOf(message, rest.length) };
}

type Head =
  { kind: 'request'; method: string; uri: string } | { kind: 'response'; status: number; reason: string };

function readStartLine(line: string): { head: Head; fault?: Fault } | undefined {
  if (line.length > MAX_START_LINE) return undefined;
  const [, status, reason = ''] = /^SIP\/2\.0 (\d{3})(?: (.*))?$/.exec(line) ?? [];
  if (status !== undefined) return { head: { kind: 'response', status: Number(status), reason } };
  const [, method = '', uri = '', version] = /^(\S+)\s+(.*?)\s*(SIP\/\d+\.\d+)\s*$/i.exec(line) ?? [];
  if (version === undefined || !TOKEN.test(method)) return undefined;
  const head: Head = { kind: 'request', method, uri };
  if (version.toUpperCase() !== 'SIP/2.0')
    return { head, fault: { status: 505, reason: 'Version Not Supported' } };
  if (!/^\S+ \S+ SIP\/2\.0$/i.test(line)) return { head, fault: bad('request line') };
  return { head };
}

/** @returns undefined: beyond the bounds, or no header at all */
function readHeaders(lines: readonly string[]): Header[] | undefined {
  const unfolded: string[] = [];
  for (const line of lines) {
    if (!/^[ \t]/.test(line)) unfolded.push(line);
    else if (unfolded.length === 0) return undefined;
    else unfolded.push(`${unfolded.pop()} ${line.trim()}`);
    if (unfolded.length > MAX_HEADERS || (unfolded.at(-1)?.length ?? 0) > MAX_VALUE) return undefined;
  }
  const headers: Header[] = [];
  for (const line of unfolded) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).trim().toLowerCase();
    if (colon <= 0 || !TOKEN.test(name)) return undefined;
    headers.push([COMPACT[name] ?? name, line.slice(colon + 1).trim()]);
  }
  return headers;
}

function contentLength(headers: readonly Header[]): number | undefined {
  const value = header({ headers }, 'content-length');
  return value !== undefined && /^\d{1,9}$/.test(value) ? Number(value) : undefined;
}

function faultOf(message: SipMessage, bodyBytes: number): Fault | undefined {
  for (const name of ONCE)
    if (message.headers.filter(([known]) => known === name).length > 1) return bad(`several ${name}`);
  const vias = headerList(message, 'via');
  if (vias.length === 0 || vias.some((via) => parseVia(via) === undefined)) return bad('Via');
  for (const name of ['from', 'to'])
    if (parseNameAddr(header(message, name) ?? '') === undefined) return bad(name);
  if (!CALL_ID.test(header(message, 'call-id') ?? '')) return bad('Call-ID');
  const cseq = cseqOf(message);
  if (!cseq) return bad('CSeq');
  const declared = header(message, 'content-length');
  if (declared !== undefined && (contentLength(message.headers) ?? Infinity) > bodyBytes)
    return bad('Content-Length');
  return message.kind === 'request' ? faultOfRequest(message, cseq.method) : undefined;
}

function faultOfRequest(
  { method, uri, ...message }: Extract<SipMessage, { kind: 'request' }>,
  sequenced: string,
): Fault | undefined {
  if (sequenced !== method) return bad('CSeq method does not match');
  const hops = header(message, 'max-forwards');
  if (hops !== undefined && !(/^\d{1,10}$/.test(hops) && Number(hops) <= 255)) return bad('Max-Forwards');
  if (parseUri(uri) !== undefined) return undefined;
  return /^(?:sips?|tel):|^[<"]/i.test(uri)
    ? bad('Request-URI')
    : { status: 416, reason: 'Unsupported URI Scheme' };
}

function bad(what: string): Fault {
  return { status: 400, reason: `Bad Request (${what})` };
}
