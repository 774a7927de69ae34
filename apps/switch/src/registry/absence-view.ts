/**
 * Which networks are away, as the console last published it, and how many messages wait for each of them. The console
 * repeats it every few seconds; when it falls silent, nothing is known, and every network counts as present.
 */
import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { adapterConsumerInfos, BucketReader, BusConnection } from '#bus';
import {
  BUCKETS,
  LIVENESS_KEY,
  LIVENESS_REPEAT_MS,
  LivenessSnapshot,
  network as networkSlug,
  toHubError,
  type Network,
} from '#protocol';
import { guarded, LOG, metrics, runInBackground, type Log } from '#service';
import type { Absence, Absences } from '../pipeline/step.js';

const STALE_AFTER_MS = 5 * LIVENESS_REPEAT_MS;
/** Interval at which the messages that wait for absent networks are counted. */
const COUNT_MS = 1000;

@Injectable()
export class AbsenceView implements Absences, OnModuleInit, OnModuleDestroy {
  private absent = new Map<Network, Absence>();
  private publishedAt = 0;
  private readonly counted = new Map<Network, number>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly link: BusConnection,
    @Inject(LOG) private readonly log: Log,
  ) {}

  async onModuleInit(): Promise<void> {
    const count = guarded('absences', this.log, () => this.count());
    this.timer = setInterval(count, COUNT_MS);
    this.timer.unref();
    const registry = new BucketReader(this.link, BUCKETS.registry);
    await registry.watch(LIVENESS_KEY, LivenessSnapshot, (value, publishedAt) =>
      this.accept(value, publishedAt),
    );
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  of(network: Network): Absence | undefined {
    return this.isStale ? undefined : this.absent.get(network);
  }

  waiting(network: Network): number {
    return this.counted.get(network) ?? 0;
  }

  /** Counts one more waiting message until the next count includes it. */
  added(network: Network): void {
    this.setWaiting(network, this.waiting(network) + 1);
  }

  /** All networks that are away. */
  get networks(): Network[] {
    return this.isStale ? [] : [...this.absent.keys()];
  }

  /** @param publishedAt a session begins with the last stored snapshot, which may be old */
  accept(snapshot: LivenessSnapshot, publishedAt: Date): void {
    const before = this.absent;
    this.publishedAt = Math.min(Date.now(), publishedAt.getTime());
    this.absent = new Map(
      Object.entries(snapshot).flatMap(([slug, { state, since }]) =>
        state === 'on'
          ? []
          : [[networkSlug(slug), { reason: state === 'signed_off' ? 'SIGNED_OFF' : 'LINK_DOWN', since }]],
      ),
    );
    for (const network of this.counted.keys()) if (!this.absent.has(network)) this.forgetWaiting(network);
    if ([...this.absent.keys()].some((network) => !before.has(network)))
      runInBackground('absences', this.log, () => this.count());
  }

  private setWaiting(network: Network, messages: number): void {
    this.counted.set(network, messages);
    metrics.switchWaiting.set({ network }, messages);
  }

  private forgetWaiting(network: Network): void {
    this.counted.delete(network);
    metrics.switchWaiting.remove({ network });
  }

  private get isStale(): boolean {
    return Date.now() - this.publishedAt > STALE_AFTER_MS;
  }

  private async count(): Promise<void> {
    for (const network of this.networks) {
      try {
        const { session } = this.link;
        if (!session) return;
        const infos = await adapterConsumerInfos(session, network);
        const waiting = infos.map(({ num_pending, num_ack_pending }) => num_pending + num_ack_pending);
        if (this.of(network))
          this.setWaiting(
            network,
            waiting.reduce((sum, one) => sum + one, 0),
          );
      } catch (error) {
        this.log.debug({ network, reason: toHubError(error).detail }, 'could not count waiting messages');
      }
    }
  }
}
