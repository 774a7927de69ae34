/**
 * The calls in which the media gateway stands in for people of this network. A call is stored before anybody is told of it, so
 * that every process of the adapter knows it, and so that the next process ends what a dead one has left. An end is stored
 * first as well, with what is still to be done about it.
 *
 *   begin (caller) ──► waiting ──► ringing ──► talking
 *   invitation (callee) ─────────────▲            │
 *        └─────────────┴─────────────┴────────────┴──► ending: told to the other side, the page, our person ──► removed
 */
import {
  networkOf,
  toHubError,
  type Address,
  type CallAction,
  type EventId,
  type Network,
  type SessionDescription,
} from '#protocol';
import { backoff, guarded, sleep, tolerate, type Log } from '#service';
import type { CallDraft } from '../drafts.contract.js';
import type { CallPages } from './call-pages.js';
import {
  endingOf,
  untilOf,
  type CallWords,
  type Ending,
  type EndReason,
  type GatewayCall,
} from './gateway-call.js';
import type { StoredCalls } from './stored-calls.js';

const MOST_CALLS = 1000;
const MOST_OF_PERSON = 5;
/** Calls that people of one other network begin, with all of our people and with one: somebody else must still get through. */
const MOST_OF_NETWORK = { inAll: MOST_CALLS / 2, withPerson: MOST_OF_PERSON - 1 } as const;
const ATTEMPTS = 10;
/** When the bus did not tell what is stored of a call, ms. */
const LOOK_AGAIN_MS = 5000;
const TASK = 'end of a call';

export interface GatewayCallsOptions {
  store: StoredCalls;
  pages: Pick<CallPages, 'open' | 'tell'>;
  submit: (draft: CallDraft) => Promise<EventId>;
  /** Tells our person in words, as from the other one; once, however often it is called. @throws as a delivery */
  say: (call: GatewayCall, words: CallWords, stopping: AbortSignal) => Promise<void>;
  /** Of this process, among those of the adapter. */
  instance: string;
  log: Log;
  now?: () => number;
}

/** What a call begins with. */
export type NewCall = Omit<GatewayCall, 'url' | 'until' | 'by' | 'ending'>;

/** What an event from our person needs. */
export type CallOfOurs = Pick<GatewayCall, 'native' | 'person' | 'peer' | 'media' | 'call'>;

interface Held {
  person: Address;
  /** Of who calls our person. undefined: our person calls. */
  from: Network | undefined;
  timer?: NodeJS.Timeout;
}

export class GatewayCalls {
  /** Calls that this process ends in time: bounded by MOST_CALLS. */
  private readonly held = new Map<string, Held>();
  /** Bounded by `held`. */
  private readonly ending = new Map<string, Promise<void>>();
  private readonly stopping = new AbortController();
  private readonly now: () => number;

  constructor(private readonly options: GatewayCallsOptions) {
    this.now = options.now ?? Date.now;
  }

  /**
   * Opens a page for our person. @param peerName for the page
   * @returns undefined: there is no page, because there is no gateway, or too many calls are open. @throws HubError 91
   */
  async open(call: NewCall, peerName: string, offer?: SessionDescription): Promise<GatewayCall | undefined> {
    const before = await this.options.store.get(call.side, call.key);
    if (before) return before;
    if (!this.reserve(call)) {
      this.options.log.warn({ call: call.call }, 'no call page: too many calls are open');
      return undefined;
    }
    try {
      const url = await this.options.pages.open(call, peerName, offer);
      if (url === undefined) {
        this.release(call);
        return undefined;
      }
      const until = untilOf(call.state, this.now());
      const stored = await this.options.store.create({ ...call, url, until, by: this.options.instance });
      this.arm(stored);
      return stored;
    } catch (error) {
      this.release(call);
      throw error;
    }
  }

  find(side: GatewayCall['side'], key: EventId): Promise<GatewayCall | undefined> {
    return this.options.store.get(side, key);
  }

  /** @returns false: it is over, or gone. A call that is already there stays there. @throws HubError 91 */
  async moveTo(of: GatewayCall, state: 'ringing' | 'talking', peer = of.peer): Promise<boolean> {
    const { store, instance: by } = this.options;
    const moved = await store.change(of, (call) =>
      call.ending || call.state === state || call.state === 'talking'
        ? undefined
        : { ...call, state, peer, by, until: untilOf(state, this.now()) },
    );
    if (!moved || moved.ending) return false;
    this.arm(moved);
    return moved.state === state;
  }

  /**
   * Ends a call: when this resolves, its end is stored, and the rest happens in the background.
   * @param tell whether the page must be told. @throws HubError 91
   */
  async end(of: Pick<GatewayCall, 'side' | 'key'>, reason: EndReason, tell = true): Promise<void> {
    const { store, instance: by } = this.options;
    const ended = await store.change(of, (call) =>
      call.ending ? undefined : { ...call, by, ending: endingOf(call, reason, tell) },
    );
    if (ended?.by === by && ended.ending) this.finishInBackground(ended, ended.ending);
  }

  /** The other side has ended it, and our person knows. Tells the page. @throws HubError 91 */
  async closed(call: GatewayCall, action: Exclude<CallAction, 'invite'>): Promise<void> {
    await this.tell(call, action);
    await this.options.store.remove(call);
    this.release(call);
  }

