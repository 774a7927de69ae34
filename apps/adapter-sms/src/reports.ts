/**
 * Reports of segments -> what became of a message: it is delivered when all of its segments are, and failed when one is. In the
 * memory for 30 days: `arrived.<digest of the id>`, for a segment that is not the only one of its message.
 */
import { hash } from 'node:crypto';
import { nativePieces, type Hub, type MessageRef } from '#adapter-kit';
import { HubError } from '#protocol';
import { LruCache, PeriodicTask, sleep } from '#service';
import type { DeliveryReport } from './sms.link.js';
import { reportOf } from './to-canonical.js';

export interface ReportsOptions {
  hub: Pick<Hub, 'findNative' | 'submitOutcome' | 'recent' | 'log'>;
  stopping: AbortSignal;
  wait?: (ms: number, signal: AbortSignal) => Promise<void>;
  now?: () => number;
}

/** When a message is looked up again that is still being sent, ms since 1970. */
interface Early {
  since: number;
  next: number;
}

/** A report may come before the answer to its segment; how long until its message is looked up again, ms. */
const LOOK_AGAIN_MS = [0, 5, 20, 50, 125, 300, 500, 1000];
/** Reports about messages of which other segments are still being sent; one more is refused, and comes again. */
const MOST_EARLY = 10_000;
const SWEEP_MS = 1000;
/** A message whose rest was not sent by then has failed as a whole, which its sender reads elsewhere. */
const EARLY_MS = 3600_000;

export class Reports {
  /** Ids of segments that arrived before their message was sent to its end; bounded by `MOST_EARLY`. */
  private readonly early = new Map<string, Early>();
  private readonly arrived = new LruCache<string, true>({ max: 50_000 });
  /** Segments of words of the account itself, of which the hub knows nothing. */
  private readonly ofAccount = new LruCache<string, true>({ max: 20_000 });
  private sweeps: PeriodicTask | undefined;

  private readonly now: () => number;

  constructor(private readonly options: ReportsOptions) {
    this.now = options.now ?? Date.now;
  }

  start(): void {
    this.sweeps = new PeriodicTask(
      SWEEP_MS,
      () => this.sweep(),
      'reports of long messages',
      this.options.hub.log,
    );
  }

  async stop(): Promise<void> {
    await this.sweeps?.stop();
  }

  /** What becomes of these concerns nobody on another network. */
  areOfAccount(natives: readonly string[]): void {
    for (const native of natives) this.ofAccount.set(native, true);
  }

  /** Resolves when it is stored. @throws HubError 65, 91: let the gateway report again */
  async take(report: DeliveryReport): Promise<void> {
    const { hub } = this.options;
    const native = report.messageId;
    const isEnd = report.state !== 'delivered';
    const message = await this.messageOf(native);
    if (this.ofAccount.has(native))
      return hub.log.info({ native, state: report.state }, 'SMS: an answer of ours');
    // One that the hub does not know yet either is kept there.
    if (!message || isEnd || segmentsWith(message, native).length === 1)
      return hub.submitOutcome({ native }, reportOf(report));
    await hub.recent.put(keyOf(native), true);
    this.arrived.set(native, true);
    if (message.unfinished) this.remember(native);
    else await this.tell(message, native);
  }

  /** Messages that were sent to their end meanwhile. */
  async sweep(): Promise<void> {
    const now = this.now();
    for (const [native, one] of this.early) {
      if (one.next > now) continue;
      const message = await this.options.hub.findNative(native);
      if (message?.unfinished && now - one.since < EARLY_MS) {
        one.next = now + (now - one.since) / 2;
        continue;
      }
      if (message && !message.unfinished) await this.tell(message, native);
      this.early.delete(native);
    }
  }

  private async messageOf(native: string): Promise<MessageRef | undefined> {
    const { hub, stopping, wait = sleep } = this.options;
    let message = await hub.findNative(native);
    for (const ms of LOOK_AGAIN_MS) {
      if (message || this.ofAccount.has(native) || stopping.aborted) break;
      await wait(ms, stopping);
      message = await hub.findNative(native);
    }
    return message;
  }

  private remember(native: string): void {
    if (this.early.size >= MOST_EARLY) throw new HubError('65', 'too many reports of long messages wait');
    const now = this.now();
    this.early.set(native, { since: now, next: now });
  }

  private async tell(message: MessageRef, native: string): Promise<void> {
    for (const segment of segmentsWith(message, native)) if (!(await this.hasArrived(segment))) return;
    await this.options.hub.submitOutcome({ native }, { stage: 'delivered', basis: 'network' });
  }

  private async hasArrived(native: string): Promise<boolean> {
    if (this.arrived.has(native)) return true;
    const stored = await this.options.hub.recent.get(keyOf(native));
    if (stored === true) this.arrived.set(native, true);
    return stored === true;
  }
}

/** The segments of the message with this one; of an edit in words, which belongs to its message, those of the edit alone. */
function segmentsWith(message: MessageRef, native: string): string[] {
  const pieces = nativePieces(message);
  const editOf = ({ words, medium, changedBy }: (typeof pieces)[number]) =>
    words === undefined && medium === undefined ? changedBy : undefined;
  const one = pieces.find(({ id }) => id === native);
  if (!one) return [native];
  return pieces.filter((piece) => editOf(piece) === editOf(one)).map(({ id }) => id);
}

function keyOf(native: string): string {
  return `arrived.${hash('sha256', native, 'base64url').slice(0, 27)}`;
}
