/** One lane: reads events in order, decides them in batches, stores each for its destination, acknowledges what is stored. */
import { LRUCache } from 'lru-cache';
import { bury, type BusMessage, type LaneReader, type OrderedPublisher } from '#bus';
import {
  decodeEvent,
  encodeEvent,
  HubError,
  isEphemeral,
  networkInSubject,
  networkOf,
  RESULTS,
  subjects,
  toHubError,
  type HubEvent,
  type Network,
  type Outcome,
} from '#protocol';
import { metrics, type Log } from '#service';
import type { SenderLimits } from './limits/limits.js';
import { outcomeOf } from './outcome-of.js';
import { decide, type Decision } from './pipeline/decide.js';
import type { Absences } from './pipeline/step.js';
import type { RegistryView } from './registry-view.js';

const REMEMBERED = 20_000;
const NO_REGISTRY_RETRY_MS = 500;

export class LaneWorker implements LaneReader {
  private batch: BusMessage[] = [];
  private readonly seen = new LRUCache<string, true>({ max: REMEMBERED });

  constructor(
    private readonly registry: RegistryView,
    private readonly absences: Absences & { added(network: Network): void },
    private readonly limits: SenderLimits,
    private readonly publisher: OrderedPublisher,
    private readonly log: Log,
  ) {}

  takeOver(): void {
    this.batch = [];
    this.seen.clear();
  }

  read(message: BusMessage): void {
    if (this.batch.push(message) === 1) setImmediate(() => this.decideBatch());
  }

  /** Publishing is pipelined and keeps the order; a message is acknowledged when what follows from it is stored. */
  private decideBatch(): void {
    const batch = this.batch;
    this.batch = [];
    for (const message of batch) {
      const endTimer = metrics.switchSeconds.startTimer();
      this.carryOut(message).then(
        () => {
          message.ack();
          endTimer();
        },
        (error: unknown) => this.putBack(message, toHubError(error)),
      );
    }
  }

  private carryOut(message: BusMessage): Promise<unknown> {
    if (!this.registry.known) return Promise.reject(new HubError('96', 'no registry snapshot yet'));
    const source = networkInSubject(message.subject);
    let event: HubEvent;
    try {
      event = decodeEvent(message.data);
      if (isEphemeral(event)) throw new HubError('30', `${event.type} is not for the durable stream`);
    } catch (error) {
      this.log.warn(
        { source, seq: message.seq, reason: toHubError(error).detail },
        'unreadable event buried',
      );
      return bury(this.publisher, source, message, toHubError(error));
    }
    const decision = decide(event, {
      source,
      registry: this.registry.current,
      seen: this.seen,
      absences: this.absences,
      limits: this.limits,
      now: new Date(),
      acceptedAt: message.storedAt,
    });
    metrics.switchEvents.inc({
      from: source,
      to: networkOf(event.data.to),
      code: decision.verdict === 'end' ? decision.code : decision.stored === undefined ? '00' : '08',
    });
    if (decision.verdict === 'end') return this.ended(message, decision);
    // Seen only once stored: until then a second delivery must be stored again, not taken for done.
    return Promise.all([
      this.publisher.publish(decision.subject, encodeEvent(decision.event), decision.storeId),
      decision.stored === undefined ? undefined : this.kept(event, decision.stored),
    ]).then(() => this.seen.set(event.id, true));
  }

  /** Its destination is away, and it waits for it in the stream. */
  private kept(event: HubEvent, why: string): Promise<unknown> {
    const to = networkOf(event.data.to);
    this.absences.added(to);
    const outcome: Outcome = { ...outcomeOf(event), outcome: 'stored', code: '08', detail: why };
    return this.publisher.publish(subjects.report(to), JSON.stringify(outcome), `${event.id}:stored`);
  }

  private async ended(message: BusMessage, decision: Extract<Decision, { verdict: 'end' }>): Promise<void> {
    const { event, code, detail } = decision;
    if (code === '94') return;
    const source = networkInSubject(message.subject);
    this.log.info({ event: event.id, source, code, reason: detail }, 'event ended');
    if (RESULTS[code].bus === 'dead')
      await bury(this.publisher, source, message, new HubError(code, detail), event.id);
    // A spoofed sender is not told: the report would go to somebody who said nothing.
    if (code === '31') return;
    const outcome: Outcome = { ...outcomeOf(event), outcome: 'failed', code, detail };
    await this.publisher.publish(subjects.report(source), JSON.stringify(outcome), `${event.id}:switch`);
  }

  /** Only when the bus itself refused: the lane comes again from its floor. */
  private putBack(message: BusMessage, error: HubError): void {
    this.seen.clear();
    this.log.warn({ seq: message.seq, reason: error.detail }, 'event put back');
    message.retry(NO_REGISTRY_RETRY_MS);
  }
}
