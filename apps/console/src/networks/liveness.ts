/** Facts from heartbeats: whether the adapter is signed on, and whether it is connected to its native network. */
import { Injectable } from '@nestjs/common';
import { NEVER_HEARD, SILENT_AFTER_MS, type LivenessFacts, type Network, type SignOn } from '#protocol';

export interface Liveness {
  signedOn: boolean;
  nativeConnected: boolean;
  instance?: string;
  lastHeard?: string;
}

interface Beat {
  at: number;
  nativeConnected: boolean;
  sharesPartitions: boolean;
}

/** Adapter processes of a network with a recent heartbeat, by how they read what is addressed to it. */
export interface Processes {
  /** Through the consumers of the partitions. */
  sharing: string[];
  /** Of those, the ones that are connected to their network; all of them if none is. Sorted. */
  working: string[];
  /** Through the one consumer of the network. */
  single: string[];
}

/** Maximum number of adapter instances of one network; the ones with the oldest heartbeats are forgotten first. */
export const MOST_INSTANCES = 100;

@Injectable()
export class LivenessBoard {
  private readonly heard = new Map<Network, Map<string, Beat>>();
  private readonly facts = new Map<Network, LivenessFacts>();
  private readonly ignored = new Set<Network>();
  private readonly listeners: (() => void)[] = [];

  beat({ network, instance, nativeConnected, sharesPartitions = false }: SignOn): void {
    if (this.ignored.has(network)) return;
    const now = Date.now();
    const instances = this.heard.get(network) ?? new Map<string, Beat>();
    this.heard.set(network, instances);
    // Deleted and added, so that the map is in the order of the last heartbeats.
    instances.delete(instance);
    instances.set(instance, { at: now, nativeConnected, sharesPartitions });
    forgetStale(instances, now);
    this.learn(network, { heardAt: now, ...(nativeConnected ? { connectedAt: now } : {}) });
  }

  signOff(network: Network, instance: string): void {
    if (this.ignored.has(network)) return;
    this.heard.get(network)?.delete(instance);
    // Another instance can still be online.
    if (!this.of(network).signedOn) this.learn(network, { signedOffAt: Date.now() });
  }

  of(network: Network): Liveness {
    const recent = this.recent(network).sort(([, one], [, other]) => other.at - one.at);
    const [newest] = recent;
    if (!newest) return { signedOn: false, nativeConnected: false };
    return {
      signedOn: true,
      nativeConnected: recent.some(([, { nativeConnected }]) => nativeConnected),
      instance: newest[0],
      lastHeard: new Date(newest[1].at).toISOString(),
    };
  }

  processesOf(network: Network): Processes {
    const recent = this.recent(network);
    const sharing = recent.filter(([, { sharesPartitions }]) => sharesPartitions);
    const connected = sharing.filter(([, { nativeConnected }]) => nativeConnected);
    const names = (beats: typeof recent) => beats.map(([instance]) => instance);
    return {
      sharing: names(sharing),
      working: names(connected.length > 0 ? connected : sharing).sort(),
      single: names(recent.filter(([, { sharesPartitions }]) => !sharesPartitions)),
    };
  }

  /** Its sign-on was refused: the network does not count as signed on until it is admitted. */
  ignore(network: Network): void {
    this.ignored.add(network);
    this.heard.delete(network);
    this.facts.delete(network);
  }

  heed(network: Network): void {
    this.ignored.delete(network);
  }

  /** Oldest heartbeat first. */
  instancesOf(network: Network): string[] {
    return [...(this.heard.get(network)?.keys() ?? [])];
  }

  /** Facts that this console has received itself. */
  get all(): ReadonlyMap<Network, LivenessFacts> {
    return this.facts;
  }

  onHeard(listener: () => void): void {
    this.listeners.push(listener);
  }

  private recent(network: Network): [instance: string, Beat][] {
    return [...(this.heard.get(network) ?? [])].filter(([, { at }]) => Date.now() - at < SILENT_AFTER_MS);
  }

  private learn(network: Network, news: Partial<LivenessFacts>): void {
    this.facts.set(network, { ...(this.facts.get(network) ?? NEVER_HEARD), ...news });
    for (const listener of this.listeners) listener();
  }
}

/** Instances to forget: those without a recent heartbeat, and the oldest above the maximum. @param instances oldest heartbeat first */
function forgetStale(instances: Map<string, Beat>, now: number): void {
  for (const [instance, { at }] of instances) {
    if (now - at < SILENT_AFTER_MS && instances.size <= MOST_INSTANCES) return;
    instances.delete(instance);
  }
}
