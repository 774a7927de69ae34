/**
 * Turns outcomes into events for the sender: `delivered` and `read` into a receipt if the sender asked for one; a failure, and
 * an outcome that stays unknown, into a report. `toSender` is the pure translation; the class reads outcomes and stores the events.
 */
import { Inject, Injectable } from '@nestjs/common';
import { publishDeadLetter, OrderedPublisher, type BusMessage, type LaneReader } from '#bus';
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
import { LOG, runInBackground, type Log } from '#service';
import { isOpen } from '../registry/registry-index.js';
import { RegistryView } from '../registry/registry-view.js';
import { NextStep } from './next-step.js';

@Injectable()
export class ReportWorker implements LaneReader {
  constructor(
    private readonly registry: RegistryView,
    private readonly nextStep: NextStep,
    private readonly publisher: OrderedPublisher,
    @Inject(LOG) private readonly log: Log,
  ) {}

  becomeOwner(): void {
    // No state is kept between two messages, so one reader serves the outcomes of all networks.
  }

  read(message: BusMessage): void {
    runInBackground('reports', this.log, async () => {
      try {
        await this.carryOut(message);
      } catch (error) {
        this.log.warn({ seq: message.seq, reason: toHubError(error).detail }, 'outcome will be redelivered');
        message.retry(1000);
        return;
      }
      message.ack();
    });
  }

  private async carryOut(message: BusMessage): Promise<unknown> {
    const reporter = networkInSubject(message.subject);
    let outcome: Outcome;
    let event: DurableEvent | undefined;
    try {
      const { members, canonical } = this.registry.current;
      outcome = inCanonicalForm(decodeOutcome(message.data), canonical);
      event = toSender(outcome, reporter, members);
    } catch (error) {
      return publishDeadLetter(this.publisher, reporter, message, toHubError(error));
    }
    if (!event || (await this.nextStep.take(outcome, reporter))) return;
    return this.publisher.publish(
      subjects.out(networkOf(event.data.to), laneOf(event.subject)),
      encodeEvent(event),
      event.id,
    );
  }
}

/** @returns undefined when there is no sender to notify, or nothing that their network could show */
export function toSender(
  outcome: Outcome,
  reporter: Network,
  members: ReadonlyMap<Network, Member>,
): DurableEvent | undefined {
  // The certifier reads outcomes itself, and has no adapter that would show a report.
  if (networkOf(outcome.from.address) === CERTIFY) return undefined;
  const sender = members.get(networkOf(outcome.from.address));
  // Subscribers of a network that left still get reports: they would wait for answers otherwise.
  const left = sender?.status === 'leaving' || sender?.status === 'gone';
  if (!sender || (!left && !isOpen(sender, new Date()))) return undefined;
  if (!mayReport(outcome, reporter)) return undefined;
  if (!isToldToSender(outcome)) return undefined;
  // The destination has no contact requests. Its subscribers can be written to without one, so nothing is reported.
  if (outcome.kind === 'contact' && outcome.code === '12') return undefined;
  // Delivered with a code that the sender must see (an SMS under way, an attachment left out): a report, not a receipt.
  if (outcome.stage === 'failed' || outcome.stage === 'unknown' || notifiesSender(outcome.code))
    return reportOf(outcome);
  if (outcome.stage === 'stored' || outcome.stage === 'submitted') return undefined;
  const isShown = !sender.capabilities || levelOf(sender.capabilities, outcome.stage) > 0;
  return isShown && isRequested(outcome, outcome.stage) ? receiptOf(outcome, outcome.stage) : undefined;
}

function reportOf(outcome: Outcome): DurableEvent {
  const { event: message, code, detail, at } = outcome;
  return {
    ...attributesOf(outcome),
    id: eventId(networkOf(outcome.to), 'report', `${keyOf(outcome)}:${code}`),
    type: 'im.hutong.report.v1',
    data: { ...toItsSender(outcome), message, code, at, ...(detail === undefined ? {} : { detail }) },
  };
}

function receiptOf(outcome: Outcome, status: 'delivered' | 'read'): DurableEvent {
  const { event, basis = 'network', at } = outcome;
  return {
    ...attributesOf(outcome),
    id: eventId(networkOf(outcome.to), 'receipt', `${keyOf(outcome)}:${status}`),
    type: 'im.hutong.receipt.v1',
    data: { ...toItsSender(outcome), status, messages: [event], upTo: false, basis, at },
  };
}

function attributesOf({ to, conversation, at }: Outcome) {
  return {
    specversion: '1.0' as const,
    source: `/network/${networkOf(to)}`,
    time: at,
    subject: conversation,
    datacontenttype: 'application/json' as const,
    path: pathOf(networkOf(to)),
  };
}

function toItsSender({ from, to }: Outcome) {
  return { from: { address: to }, to: from.address };
}

function isRequested({ requestDelivered, requestRead }: Outcome, status: 'delivered' | 'read'): boolean {
  return (status === 'delivered' ? requestDelivered : requestRead) === true;
}

/** Spells both addresses canonically, as a reply or a receipt names them. */
function inCanonicalForm(outcome: Outcome, canonical: CanonicalAddresses): Outcome {
  const { from, to } = outcome;
  return {
    ...outcome,
    from: { ...from, address: canonical.orSame(from.address) },
    to: canonical.orSame(to),
  };
}

function isToldToSender({ kind, stage, ofCall }: Outcome): boolean {
  // What becomes of a call comes as events; only that its invitation failed is told.
  if (kind === 'call') return stage === 'failed' && ofCall === undefined;
  return kind === 'message' || kind === 'contact';
}

/** Contains the sender's network: two networks may give their events the same id. */
function keyOf({ event, from }: Outcome): DeliveryKey {
  return deliveryKey(networkOf(from.address), event);
}
