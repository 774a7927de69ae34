/**
 * The native messages that one message became, and what each of them carries. Edits, recalls, reactions, receipts and
 * replies choose the right one with these functions.
 */
import type { DeliveryKey } from '#protocol';
import type { Delivered, MessageRef } from './delivered.contract.js';

/** One of the native messages that carry a message. */
export interface NativePiece {
  /** Id of the native message. */
  id: string;
  /** Index of the piece of the words that it carries, from 0. Absent: it has no words that an edit could replace. */
  words?: number;
  /** Index of the attachment that it carries, or of its placeholder, from 0. Together with `words`: an attachment and its caption. */
  medium?: number;
  /** Placeholder for the attachment, before the words of the sender. An edit keeps it. */
  lead?: string;
  /** Delivery key of the last edit or recall that was carried out on this native message: a repeated attempt skips it. */
  changedBy?: DeliveryKey;
  /** Recalled. */
  gone?: true;
}

/** What one delivery step shows. */
export interface Shown {
  words: boolean;
  medium: boolean;
  lead?: string | undefined;
  changedBy?: DeliveryKey | undefined;
}

/**
 * All native messages of a message, oldest first. References stored by earlier versions have ids only; those count as pieces
 * of the words.
 */
export function nativePieces({ native, pieces }: MessageRef): NativePiece[] {
  return pieces ?? native.map((id, words) => ({ id, words }));
}

/** The native messages that were not recalled. */
export function livePieces(ref: MessageRef): NativePiece[] {
  return nativePieces(ref).filter(({ gone }) => !gone);
}

/** The first native message that was not recalled: reactions, replies and reports refer to it. */
export function firstPiece(ref: MessageRef): NativePiece {
  return livePieces(ref)[0] ?? nativePieces(ref)[0] ?? { id: ref.id, words: 0 };
}

/** The edit or recall whose words are this native message. undefined: the native message is a part of the message itself */
export function changeSaidBy(ref: MessageRef, native: string): DeliveryKey | undefined {
  const piece = nativePieces(ref).find(({ id }) => id === native);
  return piece?.words === undefined && piece?.medium === undefined ? piece?.changedBy : undefined;
}

/** The native messages of the message itself, without the words of later edits, which have outcomes of their own. */
export function ownNatives(ref: MessageRef): string[] {
  return ref.native.filter((native) => changeSaidBy(ref, native) === undefined);
}

export function firstNative(ref: MessageRef): string {
  return firstPiece(ref).id;
}

/** The last native message that was not recalled: a "read" mark on it counts for everything before it. */
export function lastNative(ref: MessageRef): string {
  return livePieces(ref).at(-1)?.id ?? firstNative(ref);
}

/**
 * Whether a receipt for this native message holds for the whole message: for the last native message it does, and for a
 * native edit, which comes after all of them.
 */
export function coversMessage(ref: MessageRef, native: string): boolean {
  const live = livePieces(ref);
  const at = live.findIndex(({ id }) => id === native);
  return at < 0 || at === live.length - 1;
}

/** The reference after a delivery step: new native messages are appended. */
export function withDelivered(ref: MessageRef, delivered: Delivered, shown: Shown): MessageRef {
  const pieces = nativePieces(ref);
  const known = new Set(ref.native);
  const next = (kind: 'words' | 'medium') =>
    Math.max(-1, ...pieces.flatMap((piece) => (piece[kind] === undefined ? [] : [piece[kind]]))) + 1;
  let [words, medium] = [next('words'), next('medium')];
  const made = delivered.native.map((id, at): NativePiece => {
    const carries = delivered.carries?.[at];
    const hasMedium = shown.medium && (carries === 'medium' || (carries === undefined && at === 0));
    const hasWords = shown.words && carries !== 'medium';
    return {
      id,
      ...(hasWords ? { words: words++ } : {}),
      ...(hasMedium ? { medium: medium++ } : {}),
      ...(shown.lead !== undefined && at === 0 ? { lead: shown.lead } : {}),
      ...(shown.changedBy === undefined ? {} : { changedBy: shown.changedBy }),
    };
  });
  const fresh = made.filter(({ id }) => !known.has(id));
  return {
    ...ref,
    native: [...ref.native, ...fresh.map(({ id }) => id)],
    pieces: [...pieces, ...fresh],
    conversation: delivered.conversation ?? ref.conversation,
  };
}

/** The reference with changed facts about one native message. */
export function withPiece(ref: MessageRef, id: string, change: Partial<NativePiece>): MessageRef {
  return {
    ...ref,
    pieces: nativePieces(ref).map((piece) => (piece.id === id ? { ...piece, ...change } : piece)),
  };
}
