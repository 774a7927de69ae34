/** Events of the bus -> events of the open interface. Pure. */
import {
  cardOf,
  leaves,
  nativeOf,
  placeOf,
  RESULTS,
  type Capabilities,
  type ContactEvent,
  type MessageEvent,
  type PresenceEvent,
  type ReceiptEvent,
  type ReportEvent,
  type TypingEvent,
} from '#protocol';
import { textOf } from '#text';
import type { OpenEvent, OpenMedia } from './open.schema.js';

interface Context {
  id: string;
  target?: string | undefined;
  delayedSince?: Date | undefined;
  media?: OpenMedia | undefined;
}

type Between = Pick<OpenEvent, 'from' | 'to'>;

function between({
  from,
  to,
}: {
  from: MessageEvent['data']['from'];
  to: MessageEvent['data']['to'];
}): Between {
  const { address, displayName } = from;
  return { from: { id: address, ...(displayName ? { name: displayName } : {}) }, to: nativeOf(to) };
}

export function toMessage(event: MessageEvent, { id, target, delayedSince, media }: Context): OpenEvent {
  return {
    kind: 'message',
    id,
    ...between(event.data),
    at: event.data.sentAt,
    ...said(event),
    ...(media ? { media } : {}),
    ...(target ? { replyTo: target } : {}),
    wants: event.data.requestStatus ?? [],
    ...(delayedSince ? { delayedSince: delayedSince.toISOString() } : {}),
  };
}

export function toEdit(event: MessageEvent, id: string, target: string): OpenEvent {
  return { kind: 'edit', id, ...between(event.data), at: event.data.sentAt, ...said(event), target };
}

export function toRecall(event: MessageEvent, id: string, target: string): OpenEvent {
  return { kind: 'recall', id, ...between(event.data), at: event.data.sentAt, target };
}

export function toReaction(event: MessageEvent, id: string, target: string): OpenEvent {
  const emoji = event.data.content.reactions?.current ?? [];
  return { kind: 'reaction', id, ...between(event.data), at: event.data.sentAt, target, emoji };
}

export function toReceipt({ data }: ReceiptEvent, id: string, target: string): OpenEvent {
  const { status: kind, at, basis } = data;
  return { kind, id, ...between(data), at, target, basis };
}

export function toFailure(event: ReportEvent, target: string, language: Capabilities['language']): OpenEvent {
  const { code, at } = event.data;
  const text = RESULTS[code].subscriber[language];
  return { kind: 'failure', id: event.id, ...between(event.data), at, target, code, text };
}

export function toContact({ id, data }: ContactEvent): OpenEvent {
  return {
    kind: 'contact',
    id,
    ...between(data),
    state: data.action,
    ...(data.note ? { text: data.note } : {}),
  };
}

export function toTyping({ id, data }: TypingEvent): OpenEvent {
  return { kind: 'typing', id, ...between(data), state: data.state };
}

export function toPresence({ id, data }: PresenceEvent): OpenEvent {
  const text = data.statusText;
  return { kind: 'presence', id, ...between(data), state: data.availability, ...(text ? { text } : {}) };
}

function said(event: MessageEvent) {
  const { body } = event.data.content;
  const singles = leaves(body).filter((part) => part.kind === 'single');
  const place = singles.map(placeOf).find((found) => found !== undefined);
  const card = singles.map(cardOf).find((found) => found !== undefined);
  const { text, format } = textOf(body);
  return {
    ...(text === '' ? {} : { text }),
    format,
    ...(place ? { place } : {}),
    ...(card ? { card } : {}),
  };
}
