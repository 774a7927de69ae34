/**
 * Publishes which networks are offline, for the switch: one value on the bus, at every change and every 3 s. Every console receives
 * every heartbeat and merges its facts with those on the bus, so that it does not matter which console wrote last.
 */
import {
  believed,
  joined,
  LIVENESS_KEY,
  LIVENESS_REPEAT_MS,
  livenessOf,
  LivenessSnapshot,
  NEVER_HEARD,
  network as networkSlug,
  type LivenessFacts,
  type Network,
  type NetworkLiveness,
} from '#protocol';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { guarded, type Log, LOG, runInBackground } from '#service';
import { ConsoleBus } from '../core/console-bus.js';
import { LivenessBoard } from './liveness.js';

const LOOK_MS = 500;

@Injectable()
export class LivenessNotice implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly known = new Map<Network, NetworkLiveness>();
  private listeningSince = Date.now();
  private lookedAt = Date.now();
  private toldAt = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly board: LivenessBoard,
    private readonly bus: ConsoleBus,
    @Inject(LOG) private readonly log: Log,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    // Heartbeats sent during a bus outage were lost; ignore gaps that span it.
    await this.bus.link.onSession(() => {
      this.listeningSince = Date.now();
    });
    await this.bus.registry.watch(LIVENESS_KEY, LivenessSnapshot, (snapshot) => this.accept(snapshot));
    this.board.onHeard(() => this.look());
    this.lookedAt = Date.now();
    this.timer = setInterval(
      guarded('liveness', this.log, () => this.look()),
      LOOK_MS,
    );
    this.timer.unref();
  }

  /** Networks that have ever sent a heartbeat, to whichever console: pages, webhooks and the switch are told the same. */
  get all(): ReadonlyMap<Network, NetworkLiveness> {
    return this.known;
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  /** Reads the facts of other consoles, and those that this console published before its restart. */
  private accept(snapshot: LivenessSnapshot): void {
    for (const [slug, theirs] of Object.entries(snapshot)) {
      const network = networkSlug(slug);
      const ours = this.known.get(network);
      const facts = believed(theirs, Date.now());
      this.known.set(network, ours ? { ...ours, ...joined(ours, facts) } : { ...theirs, ...facts });
    }
  }

  private look(): void {
    const now = Date.now();
    // The process was suspended: ignore gaps that span this time.
    if (now - this.lookedAt > 4 * LOOK_MS) this.listeningSince = now;
    this.lookedAt = now;
    let changed = false;
    for (const network of new Set([...this.board.all.keys(), ...this.known.keys()])) {
      const before = this.known.get(network);
      const after = livenessOf(this.factsOf(network, before), before, this.listeningSince, now);
      this.known.set(network, after);
      if (after.state === before?.state) continue;
      changed = true;
      this.log.info({ network, state: after.state, since: after.since }, 'network changed state');
    }
    if (changed || (this.known.size > 0 && now - this.toldAt >= LIVENESS_REPEAT_MS)) this.tell(now);
  }

  private factsOf(network: Network, before: NetworkLiveness | undefined): LivenessFacts {
    const { heardAt, connectedAt, signedOffAt } = before ?? NEVER_HEARD;
    return joined({ heardAt, connectedAt, signedOffAt }, this.board.all.get(network) ?? NEVER_HEARD);
  }

  private tell(now: number): void {
    this.toldAt = now;
    // A late value would be wrong: do not retry. The next session publishes the value again.
    if (!this.bus.link.connected) return;
    runInBackground('liveness', this.log, () =>
      this.bus.registry.put(LIVENESS_KEY, Object.fromEntries(this.known)),
    );
  }
}
