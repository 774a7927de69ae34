/** A message that is delivered late shows when it was written: as the network's own timestamp if it has one, else in words. */
import {
  bodyOf,
  leaves,
  PHRASES,
  plainText,
  textParts,
  type Capabilities,
  type LeafPart,
  type MessageEvent,
} from '#protocol';
import type { DeliveryContext } from './delivered.contract.js';
import type { Piece } from './message-pieces.js';

/** From this age on, a message carries the network's own timestamp (XEP-0203, Matrix `ts`). */
const MARKED_AFTER_MS = 10_000;
/** From this age on, the time is put into words. Later than for a timestamp: clocks of networks differ, and words disturb. */
const SAID_AFTER_MS = 15 * 60_000;

/**
 * When the sender wrote the message, if the time must be shown. Uses `sentAt`: the hub may have accepted the message much later.
 * @param now ms since 1970
 */
export function originalTimeOf(
  event: MessageEvent,
  { originalTime }: Capabilities,
  now = Date.now(),
): Date | undefined {
  const sent = Date.parse(event.data.sentAt);
  return now - sent > (originalTime ? MARKED_AFTER_MS : SAID_AFTER_MS) ? new Date(sent) : undefined;
}

/**
 * Puts the time in words before the message, if the network has no timestamp of its own. A location or a contact card is a
 * native message without text: there the time is a separate message.
 */
export function withOriginalTime(
  event: MessageEvent,
  { delayedSince, idempotencyKey }: Pick<DeliveryContext, 'delayedSince' | 'idempotencyKey'>,
  { originalTime, language }: Capabilities,
): { event: MessageEvent; before: Piece[] } {
  if (delayedSince === undefined || originalTime) return { event, before: [] };
  const time = plainText(PHRASES[language].sentEarlier(delayedSince, new Date()));
  const parts = leaves(event.data.content.body).filter(({ kind }) => kind !== 'null');
  const alone = parts.every((part) => part.kind === 'single' && textParts(part).length === 0);
  if (alone && parts.length > 0)
    return { event, before: [{ key: `${idempotencyKey}-time`, event: saying(event, [time]) }] };
  return { event: saying(event, [time, ...parts]), before: [] };
}

function saying(event: MessageEvent, parts: LeafPart[]): MessageEvent {
  const content = { ...event.data.content, body: bodyOf(parts) };
  return { ...event, data: { ...event.data, content } };
}
