/**
 * A conversation: two people, or a group. Its id is the subject of every event in it; the partition of the id keeps the
 * order of its events. All code that orders, counts or stores by conversation goes through these functions, so that a new
 * kind of conversation is added here and at the places that do not compile.
 */
import { z } from 'zod';
import { Address } from './address.js';
import type { HubEvent } from './events.js';
import { digest, type ConversationId } from './ids.js';

export const Conversation = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('direct'), between: z.tuple([Address, Address]) }),
    z.object({ kind: z.literal('group'), group: Address }),
  ])
  .meta({ id: 'Conversation', description: 'Two people, or a group' });
export type Conversation = z.infer<typeof Conversation>;

/** What tells the conversation of an event: its id, whose prefix is the kind, and the addresses. */
type Placed = Pick<HubEvent, 'subject'> & { data: { from: { address: Address }; to: Address } };

/** The same from both sides. */
export function direct(one: Address, other: Address): Conversation {
  return { kind: 'direct', between: one < other ? [one, other] : [other, one] };
}

export function group(address: Address): Conversation {
  return { kind: 'group', group: address };
}

export function conversationId(conversation: Conversation): ConversationId {
  switch (conversation.kind) {
    case 'direct':
      return `direct:${digest('direct', ...conversation.between)}` as ConversationId;
    case 'group':
      return `group:${digest('group', conversation.group)}` as ConversationId;
  }
}

/** Id of the conversation of two people. */
export function directConversation(one: Address, other: Address): ConversationId {
  return conversationId(direct(one, other));
}

export function conversationKind(id: ConversationId): Conversation['kind'] {
  return id.startsWith('group:') ? 'group' : 'direct';
}

/** The conversation that an event claims to be in. An event in a group is addressed to the group. */
export function conversationOf({ subject, data: { from, to } }: Placed): Conversation {
  switch (conversationKind(subject)) {
    case 'direct':
      return direct(from.address, to);
    case 'group':
      return group(to);
  }
}

/** Whether the id of the event's conversation follows from its addresses. */
export function isInItsConversation(event: Placed): boolean {
  return event.subject === conversationId(conversationOf(event));
}

/** To whom a member of the conversation writes: the other person, or the group. */
export function recipientIn(conversation: Conversation, author: Address): Address {
  switch (conversation.kind) {
    case 'direct': {
      const [one, other] = conversation.between;
      return author === one ? other : one;
    }
    case 'group':
      return conversation.group;
  }
}

/** The conversation with other addresses, for example with their canonical forms. */
export function withAddresses(
  conversation: Conversation,
  changed: (address: Address) => Address,
): Conversation {
  switch (conversation.kind) {
    case 'direct': {
      const [one, other] = conversation.between;
      return direct(changed(one), changed(other));
    }
    case 'group':
      return group(changed(conversation.group));
  }
}

/**
 * Id of the event's conversation when its addresses become these. An id that did not follow from the addresses before stays as
 * it is.
 */
export function subjectWith(event: Placed, from: Address, to: Address): ConversationId {
  if (!isInItsConversation(event)) return event.subject;
  return conversationId(conversationOf({ subject: event.subject, data: { from: { address: from }, to } }));
}
