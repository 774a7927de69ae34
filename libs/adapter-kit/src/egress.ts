/**
 * Bus -> native network: delivers what the switch addressed to this network. Order is kept per conversation; a conversation
 * that waits delays no other. The life of one event, by its sequence in the stream:
 *
 *                       becomeOwner: forgotten, the bus delivers it again
 *                          ▲
 *   read ──► queued ──► running ──► ending ──────────► done
 *              ▲           │          │                  │ the bus delivers it again:
 *              │           │          │ outcome not      │ acknowledged again
 *              │           ▼          ▼ stored
 *              └──── redelivered by the bus
 *
 * - queued: in the `ConversationQueue` of its conversation. An event that is to be tried again holds the queue until then.
 * - running: the adapter delivers it. ending: its outcome (and dead letter) is being stored; the next event of the
 *   conversation may run. Both are `InProgress`.
 * - done: the outcome is on disk, and the event was acknowledged on the bus. In `done`, for an acknowledgement that is lost.
 */
import type { BusMessage, LaneReader, OrderedPublisher } from '#bus';
import {
  readEvent,
  HubError,
  isEphemeral,
  toHubError,
  type ConversationId,
  type DurableEvent,
  type Network,
} from '#protocol';
import { guarded, LruCache, metrics, runInBackground, sleep, type Log } from '#service';
import type { AnyAdapter } from './adapter.contract.js';
import { mustBeAddressedHere } from './addressed-here.js';
import { Attempts } from './attempts.js';
import { ConversationQueue, type Held } from './conversation-queue.js';
import type { Delivery } from './delivery.js';
import { InProgress } from './in-progress.js';
import type { Outcomes } from './outcomes.js';
import { redeliverAfter } from './redelivery.js';
import { withPresentableSender } from './presentable-party.js';
import type { WindowQueue } from './window-queue.js';

const TASK = 'egress';
const MAX_PER_CONVERSATION = 3000;
/** How often the bus is notified that events are still in progress: more often than its acknowledgement timeout. */
const WORKING_EVERY_MS = 20_000;
const MAX_DONE = 50_000;

export interface EgressOptions {
  network: Network;
  adapter: Pick<AnyAdapter, 'connectivity'>;
  delivery: Pick<Delivery, 'deliver'>;
  outcomes: Outcomes;
  windows: Pick<WindowQueue, 'mustBeFirst' | 'keep'>;
  publisher: Pick<OrderedPublisher, 'drained'>;
  log: Log;
  /** This process now delivers what an earlier one delivered. */
  onOwner?: () => void;
}

export class Egress implements LaneReader {
  private readonly conversations = new Map<ConversationId, ConversationQueue>();
  private readonly inProgress: InProgress;
  private readonly done = new LruCache<number, true>({ max: MAX_DONE });
  private readonly attempts = new Attempts();
  private stopping = false;
  /** The partition is being handed over. */
  private leaving = false;
  private readonly workingTimer: NodeJS.Timeout;
  /** Present while the network is away: all conversations that wait share it. */
  private reconnected: Promise<void> | undefined;
  /** Resolved when this process ends, or the partition is handed over: nobody waits for the network any more. */
  private ending = Promise.withResolvers<void>();

  constructor(private readonly options: EgressOptions) {
    this.inProgress = new InProgress(options.network);
    this.workingTimer = setInterval(
      guarded(TASK, options.log, () => this.reportWorking()),
      WORKING_EVERY_MS,
    );
    this.workingTimer.unref();
  }

  becomeOwner(_delivered: number, at: Date): void {
    this.leaving = false;
    if (!this.stopping) this.ending = Promise.withResolvers<void>();
    this.inProgress.stopWaiting();
    this.attempts.becomeOwner(at);
    this.options.onOwner?.();
    for (const queue of this.conversations.values()) queue.forgetWaiting();
  }

  read(message: BusMessage): void {
    let event: DurableEvent;
    try {
      const decoded = readEvent(message.data);
      if (isEphemeral(decoded)) throw new HubError('30', `${decoded.type} is not for the durable stream`);
      event = withPresentableSender(decoded);
    } catch (error) {
      this.inBackground(() => this.endUnreadable(message, toHubError(error)));
      return;
    }
    if (this.done.has(message.seq)) return message.ack();
    if (!this.inProgress.renew(message)) this.enqueue({ event, message });
  }

  /** Another process becomes the owner of the partition: nothing of it may be in progress here any more. */
  async leave(): Promise<void> {
    this.leaving = true;
    this.ending.resolve();
    for (const queue of this.conversations.values()) queue.forgetWaiting();
    await this.inProgress.idle();
  }

  /**
   * Starts no delivery any more, and waits for those in progress. What waits comes again in the next process.
   * @returns false: some are still in progress
   */
  async drain(patienceMs: number): Promise<boolean> {
    this.stopping = true;
    this.ending.resolve();
    clearInterval(this.workingTimer);
    for (const queue of this.conversations.values()) queue.forgetWaiting();
    const drained = new AbortController();
    const ended = this.inProgress
      .idle()
      .then(() => this.options.publisher.drained())
      .then(() => true);
    const isDrained = await Promise.race([ended, sleep(patienceMs, drained.signal).then(() => false)]);
    drained.abort();
    return isDrained;
  }

