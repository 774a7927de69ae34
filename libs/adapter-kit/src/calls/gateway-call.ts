/** A call in which the media gateway stands in for one of our people: what is stored of it, and how it ends. Pure. */
import { z } from 'zod';
import { Address, CallMedia, CallSide, EventId, RING_MS, type PHRASES } from '#protocol';

/** What ends a call on our side. */
export type EndReason =
  /** The person ended or refused it. */
  | 'hung-up'
  /** Nobody opened the page, or nobody answered. */
  | 'no-answer'
  /** The invitation did not arrive: there is nothing to tell the other side. */
  | 'refused'
  /** The process that held the call is gone, or the page is. */
  | 'lost'
  | 'too-long';

const Ending = z.object({
  /** What the other side gets. `unanswered`: an invitation without a session, which is cancelled at once. */
  publish: z.enum(['unanswered', 'cancelled', 'declined', 'missed', 'ended']).optional(),
  /** The page does not know it yet. */
  tell: z.boolean(),
  /** What our person gets in words. */
  words: z.enum(['callMissed', 'callNotAnswered', 'callNotBegun']).optional(),
});
export type Ending = z.infer<typeof Ending>;
export type CallWords = NonNullable<Ending['words']> & keyof (typeof PHRASES)['en'];

export const GatewayCall = z.object({
  side: CallSide.describe('Of our person'),
  /** Id of the invitation, as events about the call name it. */
  call: EventId,
  /** Names the page: ids that the kit did not make are unique in their own network only. */
  key: EventId,
  /** Identity of the call in what is submitted. */
  native: z.string().max(1000),
  person: Address,
  peer: Address,
  media: CallMedia,
  /** waiting: the caller has not opened the page, and the invitation is not submitted. */
  state: z.enum(['waiting', 'ringing', 'talking']),
  url: z.string().max(2000),
  /** ms since 1970; later it is ended. */
  until: z.number(),
  /** The process that ends it. */
  by: z.string().max(100),
  /** It is over, and this is still to be done. */
  ending: Ending.optional(),
});
export type GatewayCall = z.infer<typeof GatewayCall>;

/** The gateway ends what takes too long. After these times, which are longer than its own, we do, should it have stopped. */
const LONGEST_MS: Record<GatewayCall['state'], number> = {
  waiting: 3 * RING_MS,
  ringing: 2 * RING_MS,
  talking: 4 * 3600_000,
};

export function untilOf(state: GatewayCall['state'], now: number): number {
  return now + LONGEST_MS[state];
}

/** @param tell whether the page must be told */
export function endingOf({ side, state }: GatewayCall, reason: EndReason, tell: boolean): Ending {
  const isOwnWish = reason === 'hung-up';
  if (reason === 'refused') return { tell };
  switch (state) {
    case 'talking':
      return { publish: 'ended', tell };
    case 'waiting':
      return { publish: 'unanswered', tell, ...(isOwnWish ? {} : { words: 'callNotBegun' }) };
    case 'ringing':
      if (side === 'caller')
        return { publish: 'cancelled', tell, ...(isOwnWish ? {} : { words: 'callNotAnswered' }) };
      return isOwnWish ? { publish: 'declined', tell } : { publish: 'missed', tell, words: 'callMissed' };
  }
}
