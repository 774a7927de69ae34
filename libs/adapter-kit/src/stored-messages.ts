/**
 * References that need no entry of their own, because a message that is stored anyway says the same: the event of a message
 * that this network sent, on the subject of its id, and the outcome of a message that was delivered to it, on a subject with
 * the delivery key and the digest of the native id.
 */
import {
  contentKind,
  conversationOf,
  decodeOutcome,
  eventId,
  HubError,
  mediaFailureOf,
  NATIVE_ID_LENGTH,
  readEvent,
  type DeliveryKey,
  type EventId,
  type HubEvent,
  type MessageEvent,
  type Network,
  type Outcome,
} from '#protocol';
import type { MessageRef } from './delivered.contract.js';
import type { MessageDraft } from './drafts.contract.js';
import { identityOf } from './event-writer.js';
import type { NativePiece } from './native-pieces.js';

/** The events and outcomes of this network (`OwnRecords`). */
export interface StoredRecords {
  event(id: EventId): Promise<Uint8Array | undefined>;
  /** undefined: there is none, or the replica of the bus that answered does not have it yet. */
  outcomeOf(key: DeliveryKey): Promise<Uint8Array | undefined>;
  /** The same. @param digest of the native id */
  outcomeWith(digest: string): Promise<Uint8Array | undefined>;
  /** undefined: there is none. Costs a second question: ask only before something is decided because there is none. */
  certainOutcomeOf(key: DeliveryKey): Promise<Uint8Array | undefined>;
  /** The same. @param digest of the native id */
  certainOutcomeWith(digest: string): Promise<Uint8Array | undefined>;
}

/** In place of the digest, where the network gave no id. */
export const NO_NATIVE = 'none-given';

export function nativeDigest(network: Network, native: string | undefined): string {
  return native === undefined ? NO_NATIVE : eventId(network, 'native', native);
}

/** Whether the event of this draft says everything that its reference does. */
export function isItsOwnReference(draft: MessageDraft): boolean {
  const { natives, references, nativeId } = draft;
  return natives === undefined && references === undefined && identityOf(draft) === nativeId;
}

/** Whether the outcome of a message that was delivered for the first time says everything that this reference does. */
export function isToldByOutcome({ native, pieces = [], unfinished, conversation = '' }: MessageRef): boolean {
  if (unfinished !== undefined || native.length > 1 || pieces.length > native.length) return false;
  const [id = ''] = native;
  const [piece] = pieces;
  const isWhole = piece === undefined || isPlain(piece);
  return isWhole && id.length <= NATIVE_ID_LENGTH && conversation.length <= NATIVE_ID_LENGTH;
}

/** It carries the words, and nothing else: what a reference without pieces says of its only native message. */
function isPlain({ words, medium, lead, changedBy, gone }: NativePiece): boolean {
  return words === 0 && [medium, lead, changedBy, gone].every((fact) => fact === undefined);
}

/** undefined: not an outcome of a message. */
export function referenceInOutcome(stored: Uint8Array): MessageRef | undefined {
  const outcome = readable(() => decodeOutcome(stored));
  if (outcome?.kind !== 'message') return undefined;
  const { event, conversation, from, to, native = [], nativeConversation, stage, basis, keeps, at } = outcome;
  return {
    id: event,
    author: from.address,
    within: conversationOf({ subject: conversation, data: { from, to } }),
    native,
    conversation: nativeConversation,
    ...codeIn(outcome),
    ...(stage === 'submitted' ? { submitted: true } : {}),
    ...(basis === undefined || basis === 'network' ? {} : { basis }),
    ...(keeps === undefined ? {} : { keeps }),
    at: Date.parse(at),
  };
}

/** How the delivery ended. The code of a later outcome says what became of it afterwards. */
function codeIn({ stage, code }: Outcome): Pick<MessageRef, 'code'> {
  const isOfDelivery = stage === 'submitted' || stage === 'delivered';
  const known = code === '08' || code === '104' ? code : mediaFailureOf(code);
  return isOfDelivery && known !== undefined ? { code: known } : {};
}

/** undefined: not an event to which others refer. */
export function referenceInEvent(stored: Uint8Array): MessageRef | undefined {
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

/** The message that an event edits, recalls or reacts to. undefined: the event is no change of a message. */
export function changedByEvent(stored: Uint8Array): EventId | undefined {
  const content = messageIn(stored)?.data.content;
  if (!content || contentKind(content) === 'new') return undefined;
  return content.replaces ?? content.inReplyTo;
}

function messageIn(stored: Uint8Array): MessageEvent | undefined {
  const event: HubEvent | undefined = readable(() => readEvent(stored));
  return event?.type === 'im.hutong.message.v1' ? event : undefined;
}

/** A member can store anything in its streams. */
function readable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof HubError) return undefined;
    throw error;
  }
}