  private enqueue(held: Held): void {
    const id = held.event.subject;
    const queue = this.conversations.get(id) ?? new ConversationQueue();
    this.conversations.set(id, queue);
    if (queue.length >= MAX_PER_CONVERSATION) {
      const full = new HubError('65', 'too many messages are waiting in this conversation');
      this.inBackground(() => this.fail(held, full));
      return;
    }
    queue.add(held);
    this.inBackground(() => this.work(id, queue));
  }

  private async work(id: ConversationId, queue: ConversationQueue): Promise<void> {
    for (let held = queue.next(); held && !this.isEnding; held = queue.next()) {
      queue.busy = true;
      this.inProgress.begin(held);
      const retryAfterMs = await this.deliver(held);
      queue.busy = false;
      if (retryAfterMs === undefined) continue;
      this.inProgress.end(held.message.seq);
      queue.waitFor(held.message.seq);
      held.message.retry(retryAfterMs);
    }
    if (queue.idle) this.conversations.delete(id);
  }

  /** @returns ms after which the bus is to deliver the event again. undefined: it was delivered, or has failed for good */
  private async deliver(held: Held): Promise<number | undefined> {
    const { network, delivery, adapter, windows } = this.options;
    const endTimer = metrics.adapterSeconds.startTimer({ network });
    for (;;) {
      try {
        mustBeAddressedHere(held.event, network);
        if (!adapter.connectivity.connected) await this.untilConnected();
        if (this.isEnding) return 0;
        await windows.mustBeFirst(held.event);
        const isUncertain = this.attempts.begin(held.event, held.message);
        const result = await delivery.deliver(held.event, isUncertain, () => this.isEnding);
        endTimer();
        // Not awaited: the next event of the conversation may be delivered while this outcome is being stored.
        this.inBackground(() =>
          this.end(held, Promise.all([result.stored, this.options.outcomes.delivered(held.event, result)])),
        );
        return undefined;
      } catch (thrown) {
        const error = await this.unlessItWaits(held, toHubError(thrown));
        if (!error) return undefined;
        // The network went away during the attempt: wait for it, without counting the attempt.
        if (error.verdict === 'retry' && !this.isEnding && !adapter.connectivity.connected) continue;
        if (this.isEnding) return 0;
        const againMs = redeliverAfter(held.message, error, Date.now());
        if (againMs !== undefined) return this.again(held, error, againMs);
        await this.fail(held, error);
        return undefined;
      }
    }
  }

  /** @returns undefined: the message waits for the reply window of its recipient, where it is stored now */
  private async unlessItWaits(held: Held, error: HubError): Promise<HubError | undefined> {
    try {
      if (!(await this.options.windows.keep(held, error))) return error;
    } catch (thrown) {
      return toHubError(thrown);
    }
    await this.end(held, Promise.resolve());
    return undefined;
  }

  private get isEnding(): boolean {
    return this.stopping || this.leaving;
  }

  private again({ event, message }: Held, error: HubError, afterMs: number): number {
    this.options.log.warn(
      { event: event.id, code: error.code, reason: error.detail, attempt: message.deliveries },
      'delivery failed, redelivering later',
    );
    return afterMs;
  }

  private untilConnected(): Promise<void> {
    const { connectivity } = this.options.adapter;
    this.reconnected ??= Promise.race([connectivity.untilConnected(), this.ending.promise]).finally(
      () => (this.reconnected = undefined),
    );
    return this.reconnected;
  }

  private async fail(held: Held, error: HubError): Promise<void> {
    const { event, message } = held;
    this.options.log.info({ event: event.id, code: error.code, reason: error.detail }, 'not delivered');
    await this.end(held, this.options.outcomes.failed(event, message, error));
  }

  /** Acknowledges the event when its outcome is on disk. If that fails, the bus delivers it again, and it is found delivered. */
  private async end(held: Held, outcomeStored: Promise<unknown>): Promise<void> {
    const { seq } = held.message;
    try {
      await outcomeStored;
    } catch (error) {
      this.inProgress.end(seq);
      this.options.log.error(
        { event: held.event.id, reason: toHubError(error).detail },
        'outcome not stored',
      );
      return;
    }
    this.done.set(seq, true);
    const newest = this.inProgress.find(seq) ?? held;
    this.inProgress.end(seq);
    newest.message.ack();
  }

  private async endUnreadable(message: BusMessage, error: HubError): Promise<void> {
    const { log, outcomes } = this.options;
    const { subject, seq } = message;
    log.error({ subject, seq, code: error.code, reason: error.detail }, 'unreadable event dead-lettered');
    try {
      await outcomes.deadLetter(message, error);
      message.ack();
    } catch (thrown) {
      log.error(
        { seq, reason: toHubError(thrown).detail },
        'dead letter not stored, the event is redelivered',
      );
    }
  }

  private reportWorking(): void {
    this.inProgress.reportWorking();
    for (const queue of this.conversations.values()) for (const held of queue) held.message.working();
  }

  private inBackground(work: () => unknown): void {
    runInBackground(TASK, this.options.log, work);
  }
}
