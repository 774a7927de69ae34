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
import { guarded, runInBackground, type Log } from '#service';
import type { ConsoleBus } from '../console-bus.js';
import type { LivenessBoard } from './liveness.js';

const LOOK_MS = 500;

export class LivenessNotice {
  private readonly known = new Map<Network, NetworkLiveness>();
  private listeningSince = Date.now();
  private lookedAt = Date.now();
  private toldAt = 0;
  private readonly timer: NodeJS.Timeout;

  private constructor(
    private readonly board: LivenessBoard,
    private readonly bus: ConsoleBus,
    private readonly log: Log,
  ) {
    this.timer = setInterval(
      guarded('liveness', log, () => this.look()),
      LOOK_MS,
    );
    this.timer.unref();
  }

  static async start(board: LivenessBoard, bus: ConsoleBus, log: Log): Promise<LivenessNotice> {
    const notice = new LivenessNotice(board, bus, log);
    // What was beaten while the bus was away, nobody heard.
    await bus.link.onSession(() => {
      notice.listeningSince = Date.now();
    });
    await bus.registry.watch(LIVENESS_KEY, LivenessSnapshot, (snapshot) => notice.accept(snapshot));
    board.onHeard(() => notice.look());
    return notice;
  }

  stop(): void {
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
