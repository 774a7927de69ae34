/** Whether this process is the owner of a consumer: the instance to which the server delivers. */
import type { ConsumerInfo, JsMsg } from '@nats-io/jetstream';
import { runInBackground, sleep, tolerate, type Log } from '#service';
import type { BusSession } from './bus-connection.js';
import type { BusMessage, LaneConsumerOptions, LaneReader } from './lane-reader.js';
import { CONSUMER_GROUP } from './topology.js';

type Phase = 'waiting' | 'resetting' | 'reading' | 'leaving';

/** A reset is requested again if its first message has not come after this time, ms. */
const RESET_PATIENCE_MS = 2000;
/** A waiting or silent instance looks at the state of the consumer this often, ms. */
export const LOOK_EVERY_MS = 10_000;

/**
 * Detects changes of the owner. The server numbers the deliveries of a consumer across all instances. A gap, or the first message
 * of a session, means that this process is the new owner and must reset the consumer. So does the first message after the pin was
 * lost: another instance that reset the consumer may have got as many messages as this one before, and its numbers go on here.
 */
export class Ownership {
  private phase: Phase = 'waiting';
  private lastDelivery = 0;
  private delivered = 0;
  private takenAt = new Date(0);
  private resetAt = 0;
  private heardAt = Date.now();
  private isSettled = false;
  /** The server's delivery count at the previous check. */
  private countedBefore: number | undefined;

  constructor(
    private readonly session: BusSession,
    private readonly options: LaneConsumerOptions,
    private readonly reader: LaneReader,
    private readonly log: Log,
  ) {}

  get isReading(): boolean {
    return this.phase === 'reading';
  }

  /** Ignores what is delivered, until `startAgain` or the end of the subscription. */
  setAside(): void {
    this.phase = 'leaving';
  }

  /** The process stood still, or the server heard nothing of it, for longer than `OWNER_TIMEOUT_MS`. */
  loseThePin(): void {
    if (this.phase === 'reading') this.phase = 'waiting';
  }

  startAgain(): void {
    this.phase = 'waiting';
    runInBackground(`consumer ${this.options.durable}`, this.log, () => this.resumePending(true));
  }

  receive(message: JsMsg): void {
    const { deliverySequence } = message.info;
    this.heardAt = Date.now();
    if (this.phase === 'resetting' && deliverySequence === 1) {
      // The reset restarts the numbering at 1. Deliveries before that have old numbers and are ignored.
      this.phase = 'reading';
      this.lastDelivery = 0;
      this.reader.becomeOwner(this.delivered, this.takenAt);
    }
    if (
      this.phase === 'waiting' ||
      this.isResetLost() ||
      (this.phase === 'reading' && deliverySequence !== this.lastDelivery + 1)
    ) {
      this.phase = 'resetting';
      this.resetAt = 0;
      runInBackground(`consumer ${this.options.durable}`, this.log, () => this.reset());
    }
    if (this.phase !== 'reading') return;
    this.lastDelivery = deliverySequence;
    this.reader.read(wrap(message, this.session.ended));
  }

  /**
   * Resets the consumer when messages are left that a dead owner held. Without new messages this process would not notice that it
   * is the owner, and they would come only after the acknowledgement timeout.
   *
   * At a start, when the dead owner may still be pinned, it is done once, whoever is pinned: if that owner is alive, it gets its
   * unfinished messages again and recognises them. Later it is done when nobody is pinned, as every live owner is.
   */
  async resumePending(again = false): Promise<void> {
    if (this.isResetLost()) this.phase = 'waiting';
    if (this.phase !== 'waiting' || this.session.ended.aborted) return;
    const info = await this.info();
    const isFirst = !this.isSettled;
    this.isSettled ||= info !== undefined;
    if (!info || info.num_ack_pending === 0 || this.isStarted()) return;
    if (!isFirst && !again && isPinned(info)) return;
    this.phase = 'resetting';
    this.resetAt = 0;
    await this.reset();
  }

  /** Whether no instance got a message since the last check, although messages could be delivered. */
  async isStalled(): Promise<boolean> {
    const counted = this.countedBefore;
    this.countedBefore = undefined;
    if (Date.now() - this.heardAt < LOOK_EVERY_MS) return false;
    const info = await this.info();
    if (!info || info.num_pending === 0) return false;
    this.countedBefore = info.delivered.consumer_seq;
    return counted === this.countedBefore && info.num_ack_pending < (info.config.max_ack_pending ?? Infinity);
  }

  /** Unpins the consumer from its current client. */
  async unpin(): Promise<void> {
    const { stream, durable } = this.options;
    await tolerate(`consumer ${durable}`, this.log, () =>
      this.session.jsm.consumers.unpin(stream, durable, CONSUMER_GROUP),
    );
  }

  /** What was delivered and not acknowledged is delivered again, to the next owner. */
  async giveBack(): Promise<void> {
    const { stream, durable } = this.options;
    await tolerate(`consumer ${durable}`, this.log, () => this.session.jsm.consumers.reset(stream, durable));
    await this.unpin();
  }

  private info(): Promise<ConsumerInfo | undefined> {
    const { stream, durable } = this.options;
    return tolerate(`consumer ${durable}`, this.log, () => this.session.jsm.consumers.info(stream, durable));
  }

  /** The first message after the reset has not come here: another instance got it, or nothing was left. */
  private isResetLost(): boolean {
    return this.phase === 'resetting' && this.resetAt > 0 && Date.now() - this.resetAt > RESET_PATIENCE_MS;
  }

  private isStarted(): boolean {
    return this.phase !== 'waiting';
  }

  private async reset(): Promise<void> {
    const { stream, durable } = this.options;
    try {
      const before = await this.session.jsm.consumers.info(stream, durable);
      this.delivered = before.delivered.stream_seq;
      this.takenAt = new Date(before.ts ?? Date.now());
      const info = await this.session.jsm.consumers.reset(stream, durable);
      this.resetAt = Date.now();
      this.log.debug({ durable, from: info.reset_seq }, 'became owner of the consumer');
    } catch (error) {
      this.log.warn({ durable, reason: (error as Error).message }, 'could not reset the consumer, retrying');
      await sleep(1000, this.session.ended);
      if (!this.session.ended.aborted && this.phase === 'resetting') await this.reset();
    }
  }
}

/** The library does not declare this field of the server. */
function isPinned(info: ConsumerInfo): boolean {
  const { priority_groups: groups = [] } = info as { priority_groups?: { pinned_client_id?: string }[] };
  return groups.some(({ pinned_client_id: pinned = '' }) => pinned !== '');
}

/** After the end of its session a message needs no acknowledgement: the next session redelivers what was not acknowledged. */
function wrap(message: JsMsg, ended: AbortSignal): BusMessage {
  return {
    subject: message.subject,
    data: message.data,
    seq: message.seq,
    deliveries: message.info.deliveryCount,
    storedAt: message.time,
    ack: () => ended.aborted || message.ack(),
    retry: (delayMs) => ended.aborted || message.nak(delayMs),
    working: () => ended.aborted || message.working(),
  };
}
