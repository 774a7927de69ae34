/** What heartbeats say: connected (does the adapter reach its network?) and signed on (is the adapter there?) are two things. */
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
}

/** Of one network. More adapters than this at once are not told apart: the longest silent ones are forgotten. */
export const MOST_INSTANCES = 100;

@Injectable()
export class LivenessBoard {
  private readonly heard = new Map<Network, Map<string, Beat>>();
  private readonly facts = new Map<Network, LivenessFacts>();
  private readonly ignored = new Set<Network>();
  private readonly listeners: (() => void)[] = [];

  beat({ network, instance, nativeConnected }: SignOn): void {
    if (this.ignored.has(network)) return;
    const now = Date.now();
    const instances = this.heard.get(network) ?? new Map<string, Beat>();
    this.heard.set(network, instances);
    // Set anew, so that the map is in the order of the last heartbeats.
    instances.delete(instance);
    instances.set(instance, { at: now, nativeConnected });
    forgetStale(instances, now);
    this.learn(network, { heardAt: now, ...(nativeConnected ? { connectedAt: now } : {}) });
  }

  signOff(network: Network, instance: string): void {
    if (this.ignored.has(network)) return;
    this.heard.get(network)?.delete(instance);
    // Another one of them may still be there.
    if (!this.of(network).signedOn) this.learn(network, { signedOffAt: Date.now() });
  }

  of(network: Network): Liveness {
    const recent = [...(this.heard.get(network) ?? [])]
      .filter(([, { at }]) => Date.now() - at < SILENT_AFTER_MS)
      .sort(([, one], [, other]) => other.at - one.at);
    const [newest] = recent;
    if (!newest) return { signedOn: false, nativeConnected: false };
    return {
      signedOn: true,
      nativeConnected: recent.some(([, { nativeConnected }]) => nativeConnected),
      instance: newest[0],
      lastHeard: new Date(newest[1].at).toISOString(),
    };
  }

  /** Its adapter was refused: it does not count as there until it is admitted. */
  ignore(network: Network): void {
    this.ignored.add(network);
    this.heard.delete(network);
    this.facts.delete(network);
  }

  heed(network: Network): void {
    this.ignored.delete(network);
  }

  /** The longest silent first. */
  instancesOf(network: Network): string[] {
    return [...(this.heard.get(network)?.keys() ?? [])];
  }

  /** All that this console heard itself. */
  get all(): ReadonlyMap<Network, LivenessFacts> {
    return this.facts;
  }

  onHeard(listener: () => void): void {
    this.listeners.push(listener);
  }

  private learn(network: Network, news: Partial<LivenessFacts>): void {
    this.facts.set(network, { ...(this.facts.get(network) ?? NEVER_HEARD), ...news });
    for (const listener of this.listeners) listener();
  }
}

/** Silent ones, and the oldest of too many. @param instances the longest silent first */
function forgetStale(instances: Map<string, Beat>, now: number): void {
  for (const [instance, { at }] of instances) {
    if (now - at < SILENT_AFTER_MS && instances.size <= MOST_INSTANCES) return;
    instances.delete(instance);
  }
}
