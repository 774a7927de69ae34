/**
 * Which networks are away, as the console last said, and how much waits for each of them. The console says it every few
 * seconds; when it does not, nothing is known, and every network counts as on.
 */
import { Bucket, type BusConnection, type OrderedPublisher } from '#bus';
import {
  BUCKETS,
  consumers,
  LIVENESS_KEY,
  LIVENESS_REPEAT_MS,
  LivenessSnapshot,
  network as networkSlug,
  STREAMS,
  toHubError,
  type Network,
} from '#protocol';
import { guarded, runInBackground, type Log } from '#service';
import type { Absence, Absences } from './pipeline/step.js';

const STALE_AFTER_MS = 5 * LIVENESS_REPEAT_MS;
/** How often it is asked how much waits for a network that is away. */
const COUNT_MS = 1000;

export class AbsenceView implements Absences {
  private absent = new Map<Network, Absence>();
  private heardAt = 0;
  private readonly counted = new Map<Network, number>();
  private readonly timer: NodeJS.Timeout;

  private constructor(
    private readonly link: BusConnection,
    private readonly log: Log,
  ) {
    this.timer = setInterval(
      guarded('absences', log, () => this.count()),
      COUNT_MS,
    );
    this.timer.unref();
  }

  static async watch(link: BusConnection, publisher: OrderedPublisher, log: Log): Promise<AbsenceView> {
    const view = new AbsenceView(link, log);
    const bucket = new Bucket(link, publisher, BUCKETS.registry);
    await bucket.watch(LIVENESS_KEY, LivenessSnapshot, (value, saidAt) => view.accept(value, saidAt));
    return view;
  }

  of(network: Network): Absence | undefined {
    return this.isStale ? undefined : this.absent.get(network);
  }

  waiting(network: Network): number {
    return this.counted.get(network) ?? 0;
  }

  /** One more waits; the next count will have it. */
  added(network: Network): void {
    this.counted.set(network, this.waiting(network) + 1);
  }

  /** All that are away. */
  get networks(): Network[] {
    return this.isStale ? [] : [...this.absent.keys()];
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /** @param saidAt what was said long ago comes first when a session begins, and is no news */
  accept(snapshot: LivenessSnapshot, saidAt: Date): void {
    const before = this.absent;
    this.heardAt = Math.min(Date.now(), saidAt.getTime());
    this.absent = new Map(
      Object.entries(snapshot).flatMap(([slug, { state, since }]) =>
        state === 'on'
          ? []
          : [[networkSlug(slug), { reason: state === 'signed_off' ? 'SIGNED_OFF' : 'LINK_DOWN', since }]],
      ),
    );
    for (const network of this.counted.keys()) if (!this.absent.has(network)) this.counted.delete(network);
    if ([...this.absent.keys()].some((network) => !before.has(network)))
      runInBackground('absences', this.log, () => this.count());
  }

  private get isStale(): boolean {
    return Date.now() - this.heardAt > STALE_AFTER_MS;
  }

  private async count(): Promise<void> {
    for (const network of this.networks) {
      try {
        const info = await this.link.session?.jsm.consumers.info(STREAMS.out, consumers.adapter(network));
        if (info && this.of(network)) this.counted.set(network, info.num_pending + info.num_ack_pending);
      } catch (error) {
        this.log.debug({ network, reason: toHubError(error).detail }, 'not known how much waits');
      }
    }
  }
}
