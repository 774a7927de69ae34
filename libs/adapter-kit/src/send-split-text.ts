/** Sends a text that the adapter composed itself (a name before somebody's words, a list, help), split for the network. */
import { splitText, type TextLimits } from '#text';
import type { Hub } from './adapter.contract.js';
import type { Delivered, DeliveryContext } from './delivered.contract.js';

export type SendContext = Pick<DeliveryContext, 'idempotencyKey' | 'uncertain'>;

/** Each piece is sent at most once, under a key of its own; the first one uses the key of the delivery. */
export async function sendSplitText(
  hub: Pick<Hub, 'atMostOnce'>,
  text: string,
  limits: TextLimits,
  { idempotencyKey, uncertain }: SendContext,
  send: (piece: string) => Promise<Delivered>,
): Promise<Delivered> {
  const [first = '', ...rest] = splitText(text, limits);
  const delivered = await hub.atMostOnce(idempotencyKey, () => send(first), uncertain);
  const native = [...delivered.native];
  for (const [at, piece] of rest.entries()) {
    const more = await hub.atMostOnce(`${idempotencyKey}.${at + 2}`, () => send(piece), uncertain);
    native.push(...more.native);
  }
  return { ...delivered, native };
}
