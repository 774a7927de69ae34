/**
 * Reports messages that expire while their network is away; its adapter could report them only once it is back. If
 * the adapter reports the same expiry as well, the sender still gets one report: both make a report with the same id.
 */
import { Inject, Injectable } from '@nestjs/common';
import { JetStreamError, type ConsumerInfo } from '@nats-io/jetstream';
import { z } from 'zod';
import { adapterConsumerInfos, BusConnection, Lease, OrderedPublisher } from '#bus';
import {
  ANY,
  deliveryKey,
  encodeOutcome,
  HUB,
  BUCKETS,
  correlationBucket,
  readEvent,
  HubError,
  isEphemeral,
  parseJson,
  networkOf,
  STREAMS,
  subjects,
  toHubError,
  type HubEvent,
  type Network,
  type Outcome,
} from '#protocol';
import { LOG, PeriodicWorker, SETTINGS, type Log } from '#service';
import { AbsenceView } from '../registry/absence-view.js';
import { switchOutcome } from '../reports/switch-outcome.js';
import type { SwitchSettings } from '../switch.config.js';
import { expiredId } from './expired-id.js';
import { WaitingList } from './waiting-list.js';

const LEASE_KEY = 'expiry-sweeper';
const BATCH = 500;
const NOT_FOUND = 404;

@Injectable()
export class ExpirySweeper extends PeriodicWorker {
  /** By consumer of the network's adapter. */
  private readonly lists = new Map<Network, Map<string, WaitingList>>();
  private readonly lease: Lease;
  /** Interval of the rounds, and how long after its expiry time a message may still be with its adapter, in ms. */
  private readonly graceMs: number;

  constructor(
    private readonly link: BusConnection,
    private readonly publisher: OrderedPublisher,
    private readonly absences: AbsenceView,
    @Inject(SETTINGS) settings: SwitchSettings,
    @Inject(LOG) log: Log,
  ) {
    const everyMs = settings.EXPIRY_SWEEP_SECONDS * 1000;
    super(everyMs, 'expired messages reported', log);
    this.graceMs = everyMs;
    this.lease = new Lease(link, BUCKETS.registry, LEASE_KEY, 2 * everyMs);
  }

  async round(): Promise<void> {
    const away = this.absences.networks;
    // A network that is back: its adapter reports what expires from now on.
    for (const network of this.lists.keys()) if (!away.includes(network)) this.lists.delete(network);
    if (away.length === 0 || !(await this.lease.take())) return;
    for (const network of away) {
      await this.sweepOne(network).catch((error: unknown) => {
        // The list is read again in the next round: what was taken off it has not been reported.
        this.lists.delete(network);
        this.log.warn({ network, reason: toHubError(error).detail }, 'expired messages not reported');
      });
    }
  }

  private async sweepOne(network: Network): Promise<void> {
    const { session } = this.link;
    if (!session) return;
    const lists = this.lists.get(network) ?? new Map<string, WaitingList>();
    this.lists.set(network, lists);
    for (const info of await adapterConsumerInfos(session, network)) {
      const list = lists.get(info.name) ?? new WaitingList();
      lists.set(info.name, list);
      await this.sweepConsumer(network, list, info);
    }
  }

  private async sweepConsumer(network: Network, list: WaitingList, info: ConsumerInfo): Promise<void> {
    await this.readOn(info, list);
    for (const seq of list.takeExpired(Date.now() - this.graceMs)) {
      // Below the floor: acknowledged since it was read.
      if (seq > info.ack_floor.stream_seq) await this.report(network, seq, seq <= info.delivered.stream_seq);
    }
  }

  /** Reads on from where the last round stopped; a new holder of the lease begins at the oldest unacknowledged message. */
  private async readOn({ ack_floor, config }: ConsumerInfo, list: WaitingList): Promise<void> {
    list.readUpTo = Math.max(list.readUpTo, ack_floor.stream_seq);
    for (;;) {
      const from = list.readUpTo;
      const { session } = this.link;
      if (!session) return;
      const next_by_subj = config.filter_subject ?? subjects.out(ANY, ANY);
      try {
        const batch = await session.jsm.direct.getBatch(STREAMS.out, {
          seq: from + 1,
          batch: BATCH,
          next_by_subj,
        });
        for await (const message of batch) list.add(message.seq, expiryIn(message.data));
      } catch (error) {
        // The server answers with an error when there are no more messages.
        if (!(error instanceof JetStreamError && 'code' in error && error.code === NOT_FOUND)) throw error;
      }
      if (list.readUpTo === from) return;
    }
  }

  /** @param handedOut the adapter has received the message, and may have delivered it out of order */
  private async report(network: Network, seq: number, handedOut: boolean): Promise<void> {
    const message = await this.link.session?.jsm.streams.getMessage(STREAMS.out, { seq });
    if (!message) return;
    const event = decoded(message.data);
    // An unreadable message is dead-lettered by its adapter.
    if (!event || isEphemeral(event) || networkOf(event.data.to) !== network) return;
    if (handedOut && (await this.mayBeDelivered(network, event))) return;
    const outcome: Outcome = {
      ...switchOutcome(event),
      stage: 'failed',
      code: '68',
      detail: `expired ${event.expirytime} while ${network} was away`,
    };
    this.log.info({ event: event.id, network }, 'expired while its network was away');
    await this.publisher.publish(subjects.report(HUB), encodeOutcome(outcome), expiredId(event));
  }

  /** Of a delivered message the network has an outcome or a reference; of other events only the adapter knows. */
  private async mayBeDelivered(network: Network, event: HubEvent): Promise<boolean> {
    if (event.type !== 'im.hutong.message.v1') return true;
    const bucket = correlationBucket(network);
    const key = deliveryKey(networkOf(event.data.from.address), event.id);
    const places: [stream: string, subject: string][] = [
      [STREAMS.report, subjects.delivered(network, key, ANY)],
      [`KV_${bucket}`, `$KV.${bucket}.m.${key}`],
    ];
    const found = await Promise.all(
      places.map(async ([stream, last_by_subj]) =>
        this.link.session?.jsm.streams.getMessage(stream, { last_by_subj }),
      ),
    );
    return found.some((message) => message !== null && message !== undefined);
  }
}

const Expiring = z.object({ expirytime: z.string() });

function expiryIn(bytes: Uint8Array): number | undefined {
  const { data } = Expiring.safeParse(parseJson(bytes));
  return data && Date.parse(data.expirytime);
}

function decoded(bytes: Uint8Array): HubEvent | undefined {
  try {
    return readEvent(bytes);
  } catch (error) {
    if (error instanceof HubError) return undefined;
    throw error;
  }
}
