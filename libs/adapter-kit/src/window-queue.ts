/**
 * Messages that wait for the reply window of their recipient (`standin` of the event, docs/stand-in-and-risk.md). A message
 * that cannot be sent now is stored, reported as stored (08) and acknowledged, so that it holds up nothing on the bus; later
 * ones to the same person wait behind it. When the person writes, whichever process hears them delivers what waits, in order.
 * One that waited until its expiry time ends with 101.
 *
 * In the bucket, until the message ended: `reply.<digest of the person>.<sequence>`. What waits, in which order, and which
 * process delivers it, is in the entry of the person (`ReplyWindows`): a message counts as waiting when it is there.
 */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { BusMessage } from '#bus';
import { encodeEvent, HubError, toHubError, type Address, type DurableEvent, type Network } from '#protocol';
import { backoff, PeriodicTask, runInBackground, sleep, type Log } from '#service';
import type { AnyAdapter } from './adapter.contract.js';
import type { Held } from './conversation-queue.js';
import type { Delivery } from './delivery.js';
import type { OutcomeStore } from './late-outcomes.js';
import type { Outcomes } from './outcomes.js';
import { WindowRefusal, type BriefWindow, type Waiting } from './reply-window.js';
import { digestOf, SHUT_MS, type ReplyWindows } from './reply-windows.js';

/** How often messages are searched that waited too long, or that a process left which has ended. */
const SWEEP_MS = 60_000;
const PREFIX = 'reply';
const ATTEMPTS = 10;
const TASK = 'messages that waited for a reply window';

const Stored = z.object({ subject: z.string(), event: z.custom<DurableEvent>(isObject) });

export interface WindowQueueOptions {
  network: Network;
  windows: ReplyWindows;
  store: OutcomeStore;
  delivery: Pick<Delivery, 'deliver'>;
  outcomes: Pick<Outcomes, 'waits' | 'delivered' | 'failed'>;
  adapter: Pick<AnyAdapter, 'connectivity'>;
  log: Log;
}

export class WindowQueue {
  private readonly instance = randomUUID();
  /** People whose messages this process is delivering. */
  private readonly releasing = new Map<Address, Promise<void>>();
  private readonly stopping = new AbortController();
  private sweeps: PeriodicTask | undefined;

  constructor(private readonly options: WindowQueueOptions) {}

  start(): void {
    if (!this.options.windows.areThere) return;
    this.sweeps = new PeriodicTask(SWEEP_MS, () => this.sweep(), TASK, this.options.log);
    this.sweeps.now();
  }

  /** Begins no delivery any more, and waits for those that are under way. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.sweeps?.stop();
    await Promise.allSettled(this.releasing.values());
  }

  /**
   * As `ReplyWindows.heard`, or `touched`. What waits for the person is delivered in the background.
   * @param brief of an act without words
   */
  async heard(person: Address, at: Date, brief?: BriefWindow): Promise<void> {
    const { windows } = this.options;
    const waits = await (brief ? windows.touched(person, at, brief) : windows.heard(person, at));
    if (waits) this.inBackground(person);
  }

  /** @throws WindowRefusal when earlier messages to the same person wait; HubError 91 */
  async mustBeFirst(event: DurableEvent): Promise<void> {
    if (!this.mayWait(event) || !(await this.options.windows.holdsFor(event.data.to))) return;
    throw new WindowRefusal('101', 'earlier messages to the person wait until they write');
  }

  /**
   * A message was not delivered. Resolves when it is stored, if it is one that waits: then acknowledge it.
   * @returns false: it does not wait. @throws HubError 91 when it can be delivered again at once, or the bus is away
   */
  async keep({ event, message: { seq, subject } }: Held, error: HubError): Promise<boolean> {
    if (!this.mayWait(event) || !isRefusal(error)) return false;
    const { windows, store, outcomes } = this.options;
    const person = event.data.to;
    const key = keyOf(person, seq);
    try {
      await store.put(key, { subject, event });
    } catch (thrown) {
      // It is as large as a message of the bus can be.
      if (toHubError(thrown).code === '61') return false;
      throw thrown;
    }
    const until = Date.parse(event.expirytime ?? '') || windows.now();
    const kept = await windows.keep(person, { seq, until }, !(error instanceof WindowRefusal));
    if (kept !== 'kept') await store.delete(key);
    if (kept === 'opened') throw new HubError('91', 'the person has written meanwhile', { retryAfterMs: 0 });
    if (kept === 'full') return false;
    await outcomes.waits(event, `${error.detail}; kept until they write, at most until ${event.expirytime}`);
    return true;
  }

