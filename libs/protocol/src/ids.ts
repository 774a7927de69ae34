/** Branded ids. They are opaque outside the place that mints them, and differ in type so that they cannot be mixed. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Address, NativeId, Network } from './address.js';

export const EventId = z
  .string()
  .regex(/^[A-Za-z0-9_-]{8,64}$/, 'an id is 8 to 64 of A-Z a-z 0-9 _ -')
  .brand<'EventId'>()
  .meta({
    id: 'EventId',
    description: 'Stable id of an event; for a message also the id that edits, replies and receipts name',
  });
export type EventId = z.infer<typeof EventId>;

export const ConversationId = z
  .string()
  .regex(/^[a-z]{1,8}:[A-Za-z0-9_-]{8,64}$/)
  .brand<'ConversationId'>()
  .meta({ id: 'ConversationId', description: 'Ordering key: all events of a conversation share it' });
export type ConversationId = z.infer<typeof ConversationId>;

function digest(...words: string[]): string {
  const hash = createHash('sha256');
  for (const word of words) hash.update(`${Buffer.byteLength(word)}:${word};`);
  return hash.digest('base64url').slice(0, 27);
}

/**
 * The id of an event is a function of the identity that its own network gave it, so that the same native event,
 * replayed at any time and by any instance, is the same event (promise 3).
 */
export function eventId(network: Network, kind: string, nativeId: NativeId): EventId {
  return digest('event', network, kind, nativeId) as EventId;
}

/**
 * Under which an event is delivered into a network, and found again there: unique among the events of all networks. The
 * ids that the kit makes are digests, and are their own keys. Any other id (8 to 64 characters, chosen by a foreign
 * adapter) is unique only in the network that gave it, and is digested together with that network.
 */
export type DeliveryKey = string & { readonly __brand?: 'DeliveryKey' };

export function deliveryKey(author: Network, id: EventId): DeliveryKey {
  return isDeliveryKey(id) ? id : digest('delivery', author, id);
}

export function isDeliveryKey(text: string): text is string & DeliveryKey {
  return /^[A-Za-z0-9_-]{27}$/.test(text);
}

/** The conversation of two people: the same from both sides. */
export function directConversation(one: Address, other: Address): ConversationId {
  const [first, second] = one < other ? [one, other] : [other, one];
  return `direct:${digest('direct', first, second)}` as ConversationId;
}

export const LANES = 8;
export type Lane = number & { readonly __brand: 'Lane' };
export const ALL_LANES = Array.from({ length: LANES }, (_, index) => index as Lane);

/** A conversation stays in one lane, so its order is the lane's order (FNV-1a, 32 bit). */
export function laneOf(conversation: ConversationId): Lane {
  let hash = 0x811c9dc5;
  for (let at = 0; at < conversation.length; at++) {
    hash = Math.imul(hash ^ conversation.charCodeAt(at), 0x01000193);
  }
  return ((hash >>> 0) % LANES) as Lane;
}