  /** Of a page that may be gone: it ends by itself then. */
  async tell(call: GatewayCall, action: Exclude<CallAction, 'invite'>): Promise<void> {
    await tolerate('call page', this.options.log, () => this.options.pages.tell(call, action));
  }

  /** Ends the calls of processes that are gone. @param alive the processes of this adapter. @throws HubError 91 */
  async takeOver(alive: readonly string[]): Promise<void> {
    for (const call of await this.options.store.all())
      if (call.by !== this.options.instance && !alive.includes(call.by)) await this.adopt(call);
  }

  /** The next process ends what is not over. */
  async stop(): Promise<void> {
    this.stopping.abort();
    for (const { timer } of this.held.values()) clearTimeout(timer);
    this.held.clear();
    await Promise.all(this.ending.values());
  }

  private async adopt(call: GatewayCall): Promise<void> {
    const { store, instance: by, log } = this.options;
    log.info({ call: call.call, state: call.state }, 'a call of a process that is gone ends');
    const ended = await store.change(call, (found) =>
      found.by === call.by
        ? { ...found, by, ending: found.ending ?? endingOf(found, 'lost', true) }
        : undefined,
    );
    if (ended?.by === by && ended.ending) this.finishInBackground(ended, ended.ending);
  }

  private finishInBackground(call: GatewayCall, ending: Ending): void {
    const key = heldKey(call);
    if (this.ending.has(key) || this.stopping.signal.aborted) return;
    const finished = tolerate(TASK, this.options.log, () => this.finish(call, ending)).finally(() =>
      this.ending.delete(key),
    );
    this.ending.set(key, finished);
  }

  /** Each step may be repeated: by the next attempt, or by the next process. */
  private async finish(call: GatewayCall, { publish, tell, words }: Ending): Promise<void> {
    if (tell) await this.tell(call, 'ended');
    for (let attempt = 1; !this.stopping.signal.aborted; attempt++) {
      try {
        if (publish) await this.publishEnd(call, publish);
        if (words) await this.options.say(call, words, this.stopping.signal);
        break;
      } catch (thrown) {
        const { verdict, code, detail } = toHubError(thrown);
        if (verdict !== 'retry' || attempt === ATTEMPTS) {
          this.options.log.warn({ call: call.call, code, reason: detail }, 'the end of a call was not told');
          break;
        }
        await sleep(backoff(attempt, 500, 30_000), this.stopping.signal);
      }
    }
    if (this.stopping.signal.aborted) return;
    await this.options.store.remove(call);
    this.release(call);
  }

  private async publishEnd(call: GatewayCall, what: NonNullable<Ending['publish']>): Promise<void> {
    if (what === 'unanswered') await this.submit(call, 'invite');
    await this.submit(call, what === 'unanswered' ? 'cancelled' : what);
  }

  /** Submits what our person did. @throws as `Hub.submitCall` */
  submit(call: CallOfOurs, action: CallAction, session?: SessionDescription): Promise<EventId> {
    const { native, person, peer, media } = call;
    return this.options.submit({
      native,
      from: { address: person },
      to: peer,
      media,
      action,
      ...(action === 'invite' ? {} : { call: call.call }),
      ...(session === undefined ? {} : { session }),
    });
  }

  private reserve(call: NewCall): boolean {
    const wanted = heldBy(call);
    if (!this.hasRoomFor(wanted)) return false;
    this.held.set(heldKey(call), wanted);
    return true;
  }

  private hasRoomFor({ person, from }: Held): boolean {
    const all = [...this.held.values()];
    const ofPerson = all.filter((one) => one.person === person);
    if (all.length >= MOST_CALLS || ofPerson.length >= MOST_OF_PERSON) return false;
    if (from === undefined) return true;
    const ofNetwork = (calls: Held[]) => calls.filter((one) => one.from === from).length;
    return ofNetwork(all) < MOST_OF_NETWORK.inAll && ofNetwork(ofPerson) < MOST_OF_NETWORK.withPerson;
  }

  private release(call: Pick<GatewayCall, 'side' | 'key'>): void {
    const key = heldKey(call);
    clearTimeout(this.held.get(key)?.timer);
    this.held.delete(key);
  }

  private arm(call: GatewayCall): void {
    if (this.stopping.signal.aborted) return;
    this.after(call, call.until - this.now());
  }

  private after(call: GatewayCall, ms: number): void {
    this.release(call);
    const timer = setTimeout(
      guarded(TASK, this.options.log, () => this.endInTime(call)),
      Math.max(0, ms),
    );
    timer.unref();
    this.held.set(heldKey(call), { ...heldBy(call), timer });
  }

  private async endInTime(of: GatewayCall): Promise<void> {
    let call: GatewayCall | undefined;
    try {
      call = await this.options.store.get(of.side, of.key);
    } catch (error) {
      this.after(of, LOOK_AGAIN_MS);
      throw error;
    }
    if (!call || call.ending) return this.release(of);
    if (call.until > this.now()) return this.arm(call);
    await this.end(call, call.state === 'talking' ? 'too-long' : 'no-answer');
  }
}

function heldBy({ side, person, peer }: NewCall): Held {
  return { person, from: side === 'callee' ? networkOf(peer) : undefined };
}

function heldKey({ side, key }: Pick<GatewayCall, 'side' | 'key'>): string {
  return `${side} ${key}`;
}
