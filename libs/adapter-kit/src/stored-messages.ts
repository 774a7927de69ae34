/**
 * References that need no entry of their own, because a message that is stored anyway says the same: the event of a message
 * that this network sent, on the subject of its id.
 */
import {
  contentKind,
  conversationOf,
  HubError,
  readEvent,
  type EventId,
  type HubEvent,
  type MessageEvent,
} from '#protocol';
import type { MessageRef } from './delivered.contract.js';
import type { MessageDraft } from './drafts.contract.js';
import { identityOf } from './event-writer.js';

/** The events of this network (`OwnEvents`). */
export interface StoredEvents {
  find(id: EventId): Promise<Uint8Array | undefined>;
}

/** Whether the event of this draft says everything that its reference does. */
export function isItsOwnReference(draft: MessageDraft): boolean {
  const { natives, references, nativeId } = draft;
  return natives === undefined && references === undefined && identityOf(draft) === nativeId;
}

/** undefined: not an event to which others refer. */
export function referenceIn(stored: Uint8Array): MessageRef | undefined {
  const event = messageIn(stored);
  if (!event || contentKind(event.data.content) !== 'new') return undefined;
  const { from, native } = event.data;
  return {
    id: event.id,
    author: from.address,
    within: conversationOf(event),
    native: native ? [native.id] : [],
    conversation: native?.conversation,
    at: Date.parse(event.time),
  };
}

function messageIn(stored: Uint8Array): MessageEvent | undefined {
  const event = readable(stored);
  return event?.type === 'im.hutong.message.v1' ? event : undefined;
}

/** A member can store anything in its stream. */
function readable(stored: Uint8Array): HubEvent | undefined {
  try {
    return readEvent(stored);
  } catch (error) {
    if (error instanceof HubError) return undefined;
    throw error;
  }
}
