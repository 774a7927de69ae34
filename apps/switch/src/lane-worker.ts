/**
 * One lane: reads events in order, decides them in batches, stores each for its destination, acknowledges what is
 * stored. An event to a number waits for the directory, in the line of its own conversation alone.
 */
import { LRUCache } from 'lru-cache';
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
  HubError,
  isEphemeral,
  networkInSubject,
  networkOf,
  numberOf,
  RESULTS,
  subjects,
  toHubError,
  type DirectoryEntry,
  type E164,
  type HubEvent,
  type Network,
  type Outcome,
} from '#protocol';
import { backoff, guarded, metrics, runInBackground, sleep, type Log } from '#service';
import { ConversationLines } from './conversation-lines.js';
import type { SenderLimits } from './limits/limits.js';
import type { Knowledge } from './knowledge.js';
import { outcomeOf } from './outcome-of.js';
import { canonicalOrSame } from './pipeline/canonicalise.js';
import { decide, type Decision } from './pipeline/decide.js';
import { seenKey } from './pipeline/deduplicate.js';
import type { StepContext } from './pipeline/step.js';

const REMEMBERED = 20_000;
const NO_REGISTRY_RETRY_MS = 500;
/** So many of a lane wait for the directory at most; the bus hands out 1000 at once, and the others must go on. */
const MOST_WAITING = 400;
/** Well below the time after which the bus takes an event for forgotten. */
const WORKING_EVERY_MS = 20_000;
const SILENCE = { verdict: 'end', code: '91', detail: 'the directory does not answer' } as const;
/** So long a message to a number waits for the directory. */
const DIRECTORY_PATIENCE_MS = 60_000;
/** The lane was taken over: what was held will come again, and is not answered for any more. */
const FORGOTTEN = new HubError('96', 'the lane starts over');

export class LaneWorker implements LaneReader {
  private batch: BusMessage[] = [];
  private readonly seen = new LRUCache<string, true>({ max: REMEMBERED });
  private lines = new ConversationLines();
  /** With the directory, or behind one that is. A new set for every time the lane starts over. */
  private waiting = new Set<BusMessage>();

  constructor(
    private readonly knowledge: Knowledge,
    private readonly limits: SenderLimits,
    private readonly publisher: OrderedPublisher,
    private readonly grants: MediaGrants,
    private readonly log: Log,
  ) {
    setInterval(
      guarded('lane: still waiting', log, () => this.stillWaiting()),
      WORKING_EVERY_MS,
    ).unref();
  }

  becomeOwner(): void {
    this.batch = [];
    this.seen.clear();
    this.lines = new ConversationLines();
    this.waiting = new Set();
  }

  read(message: BusMessage): void {
    if (this.batch.push(message) === 1)
      setImmediate(guarded('lane: batch', this.log, () => this.decideBatch()));
  }

  /** Publishing is pipelined and keeps the order; a message is acknowledged when what follows from it is stored. */
  private decideBatch(): void {
    const batch = this.batch;
    this.batch = [];
    for (const message of batch) runInBackground('lane: event', this.log, () => this.finish(message));
  }

  private async finish(message: BusMessage): Promise<void> {
    const endTimer = metrics.switchSeconds.startTimer();
    try {
      await this.carryOut(message);
    } catch (error) {
      if (error !== FORGOTTEN) this.putBack(message, toHubError(error));
      return;
    }
    message.ack();
    endTimer();
  }

  /** Up to where it must wait it runs at once, so that what is published keeps the order. */
  private async carryOut(message: BusMessage): Promise<unknown> {
    const { registry, consents } = this.knowledge;
    if (!registry.known || !consents.known)
      throw new HubError('96', 'no registry snapshot, or no consents yet');
    const source = networkInSubject(message.subject);
    let event: HubEvent;
    try {
      event = canonicalOrSame(decodeEvent(message.data), registry.current);
      if (isEphemeral(event)) throw new HubError('30', `${event.type} is not for the durable stream`);
    } catch (error) {
      this.log.warn(
        { source, seq: message.seq, reason: toHubError(error).detail },
        'unreadable event buried',
      );
      return publishDeadLetter(this.publisher, source, message, toHubError(error));
    }
    // The certifier reads answers where they are stored. Told that they went nowhere, the one who answers would answer that too.
    if (networkOf(event.data.to) === CERTIFY) return undefined;
    const number = numberOf(event.data.to);
    const entry = number && this.knowledge.directory.known(number);
    if (this.lines.has(event.subject) || (number && !entry)) return this.inLine(message, event, number);
    return this.conclude(message, event, entry);
  }

  private async inLine(message: BusMessage, event: HubEvent, number: E164 | undefined): Promise<unknown> {
    const { waiting } = this;
    if (waiting.size >= MOST_WAITING)
      return this.ended(message, {
        verdict: 'end',
        event,
        code: '91',
        detail: 'the directory does not answer, and too many wait for it',
      });
    waiting.add(message);
    try {
      return await this.lines.join(event.subject, async () => {
        const entry = number && (await this.entryOf(number, waiting));
        if (waiting !== this.waiting) throw FORGOTTEN;
        if (number && !entry) return { stored: this.ended(message, { ...SILENCE, event }) };
        return { stored: this.conclude(message, event, entry) };
      });
    } finally {
      waiting.delete(message);
    }
  }

