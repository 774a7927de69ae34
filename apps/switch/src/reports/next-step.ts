/**
 * A new message to a number takes the next step of its ladder when a network certainly did not deliver it, if the operator of the
 * number's network wants that. The sender hears what became of the last step, and nothing of those before.
 */
import { Inject, Injectable } from '@nestjs/common';
import { BusConnection, MediaGrants, OrderedPublisher, OwnRecords } from '#bus';
import {
  decodeEvent,
  decodeOutcome,
  deliveryKey,
  encodeEvent,
  HUB,
  HubError,
  mayReport,
  networkOf,
  numberOf,
  toHubError,
  type HubEvent,
  type Network,
  type Outcome,
  type ResultCode,
} from '#protocol';
import { LOG, type Log } from '#service';
import { decideNextStep } from '../pipeline/decide-next-step.js';
import { LocalViews } from '../registry/local-views.js';

/** The network certainly did not take the message: it does not know the person, expired it, or cannot be reached. */
const NOT_TAKEN = new Set<ResultCode>(['14', '68', '91']);
/** A failure that is reported later than this is told to the sender: the message would come as a surprise. */
const MOST_AGE_MS = 3600_000;

@Injectable()
export class NextStep {
  constructor(
    private readonly link: BusConnection,
    private readonly views: LocalViews,
    private readonly publisher: OrderedPublisher,
    private readonly grants: MediaGrants,
    @Inject(LOG) private readonly log: Log,
  ) {}

  /** @returns whether the message takes another step. @throws HubError 91 when that cannot be decided now */
  async take(outcome: Outcome, reporter: Network): Promise<boolean> {
    const tried = networkOf(outcome.to);
    const { current: registry } = this.views.registry;
    if (outcome.stage !== 'failed' || outcome.kind !== 'message' || !NOT_TAKEN.has(outcome.code))
      return false;
    if (!registry.isOnLadder(tried) || !mayReport(outcome, reporter)) return false;
    const event = await this.acceptedEvent(outcome);
    const number = event && numberOf(event.data.to);
    if (!number || (await this.wasRefused(event))) return false;
    const { consents, absences, directory } = this.views;
    const decision = decideNextStep(event, tried, {
      source: networkOf(outcome.from.address),
      registry,
      consents,
      absences,
      entry: directory.known(number) ?? (await directory.find(number)),
      seen: { has: () => false },
      now: new Date(),
      acceptedAt: new Date(event.time),
    });
    if (decision.verdict === 'end') {
      this.log.info(
        { event: event.id, network: tried, code: decision.code, reason: decision.detail },
        'no next step',
      );
      return false;
    }
    const granted = this.grants.granted(decision.event, networkOf(decision.event.data.to));
    await this.publisher.publish(decision.subject, encodeEvent(granted), decision.storeId);
    const by = decision.event.resolvedby;
    this.log.info({ event: event.id, network: tried, code: outcome.code, by }, 'takes the next step');
    return true;
  }

  /** The switch refused the event, and told its sender so: a network that reports on it never had it. */
  private async wasRefused({ id, data }: HubEvent): Promise<boolean> {
    const key = deliveryKey(networkOf(data.from.address), id);
    const refusal = await new OwnRecords(this.link, HUB).outcomeOf(key);
    // Another network can use the id of this event for one of its own.
    return refusal !== undefined && decodeOutcome(refusal).from.address === data.from.address;
  }

  /** undefined: it is too old, or its network did not store it under its id. */
  private async acceptedEvent({ event: id, from }: Outcome): Promise<HubEvent | undefined> {
    const stored = await new OwnRecords(this.link, networkOf(from.address)).event(id);
    if (!stored) return undefined;
    try {
      const event = decodeEvent(stored);
      return Date.now() - Date.parse(event.time) <= MOST_AGE_MS ? event : undefined;
    } catch (thrown) {
      // It was accepted once, so it could be read; whatever stands there now is not that message.
      if (!(thrown instanceof HubError)) throw thrown;
      this.log.warn({ event: id, reason: toHubError(thrown).detail }, 'an accepted event cannot be read');
      return undefined;
    }
  }
}
