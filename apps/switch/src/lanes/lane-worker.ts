/**
 * Reads the events of one network in order, decides each, stores what follows from it, and acknowledges it when that is
 * stored. An event to a telephone number waits for the directory, and delays its own conversation only.
 */
import {
  publishDeadLetter,
  type BusMessage,
  type LaneReader,
  type MediaGrants,
  type OrderedPublisher,
} from '#bus';
import {
  HUB,
  CERTIFY,
  decodeEvent,
  deliveryKey,
  encodeEvent,
  encodeOutcome,
  HubError,
  isEphemeral,
  laneOf,
  networkInSubject,
  placeInSubject,
  networkOf,
  numberOf,
  RESULTS,
  subjects,
  toHubError,
  type DirectoryEntry,
  type E164,
  type HubEvent,
  type Lane,
  type Network,
  type Outcome,
} from '#protocol';
import { backoff, guarded, LruCache, metrics, runInBackground, sleep, type Log } from '#service';
import type { SenderLimits } from '../limits/sender-limits.js';
import { canonicalOrSame } from '../pipeline/canonicalise.js';
import { decide, type Decision, type DecisionContext } from '../pipeline/decide.js';
import { seenKey } from '../pipeline/deduplicate.js';
import type { Absences } from '../pipeline/step.js';
import type { LocalViews } from '../registry/local-views.js';
import { switchOutcome } from '../reports/switch-outcome.js';
import { ConversationQueues } from './conversation-queues.js';

/** Ids of decided events that one lane remembers, so that a repeated event is refused without asking the stream. */
const REMEMBERED = 20_000;
/** In the subject of the outcome of a refused event, in place of the digest of a native id. By its key the next step finds it. */
const REFUSED = 'refused';
/** Delay before an event that could not be carried out is delivered again. */
const REDELIVERY_MS = 500;
/** Events of one lane that may wait for the directory. Below the 1000 that the bus hands out at once, so that others go on. */
const MOST_WAITING = 400;
/** Interval at which the bus is notified that waiting events are in progress; well below its acknowledgement timeout. */
const WORKING_EVERY_MS = 20_000;
const NO_DIRECTORY = { verdict: 'end', code: '91', detail: 'the directory does not answer' } as const;
/** How long an event to a number waits for the directory. */
const DIRECTORY_PATIENCE_MS = 60_000;

export interface LaneDependencies {
  views: Pick<LocalViews, 'registry' | 'consents' | 'directory'> & {
    absences: Absences & { added(network: Network): void };
  };
  limits: Pick<SenderLimits, 'reserve'>;
  publisher: OrderedPublisher;
  grants: MediaGrants;
  log: Log;
}

/** An event that was read, in canonical form, and the partition of its conversation as the adapter spelled it. */
interface Arrived {
  message: BusMessage;
  event: HubEvent;
  expected: Lane;
}

/** `superseded`: the lane started over meanwhile; the event is delivered again and must not be acknowledged. */
type Progress = 'finished' | 'superseded';

export class LaneWorker implements LaneReader {
  private arrived: BusMessage[] = [];
  private readonly seen = new LruCache<string, true>({ max: REMEMBERED });
  private queues = new ConversationQueues();
  /** Events that wait for the directory, or behind one that does. Replaced whenever the lane starts over. */
  private waiting = new Set<BusMessage>();
  private readonly views: LaneDependencies['views'];
  private readonly publisher: OrderedPublisher;
  private readonly log: Log;

  constructor(private readonly on: LaneDependencies) {
    ({ views: this.views, publisher: this.publisher, log: this.log } = on);
    setInterval(
      guarded('lane: still waiting', this.log, () => this.stillWaiting()),
      WORKING_EVERY_MS,
    ).unref();
  }

  becomeOwner(): void {
    this.arrived = [];
    this.seen.clear();
    this.queues = new ConversationQueues();
    this.waiting = new Set();
  }

