/**
 * Ordered consumption of a durable consumer. The server pins the consumer to one of the instances that pull from it;
 * the instance that becomes the owner first sets the consumer back to its acknowledgement floor, so that what its
 * predecessor (or our own previous session) left unfinished comes first, in order, and before anything newer.
 * A message that must wait is put back with `retry(delay)`; the rest of its conversation waits with the reader.
 */
import type { Consumer, ConsumerInfo, ConsumerMessages, JsMsg } from '@nats-io/jetstream';
import { guarded, metrics, runInBackground, sleep, tolerate, type Log } from '#service';
import type { BusConnection, BusSession } from './bus-connection.js';
import { saysNotFound } from './bus-objects.js';
import { CONSUMER_GROUP, OWNER_TIMEOUT_MS, PULL_MS } from './topology.js';

/** One message of the bus, in the hands of its reader until it is acknowledged or put back. */
export interface BusMessage {
  readonly subject: string;
  readonly data: Uint8Array;
  /** Sequence in the stream: the order. */
  readonly seq: number;
  /** 1 for the first delivery since this owner took over. */
  readonly deliveries: number;
  /** When the stream took it. */
  readonly storedAt: Date;
  ack(): void;
  /** Comes again after the delay, under the same sequence. */
  retry(delayMs: number): void;
  /** Still at it: restarts the acknowledgement timer. */
  working(): void;
}

export interface LaneReader {
  /**
   * Everything unfinished of an earlier session or owner will come again: forget what was held. `delivered` is the
   * last sequence that the server remembers to have handed out, to whomever; `at` the server's time of the take-over.
   */
  becomeOwner(delivered: number, at: Date): void;
  read(message: BusMessage): void;
}

export interface LaneConsumerOptions {
  stream: string;
  durable: string;
  /** Messages on the way to the reader at once. */
  window: number;
}

export class LaneConsumer {
  private messages: ConsumerMessages | undefined;
  private stopped = false;
  /** The consumer exists on the bus, as far as is known. */
  isThere = true;

  private constructor(
    private readonly options: LaneConsumerOptions,
    private readonly reader: LaneReader,
    private readonly log: Log,
  ) {}

  static async on(
    link: BusConnection,
    options: LaneConsumerOptions,
    reader: LaneReader,
  ): Promise<LaneConsumer> {
    const lane = new LaneConsumer(options, reader, link.log);
    await link.onSession((session) =>
      runInBackground(`consumer ${options.durable}`, link.log, () => lane.live(session)),
    );
    return lane;
  }

  /** Takes nothing more; what is with the reader may still be acknowledged. */
  async stop(): Promise<void> {
    this.stopped = true;
    await this.messages?.close();
  }

