/** Messages between a call page and the gateway: JSON texts of a WebSocket. */
import { z } from 'zod';
import type { CallMedia, CallSide } from '#protocol';
import type { CallState, EndReason } from './call-state.js';

export const MOST_MESSAGE_BYTES = 32 * 1024;

const Sdp = z.string().max(16_000);

/** call: offer of the caller's browser; answer: of the callee's, to the offer that follows `accept`. */
export const FromPage = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('call'), sdp: Sdp }),
  z.strictObject({ do: z.literal('accept') }),
  z.strictObject({ do: z.literal('answer'), sdp: Sdp }),
  z.strictObject({ do: z.literal('hang-up') }),
]);
export type FromPage = z.infer<typeof FromPage>;

export type ToPage =
  | {
      say: 'state';
      state: Exclude<CallState, 'ended'>;
      side: CallSide;
      media: CallMedia;
      peer: string;
      language: 'en' | 'zh';
    }
  | { say: 'offer' | 'answer'; sdp: string }
  | { say: 'ended'; reason: EndReason; seconds: number };

/** Close codes of the WebSocket that the page understands. */
export const CLOSED = {
  over: 1000,
  /** The message, or their number, is out of bounds. */
  refused: 1008,
  /** No such page: the link is wrong, or the call is over. */
  gone: 4404,
  /** Another browser has the page. */
  elsewhere: 4409,
  /** Another connection of the same browser took its place. */
  replaced: 4410,
} as const;
