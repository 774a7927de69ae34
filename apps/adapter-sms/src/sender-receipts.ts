/**
 * Receipts about messages of people, for a gateway that asks (SMPP as SMSC). In the memory for 30 days, by the id of a message:
 * `receipt.<digest>`, what was asked for each of its segments. What the hub reports is repeated by the kit until the gateway has the
 * receipt; what was decided here (a command, a refusal) is repeated by this process alone.
 */
import { hash } from 'node:crypto';
import { z } from 'zod';
import type { Memory } from '#adapter-kit';
import { toHubError, type ResultCode } from '#protocol';
import { LruCache, runInBackground, sleep, tolerate, type Log } from '#service';
import { receiptOf } from './sms.errors.js';
import type { IncomingSegment, SmsLink } from './sms.link.js';

const Asked = z.object({
  id: z.string(),
  wish: z.enum(['always', 'failures']),
  person: z.string(),
  service: z.string(),
  /** When it came, ms since 1970. */
  at: z.number(),
});
type Asked = z.infer<typeof Asked>;

export interface SenderReceiptsOptions {
  memory: Pick<Memory, 'get' | 'put'>;
  link: Pick<SmsLink, 'tellSender' | 'connectivity'>;
  log: Log;
  stopping: AbortSignal;
  wait?: typeof sleep;
}

/** Between attempts at a receipt that no event of the hub repeats, ms. */
const TRY_AGAIN_MS = [0, 500, 2000, 10_000, 30_000];
/** Such receipts that wait for the gateway; further ones are not sent. */
const MOST_WAITING = 1000;

type StoredSegment = IncomingSegment & { id: string };

export class SenderReceipts {
  private readonly asked = new LruCache<string, Asked[]>({ max: 20_000 });
  /** By id of the segment and state: a receipt that was sent is not sent again with the rest of its message. */
  private readonly told = new LruCache<string, true>({ max: 20_000 });
  private waiting = 0;

  constructor(private readonly options: SenderReceiptsOptions) {}

  /** Before the segment is answered. @throws HubError 91 */
  async remember(segment: StoredSegment): Promise<void> {
    const { id, receipt, concatenation } = segment;
    if (!receipt) return;
    // One that comes again may be the first of a text that is joined already.
    if (concatenation && (await this.askedFor(id)).length > 0) return;
    await this.store(id, [askedBy(segment)]);
  }

  /** Segments that are one message now, under the first of these ids. @throws HubError 91 */
  async join(ids: readonly string[]): Promise<void> {
    const [first] = ids;
    if (!this.options.link.tellSender || first === undefined || ids.length === 1) return;
    const each = await Promise.all(
      ids.map(async (id) => (await this.askedFor(id)).filter((one) => one.id === id)),
    );
    if (each.flat().length > 0) await this.store(first, each.flat());
  }

  /** Whether a message that arrives is to be reported. @throws HubError 91 */
  async wantsDelivered(id: string): Promise<boolean> {
    return (await this.askedFor(id)).some(({ wish }) => wish === 'always');
  }

  /**
   * What became of a message. Resolves when the gateway has its receipts, or does not take them.
   * @throws HubError 91, 65
   */
  async tell(id: string, code: ResultCode): Promise<void> {
    for (const asked of await this.askedFor(id)) await this.tellOf(asked, code);
  }

  /** The same for what was decided before the message was answered. Returns at once. */
  tellSoon(id: string, code: ResultCode): void {
    this.inBackground(() => this.tell(id, code));
  }

  /** The same for a segment that is not remembered. */
  tellSoonOf(segment: StoredSegment, code: ResultCode): void {
    if (segment.receipt) this.inBackground(() => this.tellOf(askedBy(segment), code));
  }

  private inBackground(work: () => Promise<void>): void {
    const { link, log, wait = sleep } = this.options;
    if (!link.tellSender) return;
    if (this.waiting >= MOST_WAITING) return log.warn('SMS: too many receipts wait, one is not sent');
    this.waiting++;
    runInBackground('receipt', log, async () => {
      try {
        await this.untilTold(work, wait);
      } finally {
        this.waiting--;
      }
    });
  }

  private async untilTold(work: () => Promise<void>, wait: typeof sleep): Promise<void> {
    const { link, log, stopping } = this.options;
    for (const ms of TRY_AGAIN_MS) {
      await wait(ms, stopping);
      await link.connectivity.untilConnected();
      const isTold = await tolerate('receipt', log, async () => {
        await work();
        return true;
      });
      if (isTold || stopping.aborted) return;
    }
  }

  private async tellOf(asked: Asked, code: ResultCode): Promise<void> {
    const { link, log } = this.options;
    const { id, wish, person, service, at } = asked;
    const receipt = receiptOf(code);
    if (!receipt || (wish === 'failures' && receipt.state === 'delivered')) return;
    const key = `${id} ${receipt.state}`;
    if (this.told.has(key)) return;
    const times = { submittedAt: new Date(at), doneAt: new Date() };
    try {
      await link.tellSender?.({ id, person, service, ...receipt, ...times });
    } catch (thrown) {
      const error = toHubError(thrown);
      if (error.verdict === 'retry') throw error;
      log.warn({ code: error.code, reason: error.detail }, 'SMS: the gateway refused a receipt');
    }
    this.told.set(key, true);
  }

  private async askedFor(id: string): Promise<Asked[]> {
    if (!this.options.link.tellSender) return [];
    const known = this.asked.get(id);
    if (known) return known;
    return Asked.array().safeParse(await this.options.memory.get(keyOf(id))).data ?? [];
  }

  private async store(id: string, asked: Asked[]): Promise<void> {
    this.asked.set(id, asked);
    await this.options.memory.put(keyOf(id), asked);
  }
}

function askedBy({ id, receipt = 'always', person, service }: StoredSegment): Asked {
  return { id, wish: receipt, person, service, at: Date.now() };
}

function keyOf(id: string): string {
  return `receipt.${hash('sha256', id, 'base64url').slice(0, 27)}`;
}
