/** One end of a call, at a phone or at the trunk. What the other end does goes in, and what this end does comes out. */
import type { CallAction, CallSide } from '#protocol';
import type { PlacedDialog } from './call-records.js';

export type Act =
  | { action: Exclude<CallAction, 'invite' | 'accepted'> }
  /** With the session description of who accepts. */
  | { action: 'accepted'; session: string };

export interface Leg {
  /** Of whoever is at this end. */
  readonly side: CallSide;
  /** The other end did this. What does not fit the state of the call is left out. */
  tell(act: Act): void;
  readonly isEstablished: boolean;
  /** Its dialog, as soon as it is established. */
  readonly end: PlacedDialog | undefined;
  readonly isOver: boolean;
}

/** The end of who calls. */
export interface CallingLeg extends Leg {
  readonly side: 'caller';
  /** The phone shows why the call did not come about: it has a response to its own INVITE. */
  readonly showsWhy: boolean;
  /** The call does not come about. @param why words for the person */
  refuse(status: number, why?: string): void;
}

/** What this end did: at most one act that ends the call, and nothing after it. */
export type Did = (act: Act) => void;

export function ends({ action }: Act): boolean {
  switch (action) {
    case 'ringing':
    case 'accepted':
      return false;
    case 'declined':
    case 'cancelled':
    case 'ended':
    case 'missed':
      return true;
  }
}