  /**
   * Asks for a while: in the meantime nothing of this conversation may go, and the lane cannot forget what it read since.
   * @returns undefined when nobody answered
   */
  private async entryOf(number: E164, waiting: Set<BusMessage>): Promise<DirectoryEntry | undefined> {
    const until = Date.now() + DIRECTORY_PATIENCE_MS;
    for (let attempt = 1; waiting === this.waiting; attempt++) {
      try {
        return await this.knowledge.directory.find(number);
      } catch (error) {
        if (Date.now() > until) return undefined;
        this.log.warn({ reason: toHubError(error).detail, attempt }, 'the directory does not answer');
        await sleep(backoff(attempt, 200, 3000));
      }
    }
    throw FORGOTTEN;
  }

  private stillWaiting(): void {
    for (const message of this.waiting) message.working();
  }

  private conclude(
    message: BusMessage,
    event: HubEvent,
    entry: DirectoryEntry | undefined,
  ): Promise<unknown> {
    const source = networkInSubject(message.subject);
    const decision = this.decisionOn(event, {
      source,
      registry: this.knowledge.registry.current,
      consents: this.knowledge.consents,
      entry,
      seen: this.seen,
      absences: this.knowledge.absences,
      limits: this.limits,
      now: new Date(),
      acceptedAt: message.storedAt,
    });
    metrics.switchEvents.inc({
      from: source,
      to: networkOf(decision.event.data.to),
      code: decision.verdict === 'end' ? decision.code : decision.stored === undefined ? '00' : '08',
    });
    if (decision.verdict === 'end') return this.ended(message, decision);
    return this.forward(source, decision).catch((thrown: unknown) => {
      const { verdict, code, detail } = toHubError(thrown);
      if (verdict === 'retry') throw thrown;
      return this.ended(message, { verdict: 'end', event, code, detail });
    });
  }

  /** A fault in a step is one again the next time: it ends the event, not the switch. */
  private decisionOn(event: HubEvent, context: StepContext): Decision {
    try {
      return decide(event, context);
    } catch (thrown) {
      this.log.error({ err: thrown, event: event.id }, 'a step of the pipeline is at fault');
      return { verdict: 'end', event, code: '96', detail: toHubError(thrown).detail };
    }
  }

  private async forward(source: Network, decision: Extract<Decision, { verdict: 'forward' }>): Promise<void> {
    const { event, subject, storeId, stored } = decision;
    const granted = this.grants.granted(event, networkOf(event.data.to));
    await Promise.all([
      this.publisher.publish(subject, encodeEvent(granted), storeId),
      stored === undefined ? undefined : this.kept(event, stored),
    ]);
    // Seen only once stored: until then a second delivery must be stored again, not taken for done.
    this.seen.set(seenKey(source, event.id), true);
  }

  /** Its destination is away, and it waits for it in the stream. */
  private kept(event: HubEvent, why: string): Promise<unknown> {
    const to = networkOf(event.data.to);
    this.knowledge.absences.added(to);
    const outcome: Outcome = { ...outcomeOf(event), outcome: 'stored', code: '08', detail: why };
    return this.publisher.publish(subjects.report(HUB), JSON.stringify(outcome), storedId(event));
  }

  private async ended(message: BusMessage, decision: Extract<Decision, { verdict: 'end' }>): Promise<void> {
    const { event, code, detail } = decision;
    if (code === '94') return;
    const source = networkInSubject(message.subject);
    this.log.info({ event: event.id, source, code, reason: detail }, 'event ended');
    if (RESULTS[code].bus === 'dead' || code === '96')
      await publishDeadLetter(this.publisher, source, message, new HubError(code, detail), event.id);
    // A spoofed sender is not told: the report would go to somebody who said nothing.
    if (code === '31') return;
    const outcome: Outcome = { ...outcomeOf(event), outcome: 'failed', code, detail };
    await this.publisher.publish(
      subjects.report(HUB),
      JSON.stringify(outcome),
      `${source}:${event.id}:switch`,
    );
    // The first result stands: it was told, and recorded.
    this.seen.set(seenKey(source, event.id), true);
  }

  /** Only when the bus itself refused: the lane comes again from its floor. */
  private putBack(message: BusMessage, error: HubError): void {
    this.seen.clear();
    this.log.warn({ seq: message.seq, reason: error.detail }, 'event put back');
    message.retry(NO_REGISTRY_RETRY_MS);
  }
}

/** An id is unique in the network that gave it only. */
function storedId({ id, data }: HubEvent): string {
  return `${deliveryKey(networkOf(data.from.address), id)}:stored`;
}
