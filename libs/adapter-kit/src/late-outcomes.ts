/**
 * Outcomes of a network that answers twice: "accepted" at once, and "delivered", "read" or "failed" later. An outcome only
 * moves forward (`movesForward`), so a repeated or contradictory report changes nothing. In the bucket, for 30 days:
 *
 * - `open.<event>`: the outcome `submitted`, until the network reports more, or its time limit ends;
 * - `late.<event>`: the outcome that a late report led to, or a report that came before the delivery had ended.
 *
 * Of a message that became several native messages the reports are collected (`PieceReports`).
 *
 * A delivery that ended as `delivered` needs no entry: the reference of the message (`Correlation`) stands for it. Where the
 * outcome itself is that reference, it is published on a subject by which it is found.
 */
import type { OrderedPublisher } from '#bus';
import {
  conversationId,
  deliveryKey,
  encodeOutcome,
  movesForward,
  networkOf,
  notifiesSender,
  recipientIn,
  subjects,
  type Basis,
  type EventId,
  type FailureCode,
  type Network,
  type Outcome,
} from '#protocol';
import { LruCache, metrics, PeriodicTask, TurnsByKey, type Log } from '#service';
import type { Correlation } from './correlation.js';
import type { MessageRef } from './delivered.contract.js';
import { ownNatives } from './native-pieces.js';
import { MAX_NATIVE_IDS, PieceReports } from './piece-reports.js';
import { nativeDigest } from './stored-messages.js';

/** Names the event: an id is unique only in the network that gave it. */
export interface LateEvent {
  id: EventId;
  author: Network;
}

/** What a report of a network is about: an event, one native message that it became, or both. */
export type ReportedOn = (LateEvent & { native?: string }) | { native: string };

/** What a network reports after its answer. */
export type LateReport =
  | { stage: 'delivered' | 'read'; basis: Basis }
  /** 104: as an SMS, of which the sender is notified. */
  | { stage: 'delivered'; basis: Basis; code: '104' }
  | { stage: 'failed'; basis: Basis; code: FailureCode; detail: string };

/** As the outcome of a report that may also be the end of the time limit. */
type Ending = LateReport | { stage: 'unknown'; basis: Basis; code: '103'; detail: string };

type Open = { outcome: Outcome; until?: number };
/** `native`: the report is about this native message, and is stored as such too. */
type Kept = { outcome: Outcome } | { early: LateReport; at: number; native?: string };

/** The bucket of the network for what refers to messages (`Bucket`). */
export interface OutcomeStore {
  put(key: string, value: unknown): Promise<void>;
  get(key: string): Promise<unknown>;
  delete(key: string): Promise<void>;
  keys(filter: string): Promise<string[]>;
}

/** A report that came before its delivery had ended counts for so long. */
export const EARLY_MS = 10 * 60_000;
const REMEMBERED = 20_000;
/** How often outcomes beyond their time limit are searched: time limits are hours, and every open outcome is read. */
const SWEEP_MS = 3600_000;

export class LateOutcomes {
  /** Serialises changes of one event: a report may come while the delivery is being recorded. */
  private readonly turns = new TurnsByKey();
  /** Events with a late report, so that the end of every other delivery needs no read. */
  private readonly reported = new LruCache<string, true>({ max: REMEMBERED });
  /** Events whose delivery a device has confirmed by a receipt. */
  private readonly confirmed = new LruCache<string, true>({ max: REMEMBERED });
  private readonly pieces: PieceReports;
  private sweeps: PeriodicTask | undefined;

  constructor(
    private readonly network: Network,
    private readonly store: OutcomeStore,
    private readonly publisher: Pick<OrderedPublisher, 'publish'>,
    private readonly correlation: Pick<Correlation, 'find' | 'isUntold' | 'told' | 'storeUnlessRecorded'>,
    private readonly now: () => number = Date.now,
  ) {
    this.pieces = new PieceReports(network, store, correlation);
  }

  /** From now on closes outcomes beyond their time limit. */
  start(log: Log): void {
    this.sweeps = new PeriodicTask(
      SWEEP_MS,
      () => this.closeOverdue(),
      'outcomes without a report closed',
      log,
    );
    this.sweeps.now();
  }

