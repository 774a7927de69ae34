/**
 * Bus -> native: delivers what the switch addressed to this network. Order is kept per conversation; a conversation
 * that must wait holds up no other. An event is acknowledged on the bus only when its outcome is stored.
 */
import { publishDeadLetter, type BusMessage, type LaneReader, type OrderedPublisher } from '#bus';
import {
  decodeEvent,
  deliveryKey,
  HubError,
  isEphemeral,
  networkOf,
  RESULTS,
  subjects,
  toHubError,
  kindOf,
  trafficOf,
  withoutAvatar,
  type ConversationId,
  type DurableEvent,
  type DeliveryKey,
  type Network,
  type Outcome,
} from '#protocol';
import { backoff, guarded, LruCache, metrics, runInBackground, sleep, type Log } from '#service';
import type { AnyAdapter } from './adapter.contract.js';
import { ConversationQueue, type Held } from './conversation-queue.js';
import type { Delivery, DeliveryResult } from './delivery.js';
import type { LateOutcomes } from './late-outcomes.js';
import { withPresentableSender } from './presentable-party.js';

const TASK = 'egress';
const ATTEMPTS = 10;
const MAX_PER_CONVERSATION = 3000;
const WORKING_EVERY_MS = 20_000;
const REMEMBERED = 50_000;
/** As the schema of an outcome bounds it; a long text can be more native messages than that. */
const MOST_NATIVE_IDS = 64;

export class Egress implements LaneReader {
  private readonly conversations = new Map<ConversationId, ConversationQueue>();
  /** Sequences done in this process: an acknowledgement that the bus lost is simply given again. */
  private readonly done = new LruCache<number, true>({ max: REMEMBERED });
  /** Being delivered, by sequence; the newest handle is the one to acknowledge. */
  private readonly inHand = new Map<number, Held>();
  /** Tried in this process, with an outcome that we may not know; by id, since the bus may hold an event twice (a replay). */
  private readonly attempted = new LruCache<DeliveryKey, true>({ max: REMEMBERED });
  /** What the stream stored up to then may have been delivered already, by another process or an earlier one; ms since 1970. */
  private uncertainUntil = 0;
  private stopping = false;
  private readonly heartbeat: NodeJS.Timeout;

  constructor(
    private readonly network: Network,
    private readonly adapter: AnyAdapter,
    private readonly delivery: Pick<Delivery, 'deliver'>,
    private readonly publisher: OrderedPublisher,
    private readonly late: LateOutcomes,
    private readonly log: Log,
  ) {
    this.heartbeat = setInterval(
      guarded(TASK, log, () => this.stillWorking()),
      WORKING_EVERY_MS,
    );
    this.heartbeat.unref();
  }

  becomeOwner(_delivered: number, at: Date): void {
    // Not by sequence: the server writes a consumer's state late, and after a power cut remembers much too little.
    this.uncertainUntil = at.getTime();
    for (const queue of this.conversations.values()) queue.forgetWaiting();
  }

  read(message: BusMessage): void {
    let event: DurableEvent;
    try {
      const decoded = decodeEvent(message.data);
      if (isEphemeral(decoded)) throw new HubError('30', `${decoded.type} is not for the durable stream`);
      event = withPresentableSender(decoded);
    } catch (error) {
      runInBackground(TASK, this.log, () => this.buried(message, toHubError(error)));
      return;
    }
    if (this.done.has(message.seq)) return message.ack();
    const inHand = this.inHand.get(message.seq);
    if (inHand) {
      inHand.message = message;
      return;
    }
    this.enqueue({ event, message });
  }

  /** Takes nothing new and waits for what is being delivered. */
  async drain(patienceMs: number): Promise<void> {
    this.stopping = true;
    clearInterval(this.heartbeat);
    for (const queue of this.conversations.values()) queue.forgetWaiting();
    const deadline = Date.now() + patienceMs;
    while (this.inHand.size > 0 && Date.now() < deadline) await sleep(20);
    await Promise.race([this.publisher.drained(), sleep(Math.max(0, deadline - Date.now()))]);
  }

  private enqueue(held: Held): void {
    const id = held.event.subject;
    const queue = this.conversations.get(id) ?? new ConversationQueue();
    this.conversations.set(id, queue);
    if (queue.length >= MAX_PER_CONVERSATION) {
      const full = new HubError('65', 'too many messages are waiting in this conversation');
      runInBackground(TASK, this.log, () => this.failed(held, full));
      return;
    }
    queue.add(held);
    runInBackground(TASK, this.log, () => this.work(id, queue));
  }

  private async work(id: ConversationId, queue: ConversationQueue): Promise<void> {
    for (let held = queue.next(); held && !this.stopping; held = queue.next()) {
      queue.busy = true;
      this.inHand.set(held.message.seq, held);
      metrics.adapterHeld.set({ network: this.network }, this.inHand.size);
      const again = await this.attempt(held);
      queue.busy = false;
      if (again !== undefined) {
        this.inHand.delete(held.message.seq);
        queue.waitFor(held.message.seq);
        held.message.retry(again);
      }
    }
    if (queue.idle) this.conversations.delete(id);
  }

