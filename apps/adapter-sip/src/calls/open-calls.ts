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

/** Whose calls are limited in number: a person's, those of a network with one person, those of a network, or those on the trunk. */
type Counted = { native: string; from?: Network } | { from: Network } | typeof ON_TRUNK;
const ON_TRUNK = { onTrunk: true } as const;

export class OpenCalls {
  /** Each call with the limits that it counts against, as of `add` or `join`. */
  private readonly calls = new Map<Call, readonly Counted[]>();
  /** Number of calls that count against each limit; bounded by the calls, each of which counts against a few. */
  private readonly counts = new Map<string, number>();
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
    return [...this.calls.keys()];
  }

  add(call: Call): void {
    if (this.calls.has(call)) return;
    const places = placesOf(call);
    this.calls.set(call, places);
    this.count(places, 1);
  }

  /** Another of our people takes part, unless it is over. */
  join(call: Call, native: string): void {
    const before = this.calls.get(call);
    if (!before || call.natives.includes(native)) return;
    call.natives = [...call.natives, native];
    this.calls.set(call, placesOf(call));
    this.count(before, -1);
    this.count(placesOf(call), 1);
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
    this.count(this.calls.get(call) ?? [], -1);
    this.calls.delete(call);
    const id = call.hub?.id;
    if (id !== undefined) this.finish(id);
  }

  /** Whether there is no place for another call of this person. @param from the network of who calls them; absent: one of them calls */
  isFull(native: string, onTrunk: boolean, from?: Network): boolean {
    if (this.isClosed || this.calls.size >= MOST_CALLS) return true;
    if (this.countOf({ native }) >= MOST_OF_ONE) return true;
    if (onTrunk && this.countOf(ON_TRUNK) >= this.mostOnTrunk) return true;
    if (from === undefined) return false;
    return (
      this.countOf({ from }) >= MOST_OF_NETWORK.inAll ||
      this.countOf({ native, from }) >= MOST_OF_NETWORK.withOne
    );
  }

  private countOf(what: Counted): number {
    return this.counts.get(JSON.stringify(what)) ?? 0;
  }

  private count(whats: readonly Counted[], change: 1 | -1): void {
    for (const what of whats) {
      const left = this.countOf(what) + change;
      if (left > 0) this.counts.set(JSON.stringify(what), left);
      else this.counts.delete(JSON.stringify(what));
    }
  }
}

function placesOf({ natives, onTrunk, ...call }: Call): Counted[] {
  const from = networkFrom(call);
  return [
    ...natives.flatMap((native) => [{ native }, ...(from === undefined ? [] : [{ native, from }])]),
    ...(from === undefined ? [] : [{ from }]),
    ...(onTrunk ? [ON_TRUNK] : []),
  ];
}

/** @returns undefined: somebody of our network, or on the trunk, calls */
function networkFrom({ hub, legs: [leg] }: Pick<Call, 'hub' | 'legs'>): Network | undefined {
  return hub !== undefined && leg?.side === 'callee' ? networkOf(hub.peer) : undefined;
}
