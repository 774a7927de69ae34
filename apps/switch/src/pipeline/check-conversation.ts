/**
 * Refuses an event that its adapter put into another conversation or partition than its addresses say: it would be overtaken by
 * other events of its conversation, or overtake them. After `canonicalise`, which moves an event into the conversation of the
 * canonical addresses.
 */
import { conversationId, conversationOf, LANES, type HubEvent } from '#protocol';
import { LruCache } from '#service';
import { end, pass, type Ended, type Step } from './step.js';

/** Conversations whose id was computed recently: a digest costs more than the rest of the step. */
const REMEMBERED = 50_000;
const fitting = new LruCache<string, true>({ max: REMEMBERED });

export const checkConversation: Step = (event, { partition }) => {
  if (partition && partition.used !== String(partition.expected) && partition.used !== event.id)
    return end(
      '30',
      `partition: expected ${partition.expected}, got ${partition.used}. The last token of hub.in.<network>.<partition> is FNV-1a (32 bit) of the event's subject, modulo ${LANES}; in its place the id of the event may stand (docs/adapters.md, section 3)`,
    );
  return misplaced(event) ?? pass(event);
};

function misplaced(event: HubEvent): Ended | undefined {
  const { from, to } = event.data;
  const key = `${event.subject} ${from.address} ${to}`;
  if (fitting.has(key)) return undefined;
  const conversation = conversationOf(event);
  const expected = conversationId(conversation);
  if (event.subject !== expected) {
    const of =
      conversation.kind === 'direct' ? 'the two addresses in sorted order' : 'the address of the group';
    return end(
      '30',
      `subject: expected ${expected}, got ${event.subject}. The conversation of ${from.address.slice(0, 200)} and ${to.slice(0, 200)} is ${conversation.kind}: and a digest of ${of} (docs/adapters.md, section 3)`,
    );
  }
  fitting.set(key, true);
  return undefined;
}
