/**
 * Reply windows: on some networks a person can be written to only for a time after their last message, and only so often
 * (`replyWindowMs`, `messagesPerWindow` in the capabilities). The last input of a person, what was sent since and what waits
 * are one entry in the bucket of the network, which is changed in one step, so that all processes of its adapter count
 * together. A message that the network would refuse is refused here, before it is tried. About a person who was never heard,
 * the network decides.
 */
import { createHash } from 'node:crypto';
import type { Address } from '#protocol';
import { LruCache } from '#service';
import type { Memory } from './memory.contract.js';
import {
  heardIn,
  isClaimed,
  NEVER_HEARD,
  refusalOf,
  STORED_EVERY_MS,
  touchedIn,
  windowIn,
  withClaim,
  withoutClaim,
  withoutWaiting,
  withWaiting,
  type BriefWindow,
  type Limits,
  type Waiting,
  type Window,
} from './reply-window.js';

/** Messages that may wait for one person. */
const MOST_WAITING = 100;
/** After a refusal of the network that our count does not explain, nothing is tried for so long, ms. */
export const SHUT_MS = 3600_000;
/** A process that has not delivered the next message within this time is taken for dead, ms. */
export const RELEASE_MS = 5 * 60_000;

/** What became of a message that was to wait. opened: it can be sent now. full: too many wait already. */
export type Kept = 'kept' | 'opened' | 'full';

export class ReplyWindows {
  /** The newest input that is known to be stored. */
  private readonly heardAt = new LruCache<Address, number>({ max: 20_000 });

  constructor(
    private readonly memory: Pick<Memory, 'get' | 'change'>,
    private readonly limits: () => Limits,
    readonly now: () => number = Date.now,
  ) {}

  /** Whether this network has reply windows. */
  get areThere(): boolean {
    return this.limits().replyWindowMs !== undefined;
  }

  /**
   * A person of this network wrote: their window begins anew, and nothing was sent in it.
   * @param at by the clock of the network; a time in the future counts as now.
   * @returns whether messages wait for it. @throws HubError 91
   */
  async heard(person: Address, at: Date): Promise<boolean> {
    if (!this.areThere) return false;
    const heard = Math.min(at.getTime(), this.now());
    const last = this.heardAt.get(person) ?? -Infinity;
    if (this.limits().messagesPerWindow === undefined && heard < last + STORED_EVERY_MS) return false;
    let waiting: Waiting[] = [];
    await this.change(person, (window) => {
      waiting = window?.waiting ?? [];
      return heardIn(window, heard);
    });
    this.heardAt.set(person, Math.max(last, heard));
    return waiting.length > 0;
  }

  /**
   * A person did something without words that lets them be written to for a while.
   * @param at as `heard`. @returns whether messages wait for it. @throws HubError 91
   */
  async touched(person: Address, at: Date, brief: BriefWindow): Promise<boolean> {
    if (!this.areThere) return false;
    let waiting: Waiting[] = [];
    await this.change(person, (window) => {
      waiting = window?.waiting ?? [];
      return touchedIn(window, Math.min(at.getTime(), this.now()), brief);
    });
    return waiting.length > 0;
  }

  /**
   * Takes the place of one message in the window.
   * @param key of the delivery; the same key takes one place
   * @throws HubError 101 when the window is closed, 102 when it is used up, 91
   */
  async claim(person: Address, key: string): Promise<void> {
    const { replyWindowMs, messagesPerWindow } = this.limits();
    if (replyWindowMs === undefined) return;
    if (messagesPerWindow === undefined) return this.mustBeOpen(person, replyWindowMs);
    await this.change(person, (window) => {
      if (!window || isClaimed(window, key)) return undefined;
      const refusal = refusalOf(window, this.limits(), this.now());
      if (refusal) throw refusal;
      return withClaim(window, key, this.now());
    });
  }