  async stop(): Promise<void> {
    await this.sweeps?.stop();
  }

  /**
   * Publishes the outcome with which a delivery ended, or the later one that the network has reported meanwhile. Resolves
   * when both can survive a crash.
   * @param again an earlier attempt may have ended the delivery
   * @param withinMs the time limit of the network for its late report
   * @param reference the outcome stands for it
   */
  ended(outcome: Outcome, again: boolean, withinMs?: number, reference?: MessageRef): Promise<void> {
    const key = keyOf(eventOf(outcome));
    return this.turns.run(key, async () => {
      const waits = outcome.stage === 'submitted';
      if (waits) {
        const until = withinMs === undefined ? {} : { until: this.now() + withinMs };
        await this.store.put(`open.${key}`, { outcome, ...until } satisfies Open);
      }
      // After that: another process stores a report, then looks whether the delivery has ended.
      const kept = waits || again || this.reported.has(key) ? await this.kept(key) : undefined;
      if (kept && 'outcome' in kept) {
        if (waits) await this.store.delete(`open.${key}`);
        return this.alreadyTold(reference);
      }
      const report = kept && (await this.early(kept, outcome));
      if (report && movesForward(outcome, report)) {
        // The outcome of the report has its own code, so a loss that the delivery found would not reach the sender.
        if (notifiesSender(outcome.code)) await this.publish(outcome, reference);
        return this.advance(key, outcome, report, reference);
      }
      await this.publish(outcome, reference);
    });
  }

  /**
   * The network reports what became of an event. Resolves when it is stored.
   * @param native the native message that it is about. Absent: it holds for all that the event became
   * @returns false: it changes nothing, because a later stage is known
   */
  report(event: LateEvent, report: LateReport, native?: string): Promise<boolean> {
    const key = keyOf(event);
    if (report.stage === 'failed' && this.confirmed.has(key)) return Promise.resolve(false);
    this.reported.set(key, true);
    return this.turns.run(key, async () => {
      const kept = await this.kept(key);
      let before = kept && 'outcome' in kept ? kept.outcome : await this.before(key, event);
      if (!before) {
        if (!(await this.keepEarly(key, report, kept, native))) return false;
        before = (await this.open(key))?.outcome;
        if (!before) return true;
      }
      if (!movesForward(before, report)) return false;
      const whole = native === undefined ? report : await this.pieces.after(before, report, native);
      if (whole && movesForward(before, whole)) await this.advance(key, before, whole);
      return true;
    });
  }

  /** The delivery has not ended. @returns false: a later stage of the same is stored */
  private async keepEarly(
    key: string,
    report: LateReport,
    kept: Kept | undefined,
    native: string | undefined,
  ): Promise<boolean> {
    // Whether it is about a part or about the whole message is known when the delivery has ended.
    if (native !== undefined) await this.pieces.note(native, report);
    else if (kept && 'early' in kept && !movesForward(kept.early, report)) return false;
    const about = native === undefined ? {} : { native };
    await this.store.put(`late.${key}`, { early: report, at: this.now(), ...about } satisfies Kept);
    return true;
  }

  /** What the reports before the end of a delivery say about the message. */
  private async early(
    kept: Extract<Kept, { early: LateReport }>,
    outcome: Outcome,
  ): Promise<LateReport | undefined> {
    const natives = kept.native === undefined ? [] : await this.pieces.nativesOf(outcome);
    if (kept.native !== undefined && natives.includes(kept.native)) return this.pieces.ofAll(natives);
    return this.now() - kept.at <= EARLY_MS ? kept.early : undefined;
  }

  /**
   * A device of the recipient has confirmed it by a receipt, which travels as an event of its own: a failure that is reported
   * from now on is about another device. Remembered by this process, for the newest receipts.
   */
  confirm(event: LateEvent): void {
    this.confirmed.set(keyOf(event), true);
  }

  /** The network has the message, and has not reported what became of it. */
  async isOpen(event: LateEvent): Promise<boolean> {
    return (await this.open(keyOf(event))) !== undefined;
  }