  /** Delivers what waits for a person, as far as their window allows. @throws HubError 91 */
  release(person: Address): Promise<void> {
    const before = this.releasing.get(person);
    if (before) return before;
    const work = this.deliverAll(person).finally(() => this.releasing.delete(person));
    this.releasing.set(person, work);
    return work;
  }

  /** Everybody for whom messages wait. @throws HubError 91 */
  async sweep(): Promise<void> {
    const people = new Map<string, Address>();
    for (const key of await this.options.store.keys(`${PREFIX}.*.*`)) {
      const [, digest = ''] = key.split('.');
      if (people.has(digest)) continue;
      const stored = Stored.safeParse(await this.options.store.get(key)).data;
      if (stored) people.set(digest, stored.event.data.to);
    }
    for (const person of people.values()) await this.release(person);
  }

  private async deliverAll(person: Address): Promise<void> {
    while (!this.isStopped && this.options.adapter.connectivity.connected) {
      const next = await this.options.windows.next(person, this.instance);
      if (!next || !(await this.deliver(person, next))) return;
    }
  }

  /** @returns false: nothing more can be delivered to the person now */
  private async deliver(person: Address, { seq, until, attempts }: Waiting): Promise<boolean> {
    const { windows, store, delivery, outcomes, log } = this.options;
    const key = keyOf(person, seq);
    const stored = Stored.safeParse(await store.get(key)).data;
    if (!stored) {
      log.error({ key }, 'a message that waited for a reply window is unreadable, skipped');
      await windows.ended(person, seq);
      return true;
    }
    const { event } = stored;
    const message = asBusMessage(stored, seq, attempts + 1);
    try {
      if (windows.now() >= until)
        throw new HubError('101', `the person has not written until ${event.expirytime}`);
      const result = await delivery.deliver(event, true, () => this.isStopped);
      await Promise.all([result.stored, outcomes.delivered(event, result)]);
    } catch (thrown) {
      const error = toHubError(thrown);
      const isOver = windows.now() >= until || (!isRefusal(error) && error.verdict !== 'retry');
      if (!isOver && attempts + 1 < ATTEMPTS) return this.waitAgain(person, seq, attempts, error);
      log.info({ event: event.id, code: error.code, reason: error.detail }, 'not delivered');
      await outcomes.failed(event, message, error);
    }
    await windows.ended(person, seq);
    await store.delete(key);
    return true;
  }

  private async waitAgain(person: Address, seq: number, attempts: number, error: HubError): Promise<boolean> {
    const { windows, log } = this.options;
    const isTrouble = !isRefusal(error) && !this.isStopped;
    const delayMs = this.delayAfter(error, attempts + 1);
    await windows.postpone(person, seq, delayMs, isTrouble);
    if (!isTrouble || delayMs > SWEEP_MS) return false;
    log.warn({ seq, code: error.code, reason: error.detail }, 'delivery failed, trying again');
    await sleep(delayMs, this.stopping.signal);
    return true;
  }

  /** A window that is closed by our count opens when the person writes; one that only the network closes is tried again later. */
  private delayAfter(error: HubError, attempt: number): number {
    if (this.isStopped || error instanceof WindowRefusal) return 0;
    return isRefusal(error) ? SHUT_MS : (error.retryAfterMs ?? backoff(attempt, 500, 30_000));
  }

  private inBackground(person: Address): void {
    runInBackground(TASK, this.options.log, () => this.release(person));
  }

  private mayWait(event: DurableEvent): boolean {
    return event.standin === 'when-window-opens' && this.options.windows.areThere;
  }

  private get isStopped(): boolean {
    return this.stopping.signal.aborted;
  }
}

function isRefusal({ code }: HubError): boolean {
  return code === '101' || code === '102';
}

function keyOf(person: Address, seq: number): string {
  return `${PREFIX}.${digestOf(person)}.${seq}`;
}

/** For the outcome and the dead letter: nothing on the bus waits for an answer any more. */
function asBusMessage(
  { subject, event }: z.infer<typeof Stored>,
  seq: number,
  deliveries: number,
): BusMessage {
  const nothing = () => undefined;
  const storedAt = new Date(event.time);
  const data = encodeEvent(event);
  return { subject, seq, data, deliveries, storedAt, ack: nothing, retry: nothing, working: nothing };
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}
