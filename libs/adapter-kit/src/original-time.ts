/** A message that comes long after it was written says when that was: natively where the network can, else in words. */
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

/** From this age on, a message carries the network's own mark of its original time (XEP-0203, Matrix `ts`). */
const MARKED_AFTER_MS = 10_000;
/** From this age on, words say it. Later than the mark: clocks of networks differ, and words disturb. */
const SAID_AFTER_MS = 15 * 60_000;

/** When the sender wrote it, if that is to be shown. By `sentAt`: the hub may have accepted it much later. */
export function originalTimeOf(event: MessageEvent, { originalTime }: Capabilities): Date | undefined {
  const sent = Date.parse(event.data.sentAt);
  return Date.now() - sent > (originalTime ? MARKED_AFTER_MS : SAID_AFTER_MS) ? new Date(sent) : undefined;
}

/**
 * The message with the time before it in words, where the network has no mark for it. A place or a card is one native
 * message by itself: there the time is a message of its own.
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
