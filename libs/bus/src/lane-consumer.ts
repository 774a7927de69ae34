/**
 * Ordered consumption of a durable consumer. The server pins the consumer to one of the instances that pull from it, the
 * owner. A new owner first resets the consumer to its acknowledgement floor, so that messages that the previous owner (or
 * this process's previous session) did not finish come first, in order, before newer ones.
 * A message that must wait is redelivered after `retry(delay)`; the reader holds the rest of its conversation.
 */
import type { Consumer, ConsumerInfo, ConsumerMessages, JsMsg } from '@nats-io/jetstream';
import { guarded, metrics, runInBackground, sleep, tolerate, type Log } from '#service';
import type { BusConnection, BusSession } from './bus-connection.js';
import { saysNotFound } from './bus-objects.js';
import { CONSUMER_GROUP, OWNER_TIMEOUT_MS, PULL_MS } from './topology.js';

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

export class LaneConsumer {
  private messages: ConsumerMessages | undefined;
  private owner: Ownership | undefined;
  /** Its pin is still held after `stop`. */
  private held: Ownership | undefined;
  private stopped = false;
  /** It was handed over: not read until then, so that another instance becomes the owner; ms since 1970. */
  private restsUntil = 0;
  /** false: the consumer was found missing on the bus. */
  isThere = true;

  private constructor(
    private readonly options: LaneConsumerOptions,
    private readonly reader: LaneReader,
    private readonly log: Log,
  ) {}

  static async on(
    connection: BusConnection,
    options: LaneConsumerOptions,
    reader: LaneReader,
  ): Promise<LaneConsumer> {
    const lane = new LaneConsumer(options, reader, connection.log);
    await connection.onSession((session) =>
      runInBackground(`consumer ${options.durable}`, connection.log, () => lane.live(session)),
    );
    return lane;
  }

  /** Stops reading. Messages that the reader holds can still be acknowledged. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.held = this.owner?.isReading ? this.owner : undefined;
    await this.messages?.close();
  }

  /**
   * After `stop`, when nothing is in progress any more: another instance, or the next start, becomes the owner at once, not after
   * `OWNER_TIMEOUT_MS`, and gets what this one had received and not acknowledged, not after the acknowledgement timeout.
   */
  async release(): Promise<void> {
    await this.held?.giveBack();
    this.held = undefined;
  }

  /** Whether this instance reads the consumer, as far as it knows: an owner learns at the next message that it is none. */
  get isOwner(): boolean {
    return this.owner?.isReading ?? false;
  }

  /**
   * Lets another instance become the owner, without disorder: when nothing of this one is in progress any more. If that
   * takes longer than `HAND_OVER_MS`, this instance stays the owner.
   */
  async handOver(): Promise<void> {
    const { owner, messages } = this;
    if (!owner?.isReading || !messages || !this.reader.leave) return;
    // What arrives from now on is ignored, and delivered to the next owner. Reading on keeps the pin meanwhile.
    owner.setAside();
    const left = await Promise.race([
      this.reader.leave().then(() => true),
      sleep(HAND_OVER_MS).then(() => false),
    ]);
    if (!left) return owner.startAgain();
    this.restsUntil = Date.now() + REST_MS;
    await messages.close();
    await owner.unpin();
    this.log.debug({ durable: this.options.durable }, 'consumer handed over');
  }

  /** Consumes until the session ends. A missing consumer is not recreated: the lane waits until it exists again. */
  private async live(session: BusSession): Promise<void> {
    while (!this.stopped && !session.ended.aborted) {
      await sleep(Math.max(0, this.restsUntil - Date.now()), session.ended);
      try {
        const consumer = await session.js.consumers.get(this.options.stream, this.options.durable);
        this.note(true);
        await this.consume(session, consumer);
      } catch (error) {
        if (saysNotFound(error)) this.note(false);
        if (!session.ended.aborted)
          this.log.warn(
            { durable: this.options.durable, reason: (error as Error).message },
            'consumer not available',
          );
      }
      await sleep(500, session.ended);
    }
  }

  private note(isThere: boolean): void {
    const name = `${this.options.stream}/${this.options.durable}`;
    if (this.isThere && !isThere)
      this.log.error(
        { consumer: name },
        'consumer does not exist on the bus: nothing is read until the console has created it, or it is restored (docs/operations.md, "Durability")',
      );
    this.isThere = isThere;
    metrics.busMissing.set({ name }, isThere ? 0 : 1);
  }

  private async consume(session: BusSession, consumer: Consumer): Promise<void> {
    const task = `consumer ${this.options.durable}`;
    const owner = new Ownership(session, this.options, this.reader, this.log);
    this.owner = owner;
    const messages = await consumer.consume({
      max_messages: this.options.window,
      group: CONSUMER_GROUP,
      expires: PULL_MS,
      callback: guarded(task, this.log, (message: JsMsg) => owner.receive(message)),
    });
    this.messages = messages;
    const close = guarded(task, this.log, () => messages.close());
    session.ended.addEventListener('abort', close, { once: true });
    runInBackground(task, this.log, () => this.watch(messages, owner));
    const over = new AbortController();
    const either = AbortSignal.any([session.ended, over.signal]);
    runInBackground(task, this.log, () => this.lookAfter(owner, messages, either));
    await messages.closed();
    this.owner = undefined;
    over.abort();
  }

  /** JetStream does not signal a stalled consumer; poll for it. */
  private async lookAfter(owner: Ownership, messages: ConsumerMessages, over: AbortSignal): Promise<void> {
    await sleep(QUIET_MS, over);
    while (!over.aborted) {
      await tolerate(`consumer ${this.options.durable}`, this.log, () => this.look(owner, messages));
      await sleep(LOOK_EVERY_MS, over);
    }
  }

  private async look(owner: Ownership, messages: ConsumerMessages): Promise<void> {
    await owner.resumePending();
    if (!(await owner.isStalled())) return;
    this.log.warn({ durable: this.options.durable }, 'consumer stalled, resubscribing');
    await owner.unpin();
    await messages.close();
  }

  private async watch(messages: ConsumerMessages, owner: Ownership): Promise<void> {
    for await (const status of messages.status()) {
      if (status.type === 'consumer_unpinned') owner.loseThePin();
      if (
        status.type === 'consumer_not_found' ||
        status.type === 'consumer_deleted' ||
        status.type === 'stream_not_found'
      ) {
        this.log.warn({ durable: this.options.durable, status: status.type }, 'consumer lost');
        await messages.close();
      }
    }
  }
}

type Phase = 'waiting' | 'resetting' | 'reading' | 'leaving';

/** A reset is requested again if its first message has not come after this time, ms. */
const RESET_PATIENCE_MS = 2000;
/** No message for longer than the pin TTL: a dead holder's pin has expired. */
const QUIET_MS = OWNER_TIMEOUT_MS + PULL_MS;
const LOOK_EVERY_MS = 10_000;
/** How long deliveries in progress may delay a change of the owner, ms. */
const HAND_OVER_MS = 5000;
/** Longer than the others need to be pinned: their pulls are waiting. */
const REST_MS = 2 * PULL_MS;

/**
 * Detects changes of the owner. The server numbers the deliveries of a consumer across all instances. A gap, or the first message
 * of a session, means that this process is the new owner and must reset the consumer. So does the first message after the pin was
 * lost: another instance that reset the consumer may have got as many messages as this one before, and its numbers go on here.
 */
class Ownership {
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