  /** The network certainly did not take the message: its place is free again. @throws HubError 91 */
  async release(person: Address, key: string): Promise<void> {
    if (this.limits().messagesPerWindow === undefined) return;
    await this.change(person, (window) =>
      window && isClaimed(window, key) ? withoutClaim(window, key) : undefined,
    );
  }

  /** Whether messages wait for this person, so that later ones wait behind them. @throws HubError 91 */
  async holdsFor(person: Address): Promise<boolean> {
    return (windowIn(await this.memory.get(keyOf(person)))?.waiting ?? []).length > 0;
  }

  /**
   * A message that was refused is to wait.
   * @param byNetwork the network refused it, although it could be sent by our count. @throws HubError 91
   */
  async keep(person: Address, message: Pick<Waiting, 'seq' | 'until'>, byNetwork: boolean): Promise<Kept> {
    let kept: Kept = 'kept';
    await this.change(person, (window = NEVER_HEARD) => {
      const { waiting = [] } = window;
      kept = 'kept';
      if (waiting.some(({ seq }) => seq === message.seq)) return undefined;
      const isOpen = waiting.length === 0 && !refusalOf(window, this.limits(), this.now());
      if (isOpen && !byNetwork) kept = 'opened';
      else if (waiting.length >= MOST_WAITING) kept = 'full';
      if (kept !== 'kept') return undefined;
      const next = withWaiting(window, { ...message, attempts: 0 });
      return isOpen ? { ...next, shutUntil: this.now() + SHUT_MS } : next;
    });
    // The next input of the person must be stored, however soon it comes.
    if (kept === 'kept') this.heardAt.delete(person);
    return kept;
  }

  /**
   * The message that this process is to deliver now, or to end because it waited too long. While it does, no other process gets
   * one of the same person. undefined: there is none, or another process delivers them. @throws HubError 91
   */
  async next(person: Address, by: string): Promise<Waiting | undefined> {
    let next: Waiting | undefined;
    await this.change(person, (window) => {
      next = undefined;
      const [first] = window?.waiting ?? [];
      if (!window || !first) return undefined;
      const { releasing, ...rest } = window;
      if (releasing && releasing.by !== by && this.now() < releasing.until) return undefined;
      if (this.now() < first.until && refusalOf(window, this.limits(), this.now()))
        return releasing ? rest : undefined;
      next = first;
      return { ...window, releasing: { by, until: this.now() + RELEASE_MS } };
    });
    return next;
  }

  /** The message was delivered, or has failed for good. @throws HubError 91 */
  async ended(person: Address, seq: number): Promise<void> {
    await this.change(person, (window) => window && withoutWaiting(window, seq));
  }

  /** The first message that waits could not be delivered: it is tried again after this time. @throws HubError 91 */
  async postpone(person: Address, seq: number, ms: number, counted: boolean): Promise<void> {
    await this.change(person, (window) => {
      if (!window?.waiting) return undefined;
      const { releasing: _over, ...rest } = window;
      const waiting = window.waiting.map((one) =>
        one.seq === seq && counted ? { ...one, attempts: one.attempts + 1 } : one,
      );
      return { ...rest, waiting, ...(ms > 0 ? { shutUntil: this.now() + ms } : {}) };
    });
  }

  private async mustBeOpen(person: Address, replyWindowMs: number): Promise<void> {
    const heardAt = this.heardAt.get(person) ?? -Infinity;
    if (this.now() < heardAt + replyWindowMs + STORED_EVERY_MS) return;
    // Another process may have heard the person since.
    const window = windowIn(await this.memory.get(keyOf(person)));
    if (!window) return;
    const refusal = refusalOf(window, this.limits(), this.now());
    if (refusal) throw refusal;
    this.heardAt.set(person, window.at);
  }

  private change(person: Address, work: (window: Window | undefined) => Window | undefined): Promise<void> {
    return this.memory.change(keyOf(person), async (value) => work(windowIn(value)));
  }
}

function keyOf(person: Address): string {
  return `window.${digestOf(person)}`;
}

export function digestOf(person: Address): string {
  return createHash('sha256').update(person).digest('base64url').slice(0, 27);
}
