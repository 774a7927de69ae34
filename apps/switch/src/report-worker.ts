/**
 * Outcomes become what the sender sees: "delivered" a receipt where he asked for one, a failure a report in his own
 * network's way. Pure translation in `toSender`; the rest is reading and storing.
 */
import { publishDeadLetter, type BusMessage, type LaneReader, type OrderedPublisher } from '#bus';
import {
  pathOf,
  mayReport,
  CERTIFY,
  notifiesSender,
  decodeOutcome,
  deliveryKey,
  encodeEvent,
  eventId,
  laneOf,
  levelOf,
  networkInSubject,
  networkOf,
  subjects,
  toHubError,
  type CanonicalAddresses,
  type DeliveryKey,
  type DurableEvent,
  type Member,
  type Network,
  type Outcome,
} from '#protocol';
import { runInBackground, type Log } from '#service';
import { isOpen } from './registry-index.js';
import type { RegistryView } from './registry-view.js';

export class ReportWorker implements LaneReader {
  constructor(
    private readonly registry: RegistryView,
    private readonly publisher: OrderedPublisher,
    private readonly log: Log,
  ) {}

  becomeOwner(): void {
    // Nothing is held between two messages.
  }

  read(message: BusMessage): void {
    runInBackground('reports', this.log, async () => {
      try {
        await this.carryOut(message);
      } catch (error) {
        this.log.warn({ seq: message.seq, reason: toHubError(error).detail }, 'outcome put back');
        message.retry(1000);
        return;
      }
      message.ack();
    });
  }

  private carryOut(message: BusMessage): Promise<unknown> {
    const reporter = networkInSubject(message.subject);
    let event: DurableEvent | undefined;
    try {
      const { members, canonical } = this.registry.current;
      event = toSender(inCanonicalForm(decodeOutcome(message.data), canonical), reporter, members);
    } catch (error) {
      return publishDeadLetter(this.publisher, reporter, message, toHubError(error));
    }
    if (!event) return Promise.resolve();
    return this.publisher.publish(
      subjects.out(networkOf(event.data.to), laneOf(event.subject)),
      encodeEvent(event),
      event.id,
    );
  }
}

/** @returns undefined when there is nobody to tell, or nothing that he could be shown */
export function toSender(
  outcome: Outcome,
  reporter: Network,
  members: ReadonlyMap<Network, Member>,
): DurableEvent | undefined {
  // The certifier reads reports themselves, and has no adapter that would show him any.
  if (networkOf(outcome.from.address) === CERTIFY) return undefined;
  const sender = members.get(networkOf(outcome.from.address));
  // Whoever left is still told that he has: his people would wait for answers.
  const left = sender?.status === 'leaving' || sender?.status === 'gone';
  if (!sender || (!left && !isOpen(sender, new Date()))) return undefined;
  if (!mayReport(outcome, reporter)) return undefined;
  if (outcome.kind !== 'message' && outcome.kind !== 'contact') return undefined;
  // A network without contact requests: nobody asked for one in words, and messages cross all the same.
  if (outcome.kind === 'contact' && outcome.code === '12') return undefined;
  const common = {
    specversion: '1.0' as const,
    source: `/network/${networkOf(outcome.to)}`,
    time: outcome.at,
    subject: outcome.conversation,
    datacontenttype: 'application/json' as const,
    path: pathOf(networkOf(outcome.to)),
  };
  const between = { from: { address: outcome.to }, to: outcome.from.address };
  // An SMS on its way is not "delivered", a picture that was left out neither.
  if (outcome.outcome === 'failed' || notifiesSender(outcome.code)) {
    const { event: message, code, detail, at } = outcome;
    const id = eventId(networkOf(outcome.to), 'report', `${keyOf(outcome)}:${code}`);
    return {
      ...common,
      id,
      type: 'im.hutong.report.v1',
      data: { ...between, message, code, at, ...(detail === undefined ? {} : { detail }) },
    };
  }
  if (outcome.outcome === 'stored') return undefined;
  const wanted =
    outcome.requestDelivered === true &&
    (!sender.capabilities || levelOf(sender.capabilities, 'delivered') > 0);
  if (!wanted) return undefined;
  const id = eventId(networkOf(outcome.to), 'receipt', `${keyOf(outcome)}:delivered`);
  return {
    ...common,
    id,
    type: 'im.hutong.receipt.v1',
    data: {
      ...between,
      status: 'delivered',
      messages: [outcome.event],
      upTo: false,
      basis: 'network',
      at: outcome.at,
    },
  };
}

/** As the adapter spells the two people, so a reply or a receipt would name them. */
function inCanonicalForm(outcome: Outcome, canonical: CanonicalAddresses): Outcome {
  const { from, to } = outcome;
  return {
    ...outcome,
    from: { ...from, address: canonical.orSame(from.address) },
    to: canonical.orSame(to),
  };
}

/** Two networks may give their events the same id. */
function keyOf({ event, from }: Outcome): DeliveryKey {
  return deliveryKey(networkOf(from.address), event);
}
