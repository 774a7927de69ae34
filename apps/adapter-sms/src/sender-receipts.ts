/**
 * Receipts about messages of people, for a gateway that asks (SMPP as SMSC). In the memory for 30 days, by the id of a message:
 * `receipt.<digest>`, what was asked for each of its segments. What the hub reports is repeated by the kit until the gateway has the
 * receipt; what was decided here (a command, a refusal) is kept by `OwedReceipts`.
 */
import { hash } from 'node:crypto';
import type { Memory } from '#adapter-kit';
import { toHubError, type ResultCode } from '#protocol';
import { LruCache, type Log, type sleep } from '#service';
import { Asked, OwedReceipts } from './owed-receipts.js';
import { receiptOf } from './sms.errors.js';
import type { IncomingSegment, SmsLink } from './sms.link.js';

export interface SenderReceiptsOptions {
  memory: Pick<Memory, 'get' | 'put' | 'entries'>;
  link: Pick<SmsLink, 'tellSender' | 'connectivity'>;
  log: Log;
  stopping: AbortSignal;
  /** @see OwedReceiptsOptions.gaveUp */
  gaveUp: (id: string) => void;
  wait?: typeof sleep;
  now?: () => number;
}

type StoredSegment = IncomingSegment & { id: string };

export class SenderReceipts {
  private readonly asked = new LruCache<string, Asked[]>({ max: 20_000 });
  /** By id of the segment and state: a receipt that was sent is not sent again with the rest of its message. */
  private readonly told = new LruCache<string, true>({ max: 20_000 });
  private readonly owed: OwedReceipts;

  constructor(private readonly options: SenderReceiptsOptions) {
    const { link, ...rest } = options;
    const tell = (asked: Asked, code: ResultCode) => this.tellOf(asked, code);
    this.owed = new OwedReceipts({ ...rest, connectivity: link.connectivity, tell });
  }

  /** How many of what was decided here this process tries to tell. */
  get waiting(): number {
    return this.owed.waiting;
  }

  /** Goes on with what the process before could not tell. */
  start(): void {
    if (this.options.link.tellSender) this.owed.resume();
  }

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

  /** The same for what was decided here. Resolves when it is stored, before the message is answered. @throws HubError 91 */
  async owe(id: string, code: ResultCode): Promise<void> {
    await this.oweAll(id, await this.askedFor(id), code);
  }

  /** The same for a segment that is not remembered. @throws HubError 91 */
  async oweOf(segment: StoredSegment, code: ResultCode): Promise<void> {
    if (segment.receipt && this.options.link.tellSender)
      await this.oweAll(segment.id, [askedBy(segment)], code);
  }

  private async oweAll(id: string, asked: readonly Asked[], code: ResultCode): Promise<void> {
    const due = asked.filter((one) => stateFor(one, code) !== undefined);
    if (due.length > 0) await this.owed.owe(`owed.${digestOf(id)}`, due, code);
  }

  private async tellOf(asked: Asked, code: ResultCode): Promise<void> {
    const { link, log } = this.options;
    const { id, person, service, at } = asked;
    const receipt = stateFor(asked, code);
    if (!receipt) return;
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

/** @returns undefined: it is no end, or the gateway does not ask about it */
function stateFor({ wish }: Asked, code: ResultCode): ReturnType<typeof receiptOf> {
  const receipt = receiptOf(code);
  return wish === 'failures' && receipt?.state === 'delivered' ? undefined : receipt;
}

function keyOf(id: string): string {
  return `receipt.${digestOf(id)}`;
}

function digestOf(id: string): string {
  return hash('sha256', id, 'base64url').slice(0, 27);
}