  /** Closes the outcomes about which the network reported nothing within its time limit. @returns how many */
  async closeOverdue(): Promise<number> {
    let closed = 0;
    for (const open of await this.store.keys('open.>')) {
      const key = open.slice('open.'.length);
      await this.turns.run(key, async () => {
        const { outcome, until = Infinity } = (await this.open(key)) ?? {};
        if (!outcome || until > this.now()) return;
        const kept = await this.kept(key);
        // A crash came between the later outcome and the end of this entry.
        if (kept && 'outcome' in kept) return this.store.delete(open);
        const detail = `${this.network} reported nothing until ${new Date(until).toISOString()}`;
        await this.advance(key, outcome, { stage: 'unknown', basis: 'network', code: '103', detail });
        closed++;
      });
    }
    return closed;
  }

  /** The outcome before the first late report. undefined: the delivery has not ended. */
  private async before(key: string, event: LateEvent): Promise<Outcome | undefined> {
    const open = await this.open(key);
    if (open) return open.outcome;
    // The outcome of the delivery, which is the reference of the message, comes first.
    if (this.correlation.isUntold(deliveryKey(event.author, event.id))) return undefined;
    const ref = await this.correlation.find(event.id, event.author);
    // A submitted message gets its `open` entry when its delivery ends. Without one, the delivery has stored only the reference so far.
    return ref && !ref.unfinished && !ref.submitted ? deliveredAs(ref) : undefined;
  }

  /** Published first: a report that is repeated after a crash has the same id, and the bus stores it once. */
  private async advance(key: string, before: Outcome, ending: Ending, reference?: MessageRef): Promise<void> {
    const { code, detail } = { code: '00' as const, detail: undefined, ...ending };
    const { detail: _detail, ...rest } = before;
    const outcome: Outcome = {
      ...rest,
      stage: ending.stage,
      basis: ending.basis,
      code,
      ...(detail === undefined ? {} : { detail: detail.slice(0, 1000) }),
      at: new Date(this.now()).toISOString(),
    };
    await this.publish(outcome, reference);
    await this.store.put(`late.${key}`, { outcome } satisfies Kept);
    if (before.stage === 'submitted') await this.store.delete(`open.${key}`);
  }

  private async kept(key: string): Promise<Kept | undefined> {
    return ((await this.store.get(`late.${key}`)) as Kept | null | undefined) ?? undefined;
  }

  private async open(key: string): Promise<Open | undefined> {
    return ((await this.store.get(`open.${key}`)) as Open | null | undefined) ?? undefined;
  }

  /** @param reference of the message, for which the outcome stands from now on */
  private async publish(outcome: Outcome, reference?: MessageRef): Promise<void> {
    // An event id is unique only in the network that gave it.
    const key = deliveryKey(networkOf(outcome.from.address), outcome.event);
    const subject = reference
      ? subjects.delivered(this.network, key, nativeDigest(this.network, reference.native[0]))
      : subjects.report(this.network);
    const { duplicate } = await this.publisher.publish(
      subject,
      encodeOutcome(outcome),
      `${key}:${outcome.stage}`,
    );
    if (reference && duplicate) await this.alreadyTold(reference);
    else if (reference) this.correlation.told(reference);
    metrics.adapterOutcomes.inc({ network: this.network, code: outcome.code });
  }

  /** The outcome was stored before, possibly where it is no reference. */
  private async alreadyTold(reference: MessageRef | undefined): Promise<void> {
    if (!reference) return;
    await this.correlation.storeUnlessRecorded(reference);
    this.correlation.told(reference);
  }
}

/** The outcome of a message that the network had accepted for good. */
function deliveredAs(ref: MessageRef): Outcome {
  const { id, author, within, basis = 'network', at } = ref;
  return {
    event: id,
    conversation: conversationId(within),
    kind: 'message',
    by: 'adapter',
    stage: 'delivered',
    basis,
    code: '00',
    from: { address: author },
    to: recipientIn(within, author),
    native: ownNatives(ref).slice(0, MAX_NATIVE_IDS),
    at: new Date(at).toISOString(),
  };
}

function eventOf({ event, from }: Outcome): LateEvent {
  return { id: event, author: networkOf(from.address) };
}

function keyOf({ id, author }: LateEvent): string {
  return `${author}.${id}`;
}