  /** Consumes until the session ends. A consumer that is lost is not made anew: the lane waits until it is there again. */
  private async live(session: BusSession): Promise<void> {
    while (!this.stopped && !session.ended.aborted) {
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
    const messages = await consumer.consume({
      max_messages: this.options.window,
      group: CONSUMER_GROUP,
      expires: PULL_MS,
      callback: guarded(task, this.log, (message: JsMsg) => owner.receive(message)),
    });
    this.messages = messages;
    const close = guarded(task, this.log, () => messages.close());
    session.ended.addEventListener('abort', close, { once: true });
    runInBackground(task, this.log, () => this.watch(messages));
    const over = new AbortController();
    const either = AbortSignal.any([session.ended, over.signal]);
    runInBackground(task, this.log, () => this.lookAfter(owner, messages, either));
    await messages.closed();
    over.abort();
  }

  /** Nothing tells us of what does not come: so we look. */
  private async lookAfter(owner: Ownership, messages: ConsumerMessages, over: AbortSignal): Promise<void> {
    await sleep(QUIET_MS, over);
    while (!over.aborted) {
      await tolerate(`consumer ${this.options.durable}`, this.log, () => this.look(owner, messages));
      await sleep(LOOK_EVERY_MS, over);
    }
  }

  private async look(owner: Ownership, messages: ConsumerMessages): Promise<void> {
    await owner.takeUpWhatWasLeft();
    if (!(await owner.standsStill())) return;
    this.log.warn({ durable: this.options.durable }, 'consumer stands still: it is read anew');
    await owner.unpin();
    await messages.close();
  }

  private async watch(messages: ConsumerMessages): Promise<void> {
    for await (const status of messages.status()) {
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

type Phase = 'waiting' | 'resetting' | 'reading';

/** A reset whose first message never came to us is asked for again after this long. */
const RESET_PATIENCE_MS = 2000;
/** Nothing has come for so long since we asked, and whoever had the pin has lost it if he is dead. */
const QUIET_MS = OWNER_TIMEOUT_MS + PULL_MS;
const LOOK_EVERY_MS = 10_000;

/**
 * Watches who reads. The server numbers the deliveries of a consumer, whoever gets them: while they follow on from
 * one another, nobody else has read, and the pin may change as it likes (it does after every lull). A gap, or the first
 * message of a session, means that we own the consumer from here on, and must set it back first.
 */
class Ownership {
  private phase: Phase = 'waiting';
  private lastDelivery = 0;
  private delivered = 0;
  private takenAt = new Date(0);
  private resetAt = 0;
  private heardAt = Date.now();
  private isSettled = false;
  /** The server's count of deliveries when we looked last. */
  private countedBefore: number | undefined;

  constructor(
    private readonly session: BusSession,
    private readonly options: LaneConsumerOptions,
    private readonly reader: LaneReader,
    private readonly log: Log,
  ) {}

  receive(message: JsMsg): void {
    const { deliverySequence } = message.info;
    this.heardAt = Date.now();
    if (this.phase === 'resetting' && deliverySequence === 1) {
      // Deliveries are numbered from 1 again after the reset; what came before that is of the old numbering.
      this.phase = 'reading';
      this.lastDelivery = 0;
      this.reader.becomeOwner(this.delivered, this.takenAt);
    }
    const lost =
      this.phase === 'resetting' && this.resetAt > 0 && Date.now() - this.resetAt > RESET_PATIENCE_MS;
    if (
      this.phase === 'waiting' ||
      lost ||
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
   * Where nothing new comes, nothing tells us that we own the consumer, and what a dead predecessor held would come only
   * when its acknowledgement is overdue. Should the predecessor live, it gets again what it has, and knows it.
   */
  async takeUpWhatWasLeft(): Promise<void> {
    if (this.isSettled || this.phase !== 'waiting' || this.session.ended.aborted) return;
    const info = await this.info();
    // Asked for once: a predecessor that lives is not disturbed again and again.
    this.isSettled = info !== undefined;
    if (!info || info.num_ack_pending === 0 || this.isStarted()) return;
    this.phase = 'resetting';
    await this.reset();
  }

  /** Nobody has been given anything since the last look, and something could be given. */
  async standsStill(): Promise<boolean> {
    const counted = this.countedBefore;
    this.countedBefore = undefined;
    if (Date.now() - this.heardAt < LOOK_EVERY_MS) return false;
    const info = await this.info();
    if (!info || info.num_pending === 0) return false;
    this.countedBefore = info.delivered.consumer_seq;
    return counted === this.countedBefore && info.num_ack_pending < (info.config.max_ack_pending ?? Infinity);
  }

  /** Whoever has it, has it no more. */
  async unpin(): Promise<void> {
    const { stream, durable } = this.options;
    await tolerate(`consumer ${durable}`, this.log, () =>
      this.session.jsm.consumers.unpin(stream, durable, CONSUMER_GROUP),
    );
  }

  private info(): Promise<ConsumerInfo | undefined> {
    const { stream, durable } = this.options;
    return tolerate(`consumer ${durable}`, this.log, () => this.session.jsm.consumers.info(stream, durable));
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
      this.log.debug({ durable, from: info.reset_seq }, 'consumer taken over');
    } catch (error) {
      this.log.warn({ durable, reason: (error as Error).message }, 'could not take the consumer over');
      await sleep(1000, this.session.ended);
      if (!this.session.ended.aborted && this.phase === 'resetting') await this.reset();
    }
  }
}

/** Once its session is over, nothing need be said of a message: all that is not acknowledged comes again in the next. */
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