  /** Events that arrive in one turn of the event loop are decided in the next one, so that they are stored in one write. */
  read(message: BusMessage): void {
    if (this.arrived.push(message) === 1)
      setImmediate(guarded('lane: arrived', this.log, () => this.decideArrived()));
  }

  /** One by one, in order. Publishing is pipelined and keeps the order. */
  private decideArrived(): void {
    const { arrived } = this;
    this.arrived = [];
    for (const message of arrived) runInBackground('lane: event', this.log, () => this.finish(message));
  }

  /** Acknowledges the message when what follows from it is stored. */
  private async finish(message: BusMessage): Promise<void> {
    const endTimer = metrics.switchSeconds.startTimer();
    try {
      if ((await this.carryOut(message)) === 'superseded') return;
    } catch (error) {
      this.redeliver(message, toHubError(error));
      return;
    }
    message.ack();
    endTimer();
  }

  /** Runs synchronously unless the event must wait, so that events are published in their order. */
  private async carryOut(message: BusMessage): Promise<Progress> {
    const { registry, consents } = this.views;
    if (!registry.known || !consents.known)
      throw new HubError('96', 'no registry snapshot, or no consents yet');
    const source = networkInSubject(message.subject);
    let event: HubEvent;
    let expected: Lane;
    try {
      const received = decodeEvent(message.data);
      expected = laneOf(received.subject);
      event = canonicalOrSame(received, registry.current);
      if (isEphemeral(event)) throw new HubError('30', `${event.type} is not for the durable stream`);
    } catch (error) {
      this.log.warn(
        { source, seq: message.seq, reason: toHubError(error).detail },
        'unreadable event dead-lettered',
      );
      await publishDeadLetter(this.publisher, source, message, toHubError(error));
      return 'finished';
    }
    // Answers to the certifier stay in the stream, where it reads them. A report "undeliverable" would be answered in turn: a loop.
    if (networkOf(event.data.to) === CERTIFY) return 'finished';
    const number = numberOf(event.data.to);
    const entry = number && this.views.directory.known(number);
    const arrived: Arrived = { message, event, expected };
    if (this.queues.has(event.subject) || (number && !entry)) return this.queue(arrived, number);
    await this.conclude(arrived, entry);
    return 'finished';
  }

  private async queue(arrived: Arrived, number: E164 | undefined): Promise<Progress> {
    const { message, event } = arrived;
    const { waiting } = this;
    if (waiting.size >= MOST_WAITING) {
      const detail = 'the directory does not answer, and too many wait for it';
      await this.ended(message, { verdict: 'end', event, code: '91', detail });
      return 'finished';
    }
    waiting.add(message);
    try {
      return await this.queues.join(event.subject, async () => {
        const entry = number && (await this.entryOf(number, waiting));
        if (waiting !== this.waiting || entry === 'superseded')
          return { stored: Promise.resolve('superseded' as const) };
        const stored =
          entry === 'no-answer'
            ? this.ended(message, { ...NO_DIRECTORY, event })
            : this.conclude(arrived, entry);
        return { stored: stored.then(() => 'finished' as const) };
      });
    } finally {
      waiting.delete(message);
    }
  }

  /**
   * Retries the directory for up to `DIRECTORY_PATIENCE_MS`. The conversation is held meanwhile to keep its order.
   * @param waiting of the lane when it asked; another one now means that the lane has started over
   */
  private async entryOf(
    number: E164,
    waiting: Set<BusMessage>,
  ): Promise<DirectoryEntry | 'no-answer' | 'superseded'> {
    const until = Date.now() + DIRECTORY_PATIENCE_MS;
    for (let attempt = 1; waiting === this.waiting; attempt++) {
      try {
        return await this.views.directory.find(number);
      } catch (error) {
        if (Date.now() > until) return 'no-answer';
        this.log.warn({ reason: toHubError(error).detail, attempt }, 'the directory does not answer');
        await sleep(backoff(attempt, 200, 3000));
      }
    }
    return 'superseded';
  }

  private stillWaiting(): void {
    for (const message of this.waiting) message.working();
  }

