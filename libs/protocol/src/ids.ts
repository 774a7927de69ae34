/** Branded ids: opaque outside the code that creates them, and of different types, so that they cannot be confused. */
import { hash } from 'node:crypto';
import { z } from 'zod';
import type { NativeId, Network } from './address.js';

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
  .regex(/^(?:direct|group):[A-Za-z0-9_-]{8,64}$/)
  .brand<'ConversationId'>()
  .meta({ id: 'ConversationId', description: 'Ordering key: all events of a conversation share it' });
export type ConversationId = z.infer<typeof ConversationId>;

/** Only for ids: the same words always give the same digest, and no two lists of words the same text. */
export function digest(...words: string[]): string {
  const text = words.map((word) => `${Buffer.byteLength(word)}:${word};`).join('');
  return hash('sha256', text, 'base64url').slice(0, 27);
}

/**
 * The id of an event is a function of the identity that its network gave it. So a native event that is replayed at any time, by
 * any instance, gets the same id (promise 3).
 */
export function eventId(network: Network, kind: string, nativeId: NativeId): EventId {
  return digest('event', network, kind, nativeId) as EventId;
}

/**
 * The key under which an event is delivered into a network and stored there: unique among the events of all networks. Ids
 * that the kit makes are digests and serve as keys. Any other id (8 to 64 characters, chosen by an adapter without the kit) is
 * unique only in its network; its key is a digest of network and id.
 */
export type DeliveryKey = string & { readonly __brand?: 'DeliveryKey' };

export function deliveryKey(author: Network, id: EventId): DeliveryKey {
  return isDeliveryKey(id) ? id : digest('delivery', author, id);
}

export function isDeliveryKey(text: string): text is string & DeliveryKey {
  return /^[A-Za-z0-9_-]{27}$/.test(text);
}

export const LANES = 8;
export type Lane = number & { readonly __brand: 'Lane' };
export const ALL_LANES = Array.from({ length: LANES }, (_, index) => index as Lane);

/** The lane of a conversation (FNV-1a, 32 bit). All its events are in one lane, which keeps their order. */
export function laneOf(conversation: ConversationId): Lane {
  let hash = 0x811c9dc5;
  for (let at = 0; at < conversation.length; at++) {
    hash = Math.imul(hash ^ conversation.charCodeAt(at), 0x01000193);
  }
  return ((hash >>> 0) % LANES) as Lane;
}
