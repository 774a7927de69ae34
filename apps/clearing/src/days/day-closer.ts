/** Closes business days: each when its cutover has passed, or when an admin asks for it. */
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { dayAfter, statementTerms, type BusinessDate, type BusinessDays } from '#clearing';
import { closeDay } from '#clearing-store';
import { HubError, type CloseDayAnswer, type CloseDayRequest } from '#protocol';
import { guarded, LOG, metrics, SETTINGS, type Log } from '#service';
import { BUSINESS_DAYS } from './business-days.js';
import { BusinessDaysRepository } from './business-days.repository.js';
import type { ClearingSettings } from '../clearing.config.js';
import { Ledger } from '../records/ledger.js';

/** Interval at which it is checked whether a day is over. */
const LOOK_MS = 15_000;
/** Days that are created at once after a time without clearing; earlier ones are not made up for. */
const MOST_MISSED = 400;

const TASK = 'business days';

@Injectable()
export class DayCloser implements OnApplicationBootstrap, OnModuleDestroy {
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> | undefined;
  private stopped = false;

  constructor(
    private readonly database: DataSource,
    private readonly repository: BusinessDaysRepository,
    @Inject(BUSINESS_DAYS) private readonly days: BusinessDays,
    private readonly ledger: Ledger,
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

  /** Does not wait for a close that is under way: an interrupted close leaves nothing behind. */
  onModuleDestroy(): void {
    this.stopped = true;
    clearInterval(this.timer);
  }

  /** Carries out a request from the bus. @throws HubError 30 when the day cannot be closed, 91 when the ledger is behind */
  async closeOnRequest({ date, force }: CloseDayRequest): Promise<CloseDayAnswer> {
    const now = new Date();
    const [end, today] = [this.days.endOf(date), this.days.dateOf(now)];
    if (date > today) throw new HubError('30', `${date} has not begun`);
    if (end > now && !force) throw new HubError('30', `${date} is not over until ${end.toISOString()}`);
    if (date < today && !(await this.repository.exists(date)))
      throw new HubError('30', `${date} is not a business day of this exchange`);
    if (!force && !(await this.ledger.hasRead(end)))
      throw new HubError('91', 'the ledger is behind: the day closes by itself when all of it has been read');
    return this.close(date);
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

  private async close(date: BusinessDate): Promise<CloseDayAnswer> {
    const start = performance.now();
    const { CLEARING_ZONE: zone, CLEARING_DUE_DAYS: dueDays } = this.settings;
    const { manifest, already } = await closeDay(this.database, date, {
      adjustmentsBefore: new Date(Math.min(this.days.endOf(date).getTime(), Date.now())),
      terms: statementTerms(date, this.days, zone, dueDays),
      onProgress: (records) => this.log.info({ date, records }, 'closing'),
    });
    const { records, netSum } = manifest;
    if (already) return { code: '94', date, records, netSum };
    const seconds = Math.round(performance.now() - start) / 1000;
    metrics.clearingCloseSeconds.set(seconds);
    this.log.info({ date, records, netSum, seconds }, 'closed');
    return { code: '00', date, records, netSum };
  }

  /** Also days without any traffic, of which each member has a file. */
  private async openDaysBefore(now: Date): Promise<BusinessDate[]> {
    const today = this.days.dateOf(new Date(now.getTime() - this.settings.CLEARING_GRACE_SECONDS * 1000));
    const last = await this.repository.latest(today);
    const missed = [today];
    for (let date = last ?? today; date < today && missed.length < MOST_MISSED; date = dayAfter(date))
      missed.push(date);
    await this.repository.add(missed);
    return this.repository.openBefore(today);
  }
}
