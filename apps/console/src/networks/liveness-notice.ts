/**
 * Tells the switch which networks are away: one value on the bus, at every change and every few seconds. Every console hears
 * every heartbeat and writes what all of them know, so that it does not matter which of them wrote last.
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
    @Inject(LivenessBoard) private readonly board: LivenessBoard,
    @Inject(ConsoleBus) private readonly bus: ConsoleBus,
    @Inject(LOG) private readonly log: Log,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    // Heartbeats sent while the bus was away were lost: a gap that spans an outage says nothing about a network.
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

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  /** What the others know, and what we said ourselves before we were started again. */
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
    // The process itself stood still: what it did not hear meanwhile is no silence.
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
    // A late word would lie: what cannot be said now is said anew in the next session.
    if (!this.bus.link.connected) return;
    runInBackground('liveness', this.log, () =>
      this.bus.registry.put(LIVENESS_KEY, Object.fromEntries(this.known)),
    );
  }
}
