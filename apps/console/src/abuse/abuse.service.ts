/** Abuse reports: made by the network of the recipient, passed on to the home network of the accused. */
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { ApiKeyRow } from '#database';
import { ApiProblem } from '#http';
import { AuditService } from '../audit/audit.service.js';
import { networkOf, type Network } from '#protocol';
import { CLOCK, type Clock } from '../core/clock.js';
import { ReportLimits } from './report-limits.js';
import {
  answerReport,
  insertReport,
  reportExists,
  reportsBefore,
  type ACTIONS,
  type NewReport,
  type ReportFilter,
  type ReportRow,
} from './abuse-reports.repository.js';

@Injectable()
export class AbuseService {
  constructor(
    private readonly database: DataSource,
    private readonly audit: AuditService,
    private readonly limits: ReportLimits,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Stores a report. The accused is not looked up, so that neither the answer nor its time shows whether they exist. Only messages
   * that were delivered to the network of the reporter are looked up.
   * @throws ApiProblem too-many-requests
   */
  async report(by: ApiKeyRow, reporter: Network, given: NewReport): Promise<ReportRow> {
    const accusedNetwork = networkOf(given.accused);
    if (accusedNetwork === reporter)
      throw new ApiProblem('invalid', 'accused: is a subscriber of your own network; act there instead');
    const now = this.clock();
    return this.database.transaction(async (manager) => {
      await this.limits.checkNetwork(manager, reporter, now);
      const row = await insertReport(manager, reporter, accusedNetwork, given, now);
      await this.limits.checkPerson(manager, row.id, reporter, now);
      // Only the network of the reporter sees this entry: the home network must not learn who complained.
      await this.audit.record(manager, {
        by,
        action: 'abuse-report.made',
        subject: `abuse-report/${row.id}`,
        reason: given.note || given.category,
        change: { accused: given.accused, reference: given.reference, category: given.category },
      });
      return row;
    });
  }

  /** Newest first. */
  list(filter: ReportFilter): Promise<ReportRow[]> {
    return reportsBefore(this.database, filter);
  }

  /** Writes to the audit log that somebody read the disclosed content of these reports. */
  async noteRead(by: ApiKeyRow, rows: ReportRow[]): Promise<void> {
    const disclosed = rows.filter((row) => row.disclosed_content !== null);
    if (disclosed.length === 0) return;
    await this.database.transaction((manager) =>
      this.audit.record(manager, {
        by,
        action: 'abuse-report.read',
        subject: 'abuse-report/disclosed-content',
        reason: 'listed',
        change: { reports: disclosed.map(({ id }) => id) },
      }),
    );
  }

  /** Stores the answer; a report is answered once. @param network the home network of the accused */
  async answer(
    by: ApiKeyRow,
    network: string,
    id: string,
    action: (typeof ACTIONS)[number],
    note: string,
  ): Promise<ReportRow> {
    const row = await this.database.transaction(async (manager) => {
      const answered = await answerReport(manager, { network, id, action, note, at: this.clock() });
      if (answered)
        await this.audit.record(manager, {
          by,
          action: 'abuse-report.answered',
          subject: `abuse-report/${id}`,
          reason: note,
          change: { action },
        });
      return answered;
    });
    if (row) return row;
    if (!(await reportExists(this.database, id, network)))
      throw new ApiProblem('not-found', `no report ${id}`);
    throw new ApiProblem('conflict', 'this report has been answered already');
  }
}
