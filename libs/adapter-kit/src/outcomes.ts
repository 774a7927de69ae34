/** Publishes the outcome of each delivery, and dead-letters what must be looked at. */
import { publishDeadLetter, type BusMessage, type OrderedPublisher } from '#bus';
import {
  encodeOutcome,
  deliveryKey,
  kindOf,
  networkOf,
  RESULTS,
  subjects,
  trafficOf,
  withoutAvatar,
  type DurableEvent,
  type HubError,
  type Network,
  type Outcome,
} from '#protocol';
import { metrics } from '#service';
import type { DeliveryResult } from './delivery.js';
import type { LateOutcomes } from './late-outcomes.js';

/** Native ids in one outcome, as its schema limits them. A long text can become more native messages. */
const MAX_NATIVE_IDS = 64;

export interface OutcomesOptions {
  network: Network;
  publisher: OrderedPublisher;
  late: LateOutcomes;
}

type End = Pick<Outcome, 'outcome' | 'code' | 'detail' | 'native' | 'attempt' | 'degradations' | 'keeps'>;

export class Outcomes {
  constructor(private readonly options: OutcomesOptions) {}

  /** Resolves when the outcome is on disk. */
  async delivered(event: DurableEvent, result: DeliveryResult): Promise<void> {
    await this.publish(event, {
      outcome: result.code === '08' ? 'stored' : 'delivered',
      code: result.code ?? '00',
      native: result.native.slice(0, MAX_NATIVE_IDS),
      ...(result.degradations ? { degradations: result.degradations } : {}),
      ...(result.keeps ? { keeps: result.keeps } : {}),
    });
  }

  /** Resolves when the outcome, and the dead letter if the code requires one, are on disk. */
  async failed(event: DurableEvent, message: BusMessage, error: HubError): Promise<void> {
    const { network } = this.options;
    metrics.adapterOutcomes.inc({ network, code: error.code });
    await Promise.all([
      RESULTS[error.code].bus === 'ack' ? undefined : this.deadLetter(message, error, event),
      this.publish(event, {
        outcome: 'failed',
        code: error.code,
        detail: error.detail.slice(0, 1000),
        attempt: message.deliveries,
      }),
    ]);
  }

  /** @param event absent when the message could not be decoded */
  deadLetter(message: BusMessage, error: HubError, event?: DurableEvent): Promise<void> {
    const { publisher, network } = this.options;
    return publishDeadLetter(publisher, network, message, error, event?.id);
  }

  /** Events that count as traffic always have an outcome, for billing; other events only have failures. */
  private async publish(event: DurableEvent, end: End): Promise<void> {
    const { network, publisher, late } = this.options;
    if (end.outcome === 'delivered') metrics.adapterOutcomes.inc({ network, code: end.code });
    if (trafficOf(event) === undefined && end.outcome !== 'failed') return;
    const outcome: Outcome = {
      event: event.id,
      conversation: event.subject,
      kind: kindOf(event),
      stage: 'adapter',
      ...end,
      from: withoutAvatar(event.data.from),
      to: event.data.to,
      requestDelivered:
        event.type === 'im.hutong.message.v1' && (event.data.requestStatus?.includes('delivered') ?? false),
      at: new Date().toISOString(),
    };
    if (outcome.outcome === 'stored') return late.stored(outcome);
    await publisher.publish(
      subjects.report(network),
      encodeOutcome(outcome),
      // An event id is unique only in the network that gave it.
      `${deliveryKey(networkOf(event.data.from.address), event.id)}:${end.outcome}`,
    );
  }
}
