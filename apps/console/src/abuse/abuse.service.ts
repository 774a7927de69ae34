/** Abuse reports: made by the network of the recipient, passed on to the home network of the accused. */
import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { ApiKeyRow } from '#database';
import { ApiProblem } from '#http';
import { AuditService } from '../audit/audit.service.js';
import type { MomentKey } from '../http/page.js';
import { networkOf, type Address, type EventId, type Network } from '#protocol';
import { CLOCK, type Clock } from '../core/clock.js';
import { ReportLimits } from './report-limits.js';

export const CATEGORIES = ['spam', 'abuse', 'fraud', 'illegal', 'other'] as const;
/** What the home network did about the report. */
export const ACTIONS = ['none', 'warned', 'restricted', 'suspended', 'removed'] as const;
export const ROLES_IN_REPORT = ['reporter', 'accused'] as const;

/** Time in which the home network has to answer. A complaint without an answer counts double. */
const ANSWER_MS = 72 * 3600_000;

export interface NewReport {
  accused: Address;
  reference: EventId | null;
  category: (typeof CATEGORIES)[number];
  note: string;
  disclosedContent?: string | undefined;
}

export interface ReportRow {
  id: string;
  reporter_network: string;
  accused: string;
  accused_network: string;
  reference: string | null;
  category: (typeof CATEGORIES)[number];
  note: string;
  disclosed_content: string | null;
  reported_at: Date;
  due_at: Date;
  answered_at: Date | null;
  action: (typeof ACTIONS)[number] | null;
  answer_note: string | null;
}

export interface ReportFilter {
  /** undefined: reports of all networks. */
  network: string | undefined;
  role: (typeof ROLES_IN_REPORT)[number];
  after: MomentKey | undefined;
  limit: number;
}

@Injectable()
export class AbuseService {
  constructor(
    @Inject(DataSource) private readonly database: DataSource,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(ReportLimits) private readonly limits: ReportLimits,
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
      const row = await insert(manager, reporter, accusedNetwork, given, now);
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
  list({ network, role, after, limit }: ReportFilter): Promise<ReportRow[]> {
    const column = role === 'accused' ? 'accused_network' : 'reporter_network';
    return this.database.query<ReportRow[]>(
      `SELECT * FROM abuse_report WHERE ($1::text IS NULL OR ${column} = $1)
         AND ($2::timestamptz IS NULL OR (reported_at, id) < ($2, $3::uuid))
       ORDER BY reported_at DESC, id DESC LIMIT $4`,
      [network ?? null, after?.[0] ?? null, after?.[1] ?? null, limit],
    );
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
      const [[answered]] = await manager.query<[ReportRow[], number]>(
        `UPDATE abuse_report SET answered_at = $5, action = $3, answer_note = $4
         WHERE id = $1 AND accused_network = $2 AND answered_at IS NULL RETURNING *`,
        [id, network, action, note, this.clock()],
      );
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
    const there = await this.database.query<object[]>(
      'SELECT 1 FROM abuse_report WHERE id = $1 AND accused_network = $2',
      [id, network],
    );
    if (there.length === 0) throw new ApiProblem('not-found', `no report ${id}`);
    throw new ApiProblem('conflict', 'this report has been answered already');
  }
}

async function insert(
  manager: EntityManager,
  reporter: Network,
  accusedNetwork: Network,
  given: NewReport,
  now: Date,
): Promise<ReportRow> {
  const [row] = await manager.query<ReportRow[]>(
    `INSERT INTO abuse_report (id, reporter_network, accused, accused_network, reference, category, note, disclosed_content, reported_at, due_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING *`,
    [
      randomUUID(),
      reporter,
      given.accused,
      accusedNetwork,
      given.reference,
      given.category,
      given.note,
      given.disclosedContent ?? null,
      now,
      new Date(now.getTime() + ANSWER_MS),
    ],
  );
  if (!row) throw new ApiProblem('internal', 'the report was not stored');
  return row;
}
