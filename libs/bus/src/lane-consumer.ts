/**
 * Ordered consumption of a durable consumer. The server pins the consumer to one of the instances that pull from it, the
 * owner. A new owner first resets the consumer to its acknowledgement floor, so that messages that the previous owner (or
 * this process's previous session) did not finish come first, in order, before newer ones.
 * A message that must wait is redelivered after `retry(delay)`; the reader holds the rest of its conversation.
 */
import type { Consumer, ConsumerMessages, JsMsg } from '@nats-io/jetstream';
import { guarded, metrics, runInBackground, sleep, tolerate, type Log } from '#service';
import type { BusConnection, BusSession } from './bus-connection.js';
import { saysNotFound } from './bus-objects.js';
import { LOOK_EVERY_MS, Ownership } from './lane-ownership.js';
import type { LaneConsumerOptions, LaneReader } from './lane-reader.js';
import { CONSUMER_GROUP, OWNER_TIMEOUT_MS, PULL_MS } from './topology.js';

/** No message for longer than the pin TTL: a dead holder's pin has expired. */
const QUIET_MS = OWNER_TIMEOUT_MS + PULL_MS;
/** How long deliveries in progress may delay a change of the owner, ms. */
const HAND_OVER_MS = 5000;
/** Longer than the others need to be pinned: their pulls are waiting. */
const REST_MS = 2 * PULL_MS;

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
