/** The calls that are not over, and how many there may be. */
import { networkOf, type EventId, type Network } from '#protocol';
import { LruCache } from '#service';
import type { HubCall } from './hub-call.js';
import type { Act, Leg } from './leg.js';

export const MOST_CALLS = 2000;
const MOST_OF_ONE = 4;
/** Calls that people of one other network begin, with all of our people and with one: somebody else must still get through. */
const MOST_OF_NETWORK = { inAll: MOST_CALLS / 2, withOne: MOST_OF_ONE - 1 } as const;
const MOST_FINISHED = 10_000;

export interface Call {
  /** Who of our network takes part. */
  natives: readonly string[];
  onTrunk: boolean;
  /** One, and the hub is the other end; or two neighbours. */
  legs: readonly Leg[];
  hub?: HubCall;
  /** Hears what the first leg does. */
  did: (act: Act) => void;
}

export class OpenCalls {
  private readonly calls = new Set<Call>();
  private readonly byId = new Map<EventId, Call>();
  /** Calls whose end has come, and whose invitation may come again. */
  private readonly finished = new LruCache<EventId, true>({ max: MOST_FINISHED });
  /** The adapter stops: there are no more calls. */
  isClosed = false;

  /** @param mostOnTrunk calls through the trunk at the same time */
  constructor(private readonly mostOnTrunk: number) {}

  get size(): number {
    return this.calls.size;
  }

  get all(): readonly Call[] {
    return [...this.calls];
  }

  add(call: Call): void {
    this.calls.add(call);
  }

  /** From now on events name it so. */
  name(id: EventId, call: Call): void {
    this.byId.set(id, call);
  }

  of(id: EventId): Call | undefined {
    return this.byId.get(id);
  }

  finish(id: EventId): void {
    this.byId.delete(id);
    this.finished.set(id, true);
  }

  wasFinished(id: EventId): boolean {
    return this.finished.has(id);
  }

  /** It is over. */
  forget(call: Call): void {
    this.calls.delete(call);
    const id = call.hub?.id;
    if (id !== undefined) this.finish(id);
  }

  /** Whether there is no place for another call of these people. @param from the network of who calls them; absent: one of them calls */
  isFull(natives: readonly string[], onTrunk: boolean, from?: Network): boolean {
    if (this.isClosed || this.calls.size >= MOST_CALLS) return true;
    const ofOne = this.all.filter((call) => call.natives.some((native) => natives.includes(native)));
    if (ofOne.length >= MOST_OF_ONE) return true;
    if (onTrunk && this.all.filter((call) => call.onTrunk).length >= this.mostOnTrunk) return true;
    const theirs = (calls: readonly Call[]) => calls.filter((call) => isFrom(call, from)).length;
    return (
      from !== undefined &&
      (theirs(this.all) >= MOST_OF_NETWORK.inAll || theirs(ofOne) >= MOST_OF_NETWORK.withOne)
    );
  }
}

function isFrom({ hub, legs: [leg] }: Call, network: Network | undefined): boolean {
  return hub !== undefined && leg?.side === 'callee' && networkOf(hub.peer) === network;
}
