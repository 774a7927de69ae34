/** Dialogs (RFC 3261 §12): what two user agents agree on when an INVITE is accepted, and the requests inside. Values and pure functions. */
import { cseqOf, header, headerList, type Header, type SipRequest, type SipResponse } from './sip-message.js';
import { parseNameAddr, parseUri, tagOf } from './sip-uri.js';

export interface Dialog {
  callId: string;
  localTag: string;
  remoteTag: string;
  /** Values of From and To of our requests, with their tags. */
  local: string;
  remote: string;
  /** Contact of the other side. */
  target: string;
  /** Proxies that want to stay in between, the nearest first. */
  route: readonly string[];
  /** Number of our last request. */
  localSequence: number;
  /** Of theirs. undefined: none has come yet */
  remoteSequence: number | undefined;
}

const MOST_ROUTES = 20;

/** Of the side that accepts an INVITE (§12.1.1). @returns undefined: its Contact or a Record-Route is none */
export function dialogOfCallee(invite: SipRequest, localTag: string): Dialog | undefined {
  const target = contactOf(invite);
  const route = routesIn(headerList(invite, 'record-route'));
  if (target === undefined || !route) return undefined;
  return {
    callId: header(invite, 'call-id') ?? '',
    localTag,
    remoteTag: tagOf(header(invite, 'from')) ?? '',
    local: `${header(invite, 'to') ?? ''};tag=${localTag}`,
    remote: header(invite, 'from') ?? '',
    target,
    route,
    localSequence: 0,
    remoteSequence: cseqOf(invite)?.number,
  };
}

/** Of the side whose INVITE was accepted (§12.1.2). @returns undefined: the answer has no tag, or a Contact or Record-Route that is none */
export function dialogOfCaller(invite: SipRequest, response: SipResponse): Dialog | undefined {
  const remoteTag = tagOf(header(response, 'to'));
  const target = contactOf(response);
  const route = routesIn(headerList(response, 'record-route'))?.reverse();
  if (remoteTag === undefined || target === undefined || !route) return undefined;
  return {
    callId: header(invite, 'call-id') ?? '',
    localTag: tagOf(header(invite, 'from')) ?? '',
    remoteTag,
    local: header(invite, 'from') ?? '',
    remote: header(response, 'to') ?? '',
    target,
    route,
    localSequence: cseqOf(invite)?.number ?? 1,
    remoteSequence: undefined,
  };
}

/** The next request of ours; counts it. */
export function requestWithin(dialog: Dialog, method: string, headers: readonly Header[] = []): SipRequest {
  dialog.localSequence++;
  return numbered(dialog, method, dialog.localSequence, headers);
}

/** The ACK of an acceptance has the number of its INVITE (§13.2.2.4). */
export function acknowledgementWithin(
  dialog: Dialog,
  sequence: number,
  headers: readonly Header[] = [],
): SipRequest {
  return numbered(dialog, 'ACK', sequence, headers);
}

/** Whether a request belongs to the dialog and is not older than what came before (§12.2.2); counts it. */
export function isNextOf(dialog: Dialog, request: SipRequest): boolean {
  const number = cseqOf(request)?.number ?? 0;
  if (dialog.remoteSequence !== undefined && number <= dialog.remoteSequence) return false;
  dialog.remoteSequence = number;
  return true;
}

/** Whether it comes from the other side of this dialog (§12.2.2). */
export function belongsTo(dialog: Dialog, request: SipRequest): boolean {
  return (
    header(request, 'call-id') === dialog.callId &&
    tagOf(header(request, 'to')) === dialog.localTag &&
    (tagOf(header(request, 'from')) ?? '') === dialog.remoteTag
  );
}

function numbered(dialog: Dialog, method: string, sequence: number, more: readonly Header[]): SipRequest {
  const { uri, routes } = nextHop(dialog);
  return {
    kind: 'request',
    method,
    uri,
    headers: [
      ['max-forwards', '70'],
      ...routes.map((route): Header => ['route', route]),
      ['from', dialog.local],
      ['to', dialog.remote],
      ['call-id', dialog.callId],
      ['cseq', `${sequence} ${method}`],
      ...more,
    ],
    body: Buffer.alloc(0),
  };
}

/** §12.2.1.1. A first proxy that routes strictly, as RFC 2543 did, gets its own URI as Request-URI, and the target last. */
function nextHop({ route, target }: Dialog): { uri: string; routes: readonly string[] } {
  const [first, ...others] = route;
  const uri = first === undefined ? undefined : parseNameAddr(first)?.uri;
  if (uri === undefined || parseUri(uri)?.params.has('lr')) return { uri: target, routes: route };
  return { uri, routes: [...others, `<${target}>`] };
}

function contactOf(message: SipRequest | SipResponse): string | undefined {
  const uri = parseNameAddr(headerList(message, 'contact')[0] ?? '')?.uri;
  return uri !== undefined && parseUri(uri) ? uri : undefined;
}

function routesIn(values: readonly string[]): string[] | undefined {
  const isRoute = (value: string) => parseUri(parseNameAddr(value)?.uri ?? '') !== undefined;
  return values.length <= MOST_ROUTES && values.every(isRoute) ? [...values] : undefined;
}
