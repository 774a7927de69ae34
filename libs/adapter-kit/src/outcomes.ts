/** Publishes the outcome of each delivery, and dead-letters what must be looked at. */
import { publishDeadLetter, type BusMessage, type OrderedPublisher } from '#bus';
import {
  deliveryKey,
  encodeOutcome,
  kindOf,
  networkOf,
  ofCall,
  RESULTS,
  subjects,
  trafficOf,
  withoutAvatar,
  type Capabilities,
  type DurableEvent,
  type HubError,
  type Network,
  type Outcome,
} from '#protocol';
import { metrics } from '#service';
import type { MessageRef } from './delivered.contract.js';
import type { DeliveryResult } from './delivery.js';
import type { LateOutcomes } from './late-outcomes.js';
import { MAX_NATIVE_IDS } from './piece-reports.js';
import type { Withdrawals } from './withdrawals.js';

export interface OutcomesOptions {
  network: Network;
  publisher: OrderedPublisher;
  late: LateOutcomes;
  /** undefined: the network takes no message back. */
  withdrawals?: Pick<Withdrawals, 'watch'> | undefined;
  capabilities: () => Pick<Capabilities, 'lateOutcomes'>;
}

type End = Pick<
  Outcome,
  | 'stage'
  | 'basis'
  | 'code'
  | 'detail'
  | 'native'
  | 'nativeConversation'
  | 'attempt'
  | 'degradations'
  | 'keeps'
>;

export class Outcomes {
  constructor(private readonly options: OutcomesOptions) {}

  /** Resolves when the outcome is on disk. */
  async delivered(event: DurableEvent, result: DeliveryResult): Promise<void> {
    const end: End = {
      stage: result.submitted || result.code === '08' ? 'submitted' : 'delivered',
      basis: result.basis ?? 'network',
      code: result.code ?? '00',
      native: result.native.slice(0, MAX_NATIVE_IDS),
      ...(result.degradations ? { degradations: result.degradations } : {}),
      ...(result.keeps ? { keeps: result.keeps } : {}),
      ...(result.reference?.conversation === undefined
        ? {}
        : { nativeConversation: result.reference.conversation }),
    };
    await this.publish(event, end, result.again, result.reference);
  }

  /** The event waits here, and is delivered later or ends with a failure. Resolves when the outcome is on disk. */
  async waits(event: DurableEvent, why: string): Promise<void> {
    const { network, publisher } = this.options;
    const outcome = outcomeOf(event, { stage: 'stored', code: '08', detail: why.slice(0, 1000) });
    const key = deliveryKey(networkOf(outcome.from.address), event.id);
    await publisher.publish(subjects.report(network), encodeOutcome(outcome), `${key}:waits`);
  }

  /** Resolves when the outcome, and the dead letter if the code requires one, are on disk. */
  async failed(event: DurableEvent, message: BusMessage, error: HubError): Promise<void> {
    await Promise.all([
      RESULTS[error.code].bus === 'ack' ? undefined : this.deadLetter(message, error, event),
      this.publish(event, {
        stage: 'failed',
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
  private async publish(event: DurableEvent, end: End, again = false, reference?: MessageRef): Promise<void> {
    const { network, late, capabilities } = this.options;
    if (trafficOf(event) === undefined && end.stage !== 'failed') {
      metrics.adapterOutcomes.inc({ network, code: end.code });
      return;
    }
    const outcome = outcomeOf(event, end);
    await late.ended(outcome, again, capabilities().lateOutcomes?.withinMs, reference);
    if (outcome.stage === 'submitted') await this.options.withdrawals?.watch(event, outcome);
  }
}

function outcomeOf(event: DurableEvent, end: End): Outcome {
  const asks = event.type === 'im.hutong.message.v1' ? (event.data.requestStatus ?? []) : [];
  return {
    event: event.id,
    conversation: event.subject,
    kind: kindOf(event),
    by: 'adapter',
    ...ofCall(event),
    ...end,
    from: withoutAvatar(event.data.from),
    to: event.data.to,
    requestDelivered: asks.includes('delivered'),
    ...(asks.includes('read') ? { requestRead: true } : {}),
    at: new Date().toISOString(),
  };
}
