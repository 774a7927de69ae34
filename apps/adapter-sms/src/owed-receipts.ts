/**
 * Receipts that no event of the hub repeats, because what became of the message was decided here (a command, a refusal). Each is
 * stored before its message is answered, as `owed.<digest>`, and tried until the gateway takes it, also by the next process.
 */
import { z } from 'zod';
import type { Connectivity, Memory } from '#adapter-kit';
import { ResultCode } from '#protocol';
import { runInBackground, sleep, tolerate, type Log } from '#service';

export const Asked = z.object({
  id: z.string(),
  wish: z.enum(['always', 'failures']),
  person: z.string(),
  service: z.string(),
  /** When it came, ms since 1970. */
  at: z.number(),
});
/** A segment about which the gateway asks. */
export type Asked = z.infer<typeof Asked>;

const Owed = z.object({ asked: Asked.array().min(1), code: ResultCode, since: z.number() });
type Owed = z.infer<typeof Owed>;

export interface OwedReceiptsOptions {
  memory: Pick<Memory, 'put' | 'entries'>;
  connectivity: Pick<Connectivity, 'untilConnected'>;
  /** Sends a receipt. @throws HubError when the gateway may take it later */
  tell: (asked: Asked, code: ResultCode) => Promise<void>;
  /** @param id of the message whose receipt was not taken within `MOST_AGE_MS` */
  gaveUp: (id: string) => void;
  log: Log;
  stopping: AbortSignal;
  wait?: typeof sleep;
  now?: () => number;
}

/** Between attempts, ms; the last one is repeated. */
const TRY_AGAIN_MS = [0, 500, 2000, 10_000, 30_000, 60_000];
/** When the memory could not be read, ms. */
const READ_AGAIN_MS = 10_000;
/** Aggregators close the outcome of a message by then. */
const MOST_AGE_MS = 48 * 3600_000;
/** Those that this process tries at the same time; further ones wait in the memory. */
const MOST_WAITING = 1000;

export class OwedReceipts {
  /** Keys of those that are being tried; bounded by `MOST_WAITING`. */
  private readonly trying = new Set<string>();
  /** There are others in the memory. */
  private hasMore = false;
  private isReading = false;

  constructor(private readonly options: OwedReceiptsOptions) {}

  get waiting(): number {
    return this.trying.size;
  }

  /** Goes on with what an earlier process, or a full queue, left. */
  resume(): void {
    if (this.isReading) return;
    this.isReading = true;
    const { log, stopping, wait = sleep } = this.options;
    runInBackground('stored receipts', log, async () => {
      while (!stopping.aborted && !(await tolerate('stored receipts', log, () => this.read())))
        await wait(READ_AGAIN_MS, stopping);
      this.isReading = false;
    });
  }

  /** Resolves when it is stored. @throws HubError 91 */
  async owe(key: string, asked: readonly Asked[], code: ResultCode): Promise<void> {
    const owed = { asked: [...asked], code, since: this.now() };
    await this.options.memory.put(key, owed);
    this.begin(key, owed);
  }

  private async read(): Promise<true> {
    this.hasMore = false;
    for await (const [key, value] of this.options.memory.entries('owed.*')) {
      const { data: owed } = Owed.safeParse(value);
      if (owed && !this.trying.has(key)) this.begin(key, owed);
      if (this.hasMore) break;
    }
    return true;
  }

  private begin(key: string, owed: Owed): void {
    if (this.trying.has(key)) return;
    if (this.trying.size >= MOST_WAITING) {
      this.hasMore = true;
      return;
    }
    this.trying.add(key);
    runInBackground('receipt', this.options.log, async () => {
      try {
        await this.untilTold(key, owed);
      } finally {
        this.trying.delete(key);
        if (this.hasMore && this.trying.size < MOST_WAITING / 2) this.resume();
      }
    });
  }

  private async untilTold(key: string, { asked, code, since }: Owed): Promise<void> {
    const { connectivity, gaveUp, log, memory, stopping, tell, wait = sleep } = this.options;
    for (let attempt = 0; ; attempt++) {
      await wait(TRY_AGAIN_MS[Math.min(attempt, TRY_AGAIN_MS.length - 1)] ?? 0, stopping);
      await connectivity.untilConnected();
      if (stopping.aborted) return;
      const isLate = this.now() - since > MOST_AGE_MS;
      if (isLate) gaveUp(asked[0]?.id ?? '');
      const isOver =
        isLate ||
        (await tolerate('receipt', log, async () => {
          for (const one of asked) await tell(one, code);
          return true;
        }));
      // Nothing can be removed from the memory before its time.
      if (!isOver) continue;
      await tolerate('receipt that is over', log, () => memory.put(key, {}));
      return;
    }
  }

  private now(): number {
    return this.options.now?.() ?? Date.now();
  }
}
