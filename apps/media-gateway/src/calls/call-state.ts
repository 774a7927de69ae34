/** What becomes of a call on one page: pure. Every input in every state has one result, or is ignored. */
import type { CallSide, CallSignal } from '#protocol';

/**
 * waiting: the person has not acted yet; starting: the caller called, or the callee is answering; ringing: it rings at the
 * callee's; talking; ended.
 */
export type CallState = 'waiting' | 'starting' | 'ringing' | 'talking' | 'ended';

export const END_REASONS = [
  'hung-up',
  'declined',
  'peer-declined',
  'peer-cancelled',
  'peer-ended',
  'missed',
  'lost',
  'failed',
  'refused',
  'too-long',
  'stopped',
] as const;
export type EndReason = (typeof END_REASONS)[number];

/**
 * started: the person calls, or answers; connected: the media is agreed on both sides; late: nobody acted in time; lost: the
 * browser is gone; failed: the media cannot be had; refused: the session description of the other side is not allowed;
 * too-long: the longest time of a call is over; stopped: the gateway stops.
 */
export type CallInput =
  | 'started'
  | 'connected'
  | 'hung-up'
  | 'peer-ringing'
  | 'peer-declined'
  | 'peer-cancelled'
  | 'peer-ended'
  | 'peer-missed'
  | 'late'
  | 'lost'
  | 'failed'
  | 'refused'
  | 'too-long'
  | 'stopped';

export interface Step {
  state: CallState;
  /** Of state `ended`. */
  reason?: EndReason;
  /** What the other side is told. */
  signal?: CallSignal['action'];
}

/** @returns undefined: the input changes nothing */
export function step(side: CallSide, state: CallState, input: CallInput): Step | undefined {
  if (state === 'ended') return undefined;
  switch (input) {
    case 'started':
      return state === 'waiting' ? { state: 'starting' } : undefined;
    case 'peer-ringing':
      return side === 'caller' && state === 'starting' ? { state: 'ringing' } : undefined;
    case 'connected':
      return state === 'starting' || state === 'ringing' ? { state: 'talking' } : undefined;
    case 'peer-declined':
    case 'peer-cancelled':
    case 'peer-ended':
    case 'peer-missed':
      return { state: 'ended', reason: endedByPeer(side, state, input) };
    case 'lost':
      // A link may be closed and opened again until its time is over.
      return state === 'waiting' ? undefined : ended(side, state, input);
    case 'hung-up':
    case 'late':
    case 'failed':
    case 'refused':
    case 'too-long':
    case 'stopped':
      return ended(side, state, input);
  }
}

type PeerEnd = Extract<CallInput, 'peer-declined' | 'peer-cancelled' | 'peer-ended' | 'peer-missed'>;

/** An adapter says `ended` also of a call that nobody took. */
function endedByPeer(side: CallSide, state: CallState, input: PeerEnd): EndReason {
  if (input === 'peer-missed') return 'missed';
  if (input !== 'peer-ended' || state === 'talking') return input;
  return side === 'caller' ? 'missed' : 'peer-cancelled';
}

type OwnEnd = Extract<CallInput, 'hung-up' | 'late' | 'lost' | 'failed' | 'refused' | 'too-long' | 'stopped'>;

function ended(side: CallSide, state: Exclude<CallState, 'ended'>, input: OwnEnd): Step {
  return { state: 'ended', reason: reasonOf(side, state, input), signal: signalOf(side, state, input) };
}

function reasonOf(side: CallSide, state: CallState, input: OwnEnd): EndReason {
  if (input === 'late') return 'missed';
  return input === 'hung-up' && side === 'callee' && state !== 'talking' ? 'declined' : input;
}

function signalOf(side: CallSide, state: CallState, input: OwnEnd): CallSignal['action'] {
  if (state === 'talking') return 'ended';
  if (side === 'caller') {
    // The callee has accepted what is refused.
    if (input === 'refused') return 'ended';
    return state === 'waiting' && input !== 'hung-up' ? 'missed' : 'cancelled';
  }
  return input === 'hung-up' || input === 'refused' ? 'declined' : 'missed';
}
