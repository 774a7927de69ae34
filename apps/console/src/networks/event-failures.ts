/**
 * Counts events of each network that the switch refused, and its dead letters, for the replies to its heartbeats: an adapter
 * author sees there what is wrong. Every console reads both subjects with core NATS and counts for itself.
 */
import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Msg } from '@nats-io/transport-node';
import {
  ANY,
  DeadLetter,
  decodeOutcome,
  HUB,
  networkOf,
  operatorText,
  parseJson,
  reportSubjects,
  subjects,
  type EventFailures,
  type Network,
} from '#protocol';
import { guarded, LruCache } from '#service';
import { ConsoleBus } from '../core/console-bus.js';

type Kind = 'refused' | 'deadLettered';
type Failure = NonNullable<EventFailures[Kind]['last']>;

/** Failures that are remembered, so that one that is published again is counted once. */
const REMEMBERED = 10_000;

@Injectable()
export class EventFailuresBoard implements OnModuleInit {
  /** One entry for each registered network that is signed on. */
  private readonly counted = new Map<Network, EventFailures>();
  private readonly seen = new LruCache<string, true>({ max: REMEMBERED });

  constructor(private readonly bus: ConsoleBus) {}

  async onModuleInit(): Promise<void> {
    const { link } = this.bus;
    await link.onSession(({ nc }) => {
      const listen = (subject: string, read: (data: Uint8Array) => void) =>
        nc.subscribe(subject, {
          callback: guarded('event failures', link.log, (error: Error | null, { data }: Msg) => {
            if (!error) read(data);
          }),
        });
      for (const subject of reportSubjects(HUB)) listen(subject, (data) => this.readOutcome(data));
      listen(subjects.dead(ANY), (data) => this.readDeadLetter(data));
    });
  }

  /** Counts from zero: the first instance of the network has signed on. */
  restart(network: Network): void {
    const since = new Date().toISOString();
    this.counted.set(network, { since, refused: { count: 0 }, deadLettered: { count: 0 } });
  }

  of(network: Network): EventFailures {
    const known = this.counted.get(network);
    if (known) return known;
    this.restart(network);
    return this.of(network);
  }

  /** The switch reports as `hub`; reports of networks are about events of others. */
  readOutcome(data: Uint8Array): void {
    const { stage, from, event, code, detail, at } = decodeOutcome(data);
    if (stage !== 'failed') return;
    const network = networkOf(from.address);
    this.count(network, 'refused', event, { code, text: operatorText(code, detail), event, at });
  }

  readDeadLetter(data: Uint8Array): void {
    const letter = DeadLetter.safeParse(parseJson(data));
    if (!letter.success) return;
    const { network, subject, seq, reason: code, detail, eventId: event, at } = letter.data;
    const failure = { code, text: operatorText(code, detail), ...(event === undefined ? {} : { event }), at };
    this.count(network, 'deadLettered', `${subject} ${seq}`, failure);
  }

  private count(network: Network, kind: Kind, identity: string, last: Failure): void {
    const counted = this.counted.get(network);
    const key = `${network} ${kind} ${identity}`;
    if (!counted || this.seen.has(key)) return;
    this.seen.set(key, true);
    counted[kind] = { count: counted[kind].count + 1, last };
  }
}
