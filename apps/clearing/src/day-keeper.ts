/** Closes business days: each when its cutover has passed, or when an admin says so. */
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { BusinessDate, dayAfter, type BusinessDays } from '#clearing';
import { closeDay } from '#clearing-store';
import { HubError, type ResultCode } from '#protocol';
import { guarded, LOG, metrics, SETTINGS, type Log } from '#service';
import { BUSINESS_DAYS } from './business-days.js';
import type { ClearingSettings } from './clearing.config.js';
import { Ledger } from './ledger.js';

const LOOK_MS = 15_000;
/** After so many days of silence, those between are not made up for. */
const MOST_MISSED = 400;

export const CloseRequest = z.object({
  date: BusinessDate,
  force: z
    .boolean()
    .default(false)
    .describe('Close it although it is not over: what comes later is of the next'),
});

export interface CloseReply {
  /** 00: closed now; 94: it was closed before, and nothing changed; 30: it is not over, or the request is malformed; 96: a fault. */
  code: ResultCode;
  detail?: string;
  date?: string;
  records?: number;
  /** The sum of all positions, in yuan. */
  netSum?: string;
}

const TASK = 'business days';

@Injectable()
export class DayKeeper implements OnApplicationBootstrap, OnModuleDestroy {
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> | undefined;
  private stopped = false;

  constructor(
    @Inject(DataSource) private readonly database: DataSource,
    @Inject(BUSINESS_DAYS) private readonly days: BusinessDays,
    @Inject(Ledger) private readonly ledger: Ledger,
    @Inject(SETTINGS) private readonly settings: ClearingSettings,
    @Inject(LOG) private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    const look = () => {
      this.looking ??= this.closeWhatIsOver(new Date())
        .catch((error: unknown) => {
          metrics.backgroundFailures.inc({ task: TASK });
          this.log.error({ reason: (error as Error).message }, 'a day could not be closed');
        })
        .finally(() => (this.looking = undefined));
    };
    this.timer = setInterval(guarded(TASK, this.log, look), LOOK_MS);
    look();
  }

  /** A close that has begun is not waited for: it leaves nothing half done. */
  onModuleDestroy(): void {
    this.stopped = true;
    clearInterval(this.timer);
  }

  /** Answers a request on the bus. */
  async answer(body: unknown): Promise<CloseReply> {
    const request = CloseRequest.safeParse(body);
    if (!request.success)
      throw new HubError('30', request.error.issues[0]?.message ?? 'not a request to close a day');
    const { date, force } = request.data;
    const now = new Date();
    const [end, today] = [this.days.endOf(date), this.days.dateOf(now)];
    if (date > today) throw new HubError('30', `${date} has not begun`);
    if (end > now && !force) throw new HubError('30', `${date} is not over until ${end.toISOString()}`);
    if (date < today && !(await this.isKnown(date)))
      throw new HubError('30', `${date} is no business day of ours`);
    if (!force && !(await this.ledger.hasRead(end)))
      throw new HubError('91', 'the ledger is behind: it closes by itself when all of the day is read');
    return this.close(date);
  }

  private async isKnown(date: BusinessDate): Promise<boolean> {
    const rows = await this.database.query<unknown[]>('SELECT 1 FROM business_day WHERE date = $1', [date]);
    return rows.length > 0;
  }

  /** Oldest first, so that files are numbered in the order of days. */
  async closeWhatIsOver(now: Date): Promise<void> {
    const over = await this.openDaysBefore(now);
    metrics.clearingOverdueDays.set(over.length);
    for (const date of over) {
      if (this.stopped) return;
      if (!(await this.ledger.hasRead(this.days.endOf(date)))) {
        this.log.info({ date }, 'not closed yet: the ledger is behind');
        return;
      }
      await this.close(date);
      metrics.clearingOverdueDays.dec();
    }
  }

  private async close(date: BusinessDate): Promise<CloseReply> {
    const start = performance.now();
    const { manifest, already } = await closeDay(this.database, date, {
      adjustmentsBefore: new Date(Math.min(this.days.endOf(date).getTime(), Date.now())),
      onProgress: (records) => this.log.info({ date, records }, 'closing'),
    });
    const { records, netSum } = manifest;
    if (already) return { code: '94', date, records, netSum };
    const seconds = Math.round(performance.now() - start) / 1000;
    metrics.clearingCloseSeconds.set(seconds);
    this.log.info({ date, records, netSum, seconds }, 'closed');
    return { code: '00', date, records, netSum };
  }

  /** Days without any traffic are days, too: each member has a file of each. */
  private async openDaysBefore(now: Date): Promise<BusinessDate[]> {
    const today = this.days.dateOf(new Date(now.getTime() - this.settings.CLEARING_GRACE_SECONDS * 1000));
    const [last] = await this.database.query<{ date: string | null }[]>(
      'SELECT max(date)::text AS date FROM business_day WHERE date <= $1',
      [today],
    );
    const missed = [today];
    for (let date = last?.date ?? today; date < today && missed.length < MOST_MISSED; date = dayAfter(date))
      missed.push(date);
    await this.database.query(
      'INSERT INTO business_day (date) SELECT unnest($1::date[]) ON CONFLICT DO NOTHING',
      [missed],
    );
    const rows = await this.database.query<{ date: string }[]>(
      `SELECT date::text FROM business_day WHERE state = 'open' AND date < $1 ORDER BY date`,
      [today],
    );
    return rows.map(({ date }) => date);
  }
}
