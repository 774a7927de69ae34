/**
 * Tells senders what expired while its network is away: nobody else would, before that network is back. The report has the
 * publish id under which the adapter would tell the same later, so that the stream takes one of the two.
 */
import { JetStreamError } from '@nats-io/jetstream';
import { z } from 'zod';
import { Lease, type BusConnection, type OrderedPublisher } from '#bus';
import {
  ANY,
  HUB,
  BUCKETS,
  consumers,
  correlationBucket,
  decodeEvent,
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
import { PeriodicTask, type Log } from '#service';
import type { AbsenceView } from './absences.js';
import { outcomeOf } from './outcome-of.js';
import { WaitingList } from './waiting-list.js';

const LEASE_KEY = 'expiry-sweeper';
const BATCH = 500;
const NOT_FOUND = 404;

export class ExpirySweeper {
  private readonly lists = new Map<Network, WaitingList>();
  private readonly lease: Lease;
  private readonly rounds: PeriodicTask;

  /** @param everyMs how often it is looked; also how long after its time a message may still be in somebody's hands */
  constructor(
    private readonly link: BusConnection,
    private readonly publisher: OrderedPublisher,
    private readonly absences: AbsenceView,
    private readonly everyMs: number,
    private readonly log: Log,
  ) {
    this.lease = new Lease(link, BUCKETS.registry, LEASE_KEY, 2 * everyMs);
    this.rounds = new PeriodicTask(everyMs, () => this.sweep(), 'expired messages told', log);
  }

  stop(): Promise<void> {
    return this.rounds.stop();
  }

  private async sweep(): Promise<void> {
    const away = this.absences.networks;
    // Back: its adapter tells it itself from now on.
    for (const network of this.lists.keys()) if (!away.includes(network)) this.lists.delete(network);
    if (away.length === 0 || !(await this.lease.take())) return;
    for (const network of away) {
      await this.sweepOne(network).catch((error: unknown) => {
        // Read anew next time: what was taken off the list is not told yet.
        this.lists.delete(network);
        this.log.warn({ network, reason: toHubError(error).detail }, 'expired not swept');
      });
    }
  }

  private async sweepOne(network: Network): Promise<void> {
    const { session } = this.link;
    if (!session) return;
    const list = this.lists.get(network) ?? new WaitingList();
    this.lists.set(network, list);
    const info = await session.jsm.consumers.info(STREAMS.out, consumers.adapter(network));
    await this.readOn(network, list, Math.max(list.readUpTo, info.ack_floor.stream_seq));
    for (const seq of list.takeExpired(Date.now() - this.everyMs)) {
      // Acknowledged since it was read.
      if (seq > info.ack_floor.stream_seq) await this.tell(network, seq, seq <= info.delivered.stream_seq);
    }
  }

  /** From where we stopped; a new holder begins at the oldest that is not done. */
  private async readOn(network: Network, list: WaitingList, after: number): Promise<void> {
    list.readUpTo = after;
    for (;;) {
      const from = list.readUpTo;
      const { session } = this.link;
      if (!session) return;
      const next_by_subj = subjects.out(network, ANY);
      try {
        const batch = await session.jsm.direct.getBatch(STREAMS.out, {
          seq: from + 1,
          batch: BATCH,
          next_by_subj,
        });
        for await (const message of batch) list.add(message.seq, expiryIn(message.data));
      } catch (error) {
        // No more: the server says so as an error.
        if (!(error instanceof JetStreamError && 'code' in error && error.code === NOT_FOUND)) throw error;
      }
      if (list.readUpTo === from) return;
    }
  }

  /** @param handedOut its adapter had it once, and may have delivered it out of turn */
  private async tell(network: Network, seq: number, handedOut: boolean): Promise<void> {
    const message = await this.link.session?.jsm.streams.getMessage(STREAMS.out, { seq });
    if (!message) return;
    const event = decoded(message.data);
    // Unreadable: its adapter buries it.
    if (!event || isEphemeral(event) || networkOf(event.data.to) !== network) return;
    if (handedOut && (await this.mayBeDelivered(network, event))) return;
    const outcome: Outcome = {
      ...outcomeOf(event),
      outcome: 'failed',
      code: '68',
      detail: `expired ${event.expirytime} while ${network} was away`,
    };
    this.log.info({ event: event.id, network }, 'expired while its network was away');
    await this.publisher.publish(subjects.report(HUB), JSON.stringify(outcome), `${event.id}:failed`);
  }

  /** Of a message, the network's correlation knows; of anything else, only its adapter. */
  private async mayBeDelivered(network: Network, event: HubEvent): Promise<boolean> {
    if (event.type !== 'im.hutong.message.v1') return true;
    const bucket = correlationBucket(network);
    const found = await this.link.session?.jsm.streams.getMessage(`KV_${bucket}`, {
      last_by_subj: `$KV.${bucket}.m.${event.id}`,
    });
    return found !== null && found !== undefined;
  }
}

const Expiring = z.object({ expirytime: z.string() });

function expiryIn(bytes: Uint8Array): number | undefined {
  const { data } = Expiring.safeParse(parseJson(bytes));
  return data && Date.parse(data.expirytime);
}

function decoded(bytes: Uint8Array): HubEvent | undefined {
  try {
    return decodeEvent(bytes);
  } catch (error) {
    if (error instanceof HubError) return undefined;
    throw error;
  }
}
