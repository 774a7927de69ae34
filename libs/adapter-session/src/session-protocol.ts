/** What a session must know of the protocol that it speaks. Pure: written once for each network. */
import type { FrameCodec } from './frame-codec.js';

export interface SessionProtocol<Frame> {
  /** The peer, for errors and log lines: "Fetion". */
  readonly peer: string;
  readonly codec: FrameCodec<Frame>;
  /**
   * `request`: of either side, and wants a response. `response`: the final answer to a request. `provisional`: says
   * that a final response follows later, or is a part of it that nobody needs; it is passed over.
   */
  kindOf(frame: Frame): 'request' | 'response' | 'provisional';
  /** Equal in a request and in its final response; unique among the outstanding requests of a connection. */
  correlationId(frame: Frame): string;
  /** The operation, for errors and log lines: "submit_sm". Never content. */
  nameOf(frame: Frame): string;
  /** Answers a request of the peer that needs no handler, such as a keep-alive. undefined: the handler answers. */
  automaticAnswer?(request: Frame): Frame | undefined;
}

export interface SessionLimits {
  /** Our requests that are sent and not answered, at most. */
  window: number;
  /** Our requests that wait for the window, at most. One more is refused with 91. */
  queue: number;
  /** How long the peer may take for a response, ms; also how long a request waits for the window. */
  responseMs: number;
  /** Requests of the peer whose handler has not ended, at most. One more closes the connection. */
  peerRequests: number;
  /** The bytes of those requests, at most. */
  peerBytes: number;
  /** Bytes that are written and that the peer has not read, at most. More close the connection. */
  unsentBytes: number;
}

/** Limits for a session that states none of its own. */
export const USUAL_LIMITS: SessionLimits = {
  window: 16,
  queue: 1000,
  responseMs: 60_000,
  peerRequests: 10_000,
  peerBytes: 32 * 1024 * 1024,
  unsentBytes: 16 * 1024 * 1024,
};
