/** Closes a business day on request: asks clearing to close it, and writes the audit entry. */
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { z } from 'zod';
import { ask } from '#bus';
import { closedDay, verifyDay, type Verification } from '#clearing-store';
import type { ApiKeyRow } from '#database';
import { ApiProblem } from '#http';
import { requests } from '#protocol';
import { AuditService } from '../audit/audit.service.js';
import { ConsoleBus } from '../core/console-bus.js';
import { SettlementNews } from './settlement-news.js';

export const Closed = z
  .object({
    date: z.string().max(40),
    records: z.int().describe('Detail records of the day'),
    netSum: z.string().max(100).describe('Sum of the net positions of all parties: zero'),
    alreadyClosed: z.boolean().describe('true: the day was closed before, and nothing was done now'),
  })
  .meta({ id: 'DayClosed' });
export type Closed = z.infer<typeof Closed>;

const CLOSE_MS = 10 * 60_000;

@Injectable()
export class DayClosing {
  constructor(
    private readonly database: DataSource,
    private readonly bus: ConsoleBus,
    private readonly audit: AuditService,
    private readonly news: SettlementNews,
  ) {}

  async isClosed(date: string): Promise<boolean> {
    return (await closedDay(this.database, date)) !== undefined;
  }

  /** @throws ApiProblem conflict if the day is closed */
  async expectOpen(date: string): Promise<void> {
    if (await this.isClosed(date)) throw new ApiProblem('conflict', `${date} is closed already`);
  }

  /** @param early also a day that is not over, which needs two people. For a closed day the answer has the same figures again. */
  async close(manager: EntityManager, by: ApiKeyRow, date: string, early: boolean): Promise<Closed> {
    const asked = { date, force: early };
    const { code, records, netSum } = await ask(this.bus.link, requests.closeDay(), asked, CLOSE_MS);
    const closed = { date, records, netSum, alreadyClosed: code === '94' };
    if (closed.alreadyClosed) return closed;
    if (early)
      await this.news.tellAllOf(manager, date, {
        kind: 'settlement',
        subject: `business-day/${date}`,
        words:
          `The business day ${date} was closed before it was over, because two admins agreed. ` +
          'What ends later on that day is billed with the next business day. Confirm your statement, or raise a difference.',
      });
    await this.audit.record(manager, {
      by,
      action: 'day.closed',
      subject: `business-day/${date}`,
      reason: early ? 'before it was over: two people agreed' : 'over, and asked for',
      change: { force: early },
      networks: ['*'],
    });
    return closed;
  }

  /**
   * Recalculates the day from its records and compares. Every member of the day is notified whether anything differs; what
   * differs names members, and is for admins and auditors.
   */
  async recompute(by: ApiKeyRow, date: string): Promise<Verification> {
    const found = await verifyDay(this.database, date);
    const { identical, differences } = found;
    await this.database.transaction(async (manager) => {
      await this.news.tellAllOf(manager, date, {
        kind: 'settlement',
        subject: `business-day/${date}`,
        words: identical
          ? `The business day ${date} was recomputed from its records: nothing differs.`
          : `The business day ${date} was recomputed from its records, and differs. Positions are not changed by this: ` +
            'compare your statement with your own records.',
      });
      await this.audit.record(manager, {
        by,
        action: 'day.recomputed',
        subject: `business-day/${date}`,
        reason: 'asked for',
        change: { identical, differences: differences.slice(0, 100) },
      });
    });
    return found;
  }
}
