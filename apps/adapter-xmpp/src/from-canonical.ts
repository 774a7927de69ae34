/** Translates events into stanzas from a ghost. Pure. */
import { xml, type Element } from '@xmpp/component';
import { leaves, placeOf, textParts, type Availability, type MessageEvent, type Reactions } from '#protocol';
import type { AboutCall } from '#adapter-kit';
import { callElements } from './calls.js';
import { NS } from './namespaces.js';
import { isMarkdown, readStyling, styledWords } from '#text';

export interface Envelope {
  from: string;
  to: string;
  id: string;
}

export interface Extras {
  nick?: string | undefined;
  /** The text is about this call. */
  call?: AboutCall | undefined;
  delayedSince?: Date | undefined;
  /** The delivery is in doubt since this time: the server's link module checks the archive for an earlier delivery. */
  uncertainSince?: Date | undefined;
  /** Clients must not apply styling to the body. */
  unstyled?: boolean | undefined;
  /** The message to which this one replies: JID of its author, its id, and its first words, if known. */
  reply?: { to: string; id: string; excerpt?: string | undefined } | undefined;
}

/** Writes the body. A location becomes a geo: URI (RFC 5870), which clients open in a map. */
export function bodyText(event: MessageEvent): string {
  const [part] = leaves(event.data.content.body);
  const place = part?.kind === 'single' ? placeOf(part) : undefined;
  if (place) return [`geo:${place.latitude},${place.longitude}`, place.label].filter(Boolean).join('\n');
  return styledWords(event.data.content.body);
}

/** True for plain text that a client would interpret as styling (XEP-0393 §5). */
export function unstyled(event: MessageEvent): boolean {
  const parts = textParts(event.data.content.body);
  return (
    parts.length > 0 && parts.every((part) => !isMarkdown(part) && readStyling(part.content) !== undefined)
  );
}

export function newMessage(envelope: Envelope, text: string, extras: Extras): Element {
  const quote = quoteOf(extras);
  return stanza(
    envelope,
    xml('body', {}, quote + text),
    xml('request', { xmlns: NS.receipts }),
    xml('markable', { xmlns: NS.markers }),
    xml('active', { xmlns: NS.states }),
    ...reference(extras),
    ...(extras.call ? callElements(extras.call, envelope.id) : []),
    quote === ''
      ? undefined
      : xml(
          'fallback',
          { xmlns: NS.fallback, for: NS.reply },
          xml('body', { start: '0', end: String(Array.from(quote).length) }),
        ),
    ...common(envelope, extras),
  );
}

/** Quote for clients without XEP-0461. Other clients remove it by its XEP-0428 range, counted in code points. */
function quoteOf({ reply }: Extras): string {
  return reply?.excerpt === undefined ? '' : `> ${reply.excerpt}\n`;
}

function reference({ reply }: Extras): Element[] {
  return reply ? [xml('reply', { xmlns: NS.reply, to: reply.to, id: reply.id })] : [];
}

/** @param elements the elements of the file, with its URL as the body */
export function fileMessage(envelope: Envelope, elements: Element[], extras: Extras): Element {
  return stanza(
    envelope,
    ...elements,
    xml('request', { xmlns: NS.receipts }),
    xml('markable', { xmlns: NS.markers }),
    ...reference(extras),
    ...common(envelope, extras),
  );
}

/** A text of the adapter itself: it requests no receipts. */
export function notice(envelope: Envelope, text: string): Element {
  return stanza(envelope, xml('body', {}, text), xml('origin-id', { xmlns: NS.ids, id: envelope.id }));
}

/** XEP-0308. @param target the stanza id of the first version */
export function correction(envelope: Envelope, target: string, text: string, extras: Extras): Element {
  return stanza(
    envelope,
    xml('body', {}, text),
    xml('replace', { xmlns: NS.correct, id: target }),
    ...common(envelope, extras),
  );
}

export function retraction(envelope: Envelope, target: string, extras: Extras): Element {
  return stanza(
    envelope,
    xml('retract', { xmlns: NS.retract, id: target }),
    xml('fallback', { xmlns: NS.fallback, for: NS.retract }),
    xml('body', {}, '/me retracted a previous message, but your client does not support it.'),
    xml('store', { xmlns: NS.hints }),
    ...common(envelope, extras),
  );
}

/** XEP-0444: contains all current reactions; empty if there are none. */
export function reactions(
  envelope: Envelope,
  target: string,
  { current }: Reactions,
  extras: Extras,
): Element {
  return stanza(
    envelope,
    xml(
      'reactions',
      { xmlns: NS.reactions, id: target },
      ...current.map((emoji) => xml('reaction', {}, emoji)),
    ),
    xml('store', { xmlns: NS.hints }),
    ...common(envelope, extras),
  );
}

export function receipt(envelope: Envelope, status: 'delivered' | 'read', target: string): Element {
  const mark =
    status === 'delivered'
      ? xml('received', { xmlns: NS.receipts, id: target })
      : xml('displayed', { xmlns: NS.markers, id: target });
  return stanza(envelope, mark, xml('store', { xmlns: NS.hints }));
}

export function chatState(envelope: Envelope, state: 'composing' | 'paused' | 'stopped'): Element {
  return stanza(
    envelope,
    xml(state === 'stopped' ? 'active' : state, { xmlns: NS.states }),
    xml('no-store', { xmlns: NS.hints }),
  );
}

const SHOW: Partial<Record<Availability, string>> = { away: 'away', xa: 'xa', dnd: 'dnd' };

export function presence(
  from: string,
  to: string,
  availability: Availability,
  statusText: string | undefined,
  caps: Element,
  nick?: string,
): Element {
  const status = statusText ? xml('status', {}, statusText) : undefined;
  if (availability === 'offline' || availability === 'unknown')
    return xml('presence', { from, to, type: 'unavailable' }, status);
  const show = SHOW[availability];
  return xml(
    'presence',
    { from, to },
    show ? xml('show', {}, show) : undefined,
    status,
    nick ? xml('nick', { xmlns: NS.nick }, nick) : undefined,
    caps,
  );
}

export function subscription(from: string, to: string, type: string, nick?: string, note?: string): Element {
  return xml(
    'presence',
    { from, to, type },
    nick ? xml('nick', { xmlns: NS.nick }, nick) : undefined,
    note ? xml('status', {}, note) : undefined,
  );
}

function stanza({ from, to, id }: Envelope, ...children: (Element | undefined)[]): Element {
  return xml('message', { from, to, id, type: 'chat' }, ...children.filter((child) => child !== undefined));
}

function common(
  { id }: Envelope,
  { nick, delayedSince, uncertainSince, unstyled: bare }: Extras,
): (Element | undefined)[] {
  return [
    xml('origin-id', { xmlns: NS.ids, id }),
    bare ? xml('unstyled', { xmlns: NS.styling }) : undefined,
    nick ? xml('nick', { xmlns: NS.nick }, nick) : undefined,
    delayedSince && xml('delay', { xmlns: NS.delay, stamp: delayedSince.toISOString() }),
    uncertainSince &&
      xml('uncertain', { xmlns: NS.link, since: uncertainSince.toISOString().replace(/\.\d+Z$/, 'Z') }),
  ];
}