  private conclude(
    { message, event, expected }: Arrived,
    entry: DirectoryEntry | undefined,
  ): Promise<unknown> {
    const source = networkInSubject(message.subject);
    const { registry, consents, absences } = this.views;
    const decision = this.decisionOn(event, {
      source,
      registry: registry.current,
      partition: { used: placeInSubject(message.subject), expected },
      consents,
      entry,
      seen: this.seen,
      absences,
      limits: this.on.limits,
      now: new Date(),
      acceptedAt: message.storedAt,
    });
    metrics.switchEvents.inc({
      from: source,
      to: networkOf(decision.event.data.to),
      code: decision.verdict === 'end' ? decision.code : decision.storedBecause === undefined ? '00' : '08',
    });
    if (decision.verdict === 'end') return this.ended(message, decision);
    return this.forward(source, decision).catch((thrown: unknown) => {
      const { verdict, code, detail } = toHubError(thrown);
      if (verdict === 'retry') throw thrown;
      return this.ended(message, { verdict: 'end', event, code, detail });
    });
  }

  /** A fault of a step would occur again at every delivery: it ends the event with code 96, and the switch goes on. */
  private decisionOn(event: HubEvent, context: DecisionContext): Decision {
    try {
      return decide(event, context);
    } catch (thrown) {
      this.log.error({ err: thrown, event: event.id }, 'a step of the pipeline is at fault');
      return { verdict: 'end', event, code: '96', detail: toHubError(thrown).detail };
    }
  }

  private async forward(source: Network, decision: Extract<Decision, { verdict: 'forward' }>): Promise<void> {
    const { event, subject, storeId, storedBecause } = decision;
    const granted = this.on.grants.granted(event, networkOf(event.data.to));
    await Promise.all([
      this.publisher.publish(subject, encodeEvent(granted), storeId),
      storedBecause === undefined ? undefined : this.reportStored(event, storedBecause),
    ]);
    // Only now: an event that is delivered again before it is stored must be stored, not refused as a duplicate.
    this.seen.set(seenKey(source, event.id), true);
  }

  /** The destination is away, and the event waits for it in the stream. */
  private reportStored(event: HubEvent, why: string): Promise<unknown> {
    this.views.absences.added(networkOf(event.data.to));
    const outcome: Outcome = { ...switchOutcome(event), stage: 'stored', code: '08', detail: why };
    return this.publisher.publish(subjects.report(HUB), encodeOutcome(outcome), storedId(event));
  }

  private async ended(message: BusMessage, decision: Extract<Decision, { verdict: 'end' }>): Promise<void> {
    const { event, code, detail } = decision;
    if (code === '94') return;
    const source = networkInSubject(message.subject);
    this.log.info({ event: event.id, source, code, reason: detail }, 'event ended');
    if (RESULTS[code].bus === 'dead' || code === '96')
      await publishDeadLetter(this.publisher, source, message, new HubError(code, detail), event.id);
    // No report for a spoofed sender: it would go to somebody who sent nothing.
    if (code === '31') return;
    const outcome: Outcome = { ...switchOutcome(event), stage: 'failed', code, detail };
    await this.publisher.publish(
      subjects.delivered(HUB, deliveryKey(source, event.id), REFUSED),
      encodeOutcome(outcome),
      `${source}:${event.id}:switch`,
    );
    // The first result stands: it was reported and recorded.
    this.seen.set(seenKey(source, event.id), true);
  }

  /** After a refusal of the bus itself: the lane is delivered again from its acknowledgement floor. */
  private redeliver(message: BusMessage, error: HubError): void {
    this.seen.clear();
    this.log.warn({ seq: message.seq, reason: error.detail }, 'event will be redelivered');
    message.retry(REDELIVERY_MS);
  }
}

/** An id is unique within the network that gave it. */
function storedId({ id, data }: HubEvent): string {
  return `${deliveryKey(networkOf(data.from.address), id)}:stored`;
}
