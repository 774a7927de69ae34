/** When the bus is to deliver an event again after a failed attempt. Pure. */
import type { BusMessage } from '#bus';
import type { HubError } from '#protocol';
import { backoff } from '#service';

const ATTEMPTS = 10;
/** How long after it was stored an event is held back by a network that accepts no more at the moment (65). */
const RATE_LIMITED_FOR_MS = 15 * 60_000;
/** Least time between two attempts on such a network, after the first ones. */
const RATE_LIMITED_EVERY_MS = 1000;

/**
 * A rate limit says nothing about the message: many short refusals are one wait, which time ends and not their number.
 * @returns ms. undefined: the failure is final
 */
export function redeliverAfter(
  { deliveries, storedAt }: Pick<BusMessage, 'deliveries' | 'storedAt'>,
  { verdict, code, retryAfterMs }: HubError,
  now: number,
): number | undefined {
  if (verdict !== 'retry') return undefined;
  const delayMs = retryAfterMs ?? backoff(deliveries, 500, 30_000);
  if (deliveries < ATTEMPTS) return delayMs;
  const isHeldBack = code === '65' && now - storedAt.getTime() < RATE_LIMITED_FOR_MS;
  return isHeldBack ? Math.max(delayMs, RATE_LIMITED_EVERY_MS) : undefined;
}