  /** @returns the delay in ms after which to try again, or undefined when the event is at its end */
  private async attempt(held: Held): Promise<number | undefined> {
    const end = metrics.adapterSeconds.startTimer({ network: this.network });
    for (;;) {
      try {
        await this.untilConnected();
        if (this.stopping) return 0;
        const key = deliveryKey(networkOf(held.event.data.from.address), held.event.id);
        const uncertain = held.message.storedAt.getTime() <= this.uncertainUntil || this.attempted.has(key);
        this.attempted.set(key, true);
        const result = await this.delivery.deliver(held.event, uncertain, () => this.stopping);
        end();
        // Not awaited: the next event of the conversation may go while this outcome is being stored.
        runInBackground(TASK, this.log, () => this.finished(held, result));
        return undefined;
      } catch (thrown) {
        const error = toHubError(thrown);
        // The network is away: that is no attempt of this event.
        if (!this.adapter.connected() && error.verdict === 'retry' && !this.stopping) continue;
        if (this.stopping) return 0;
        if (error.verdict === 'retry' && held.message.deliveries < ATTEMPTS) {
          this.log.warn(
            {
              event: held.event.id,
              code: error.code,
              reason: error.detail,
              attempt: held.message.deliveries,
            },
            'delivery put back',
          );
          return error.retryAfterMs ?? backoff(held.message.deliveries, 500, 30_000);
        }
        await this.failed(held, error);
        return undefined;
      }
    }
  }

  private async untilConnected(): Promise<void> {
    while (!this.adapter.connected() && !this.stopping) await sleep(50);
  }

  private async finished(held: Held, result: DeliveryResult): Promise<void> {
    const reported = this.report(held.event, {
      outcome: result.code === '08' ? 'stored' : 'delivered',
      code: result.code ?? '00',
      native: result.native.slice(0, MOST_NATIVE_IDS),
      ...(result.degradations ? { degradations: result.degradations } : {}),
      ...(result.keeps ? { keeps: result.keeps } : {}),
    });
    await this.settled(held, [result.stored, reported]);
  }

  private async failed(held: Held, error: HubError): Promise<void> {
    const { event, message } = held;
    this.log.info({ event: event.id, code: error.code, reason: error.detail }, 'not delivered');
    metrics.adapterOutcomes.inc({ network: this.network, code: error.code });
    const buried =
      RESULTS[error.code].bus === 'ack'
        ? Promise.resolve()
        : publishDeadLetter(this.publisher, this.network, message, error, event.id);
    const reported = this.report(event, {
      outcome: 'failed',
      code: error.code,
      detail: error.detail.slice(0, 1000),
      attempt: message.deliveries,
    });
    await this.settled(held, [buried, reported]);
  }

  /** Acknowledges the event when its end is stored. If it cannot be, the event comes again, and is then found delivered. */
  private async settled(held: Held, stored: Promise<void>[]): Promise<void> {
    try {
      await Promise.all(stored);
    } catch (error) {
      this.inHand.delete(held.message.seq);
      this.log.error({ event: held.event.id, reason: toHubError(error).detail }, 'outcome not stored');
      return;
    }
    this.done.set(held.message.seq, true);
    const newest = this.inHand.get(held.message.seq) ?? held;
    this.inHand.delete(held.message.seq);
    newest.message.ack();
  }

  /** What counts as traffic has an outcome worth a record; of the rest only a failure has. */
  private async report(
    event: DurableEvent,
    end: Pick<Outcome, 'outcome' | 'code' | 'detail' | 'native' | 'attempt' | 'degradations' | 'keeps'>,
  ): Promise<void> {
    const kind = kindOf(event);
    if (end.outcome === 'delivered') metrics.adapterOutcomes.inc({ network: this.network, code: end.code });
    if (trafficOf(event) === undefined && end.outcome !== 'failed') return;
    const outcome: Outcome = {
      event: event.id,
      conversation: event.subject,
      kind,
      stage: 'adapter',
      ...end,
      from: withoutAvatar(event.data.from),
      to: event.data.to,
      requestDelivered:
        event.type === 'im.hutong.message.v1' && (event.data.requestStatus?.includes('delivered') ?? false),
      at: new Date().toISOString(),
    };
    if (outcome.outcome === 'stored') return this.late.stored(outcome);
    await this.publisher.publish(
      subjects.report(this.network),
      JSON.stringify(outcome),
      // An id is unique in the network that gave it only.
      `${deliveryKey(networkOf(event.data.from.address), event.id)}:${end.outcome}`,
    );
  }

  private async buried(message: BusMessage, error: HubError): Promise<void> {
    this.log.error(
      { subject: message.subject, seq: message.seq, code: error.code, reason: error.detail },
      'unreadable event buried',
    );
    try {
      await publishDeadLetter(this.publisher, this.network, message, error);
      message.ack();
    } catch (thrown) {
      this.log.error({ seq: message.seq, reason: toHubError(thrown).detail }, 'not buried: it comes again');
    }
  }

  private stillWorking(): void {
    for (const held of this.inHand.values()) held.message.working();
    for (const queue of this.conversations.values()) for (const held of queue) held.message.working();
  }
}
