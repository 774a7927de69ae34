/**
 * The native messages that one message became, and what each of them carries. Edits, recalls, reactions, receipts and
 * replies act on the right ones through these functions.
 */
import type { DeliveryKey } from '#protocol';
import type { Delivered, MessageRef } from './delivered.contract.js';

/** One native message of those that carry a message. */
export interface NativePiece {
  /** Id of the native message. */
  id: string;
  /** It carries this piece of the words, counted from 0. Absent: no words that an edit could replace. */
  words?: number;
  /** It carries this medium, counted from 0, or the words in its place. With `words` too: a medium and its caption. */
  medium?: number;
  /** The hub's own words in place of the medium, which stand before what the person wrote. An edit keeps them. */
  lead?: string;
  /** The last edit or recall that was carried out on this native message: a repetition skips it. */
  changedBy?: DeliveryKey;
  /** Recalled. */
  gone?: true;
}

/** What one step of a delivery was to show. */
export interface Shown {
  words: boolean;
  medium: boolean;
  lead?: string | undefined;
  changedBy?: DeliveryKey | undefined;
}

/**
 * All native messages of a message, oldest first. References that were stored by earlier versions have ids only: those
 * count as pieces of the words.
 */
export function nativePieces({ native, pieces }: MessageRef): NativePiece[] {
  return pieces ?? native.map((id, words) => ({ id, words }));
}

/** Those that the recipient still has. */
export function livePieces(ref: MessageRef): NativePiece[] {
  return nativePieces(ref).filter(({ gone }) => !gone);
}

/** Where a reaction goes, and what a reply or an error refers to: the first native message that is still there. */
export function firstPiece(ref: MessageRef): NativePiece {
  return livePieces(ref)[0] ?? nativePieces(ref)[0] ?? { id: ref.id, words: 0 };
}

export function firstNative(ref: MessageRef): string {
  return firstPiece(ref).id;
}

/** Where a "read" mark goes: it counts for everything before it. */
export function lastNative(ref: MessageRef): string {
  return livePieces(ref).at(-1)?.id ?? firstNative(ref);
}

/**
 * Does a receipt for this native message mean the whole message? Only the last one does; an edit of the message, which
 * is no piece of it, comes after all of them.
 */
export function coversMessage(ref: MessageRef, native: string): boolean {
  const live = livePieces(ref);
  const at = live.findIndex(({ id }) => id === native);
  return at < 0 || at === live.length - 1;
}

/** The reference after a step: the native messages that were made follow those that are there. */
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

/** The reference with one native message replaced by what it is now. */
export function withPiece(ref: MessageRef, id: string, change: Partial<NativePiece>): MessageRef {
  return {
    ...ref,
    pieces: nativePieces(ref).map((piece) => (piece.id === id ? { ...piece, ...change } : piece)),
  };
}
