/** What reads an ordered consumer, and the messages that it gets. */

/** One message of the bus. Its reader must acknowledge it, or return it with `retry`. */
export interface BusMessage {
  readonly subject: string;
  readonly data: Uint8Array;
  /** Sequence in the stream. Messages are ordered by it. */
  readonly seq: number;
  /** Number of this delivery since the process became the owner, from 1. */
  readonly deliveries: number;
  /** When the stream stored it. */
  readonly storedAt: Date;
  ack(): void;
  /** Asks the bus to redeliver it after the delay, under the same sequence. */
  retry(delayMs: number): void;
  /** Reports that it is still in progress: restarts the acknowledgement timer. */
  working(): void;
}

export interface LaneReader {
  /**
   * This process has become the owner. All unacknowledged messages are redelivered: discard those that wait.
   * @param delivered last sequence that the server recorded as delivered, to any instance
   * @param at server time of the change of owner
   */
  becomeOwner(delivered: number, at: Date): void;
  read(message: BusMessage): void;
  /**
   * Another instance is to become the owner: forget what waits, begin nothing, and resolve when nothing is in progress. Absent:
   * the consumer is never handed over.
   */
  leave?(): Promise<void>;
}

export interface LaneConsumerOptions {
  stream: string;
  durable: string;
  /** Messages that the server sends before earlier ones are acknowledged. */
  window: number;
}
