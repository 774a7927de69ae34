/** Compares a member's own records with its clearing file of a closed business day, and keeps the differences. */
import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { closedDay } from '#clearing-store';
import type { ApiKeyRow } from '#database';
import { ApiProblem } from '#http';
import { csvHead, csvLine } from '#service';
import { AuditService } from '../audit/audit.service.js';
import { CLOCK, type Clock } from '../core/clock.js';
import type { MomentKey } from '../http/page.js';
import { recordReader, type OwnRecord } from './own-records.js';
import { recordDifferenceView, type FileQuery, type RecordDifferenceView } from './reconciliation.dto.js';
import {
  ReconciliationsRepository,
  type DifferenceColumns,
  type DifferenceKind,
  type ReconciliationRow,
} from './reconciliations.repository.js';

/** Own records of one reconciliation at most. */
export const MOST_RECORDS = 500_000;
/** Each holds a connection to the database while its file arrives. */
const MOST_AT_ONCE = 2;
const CHUNK = 1000;
const COLUMNS = ['kind', 'reference', 'toNetwork', 'field', 'own', 'billed', 'dispute'] as const;

@Injectable()
export class ReconciliationService {
  private running = 0;

  constructor(
    private readonly database: DataSource,
    private readonly repository: ReconciliationsRepository,
    private readonly audit: AuditService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * @param lines of the uploaded file
   * @throws ApiProblem not-found if the network has no clearing file of that day; invalid names the line that is wrong; too-large
   */
  async reconcile(caller: ApiKeyRow, date: string, lines: AsyncIterable<string>): Promise<ReconciliationRow> {
    const network = await this.memberOf(caller, date);
    if (this.running >= MOST_AT_ONCE)
      throw new ApiProblem('too-many-requests', `${MOST_AT_ONCE} files are compared at present`, {
        headers: { 'retry-after': '30' },
      });
    this.running++;
    try {
      return await this.compared(caller, date, network, lines);
    } finally {
      this.running--;
    }
  }

  async list(
    caller: ApiKeyRow,
    date: string,
    before: MomentKey | undefined,
    limit: number,
  ): Promise<ReconciliationRow[]> {
    return this.repository.list(await this.memberOf(caller, date), date, before, limit);
  }

  /** @throws ApiProblem not-found, also for a reconciliation of another network */
  async find(caller: ApiKeyRow, date: string, id: string): Promise<ReconciliationRow> {
    const row = await this.repository.find(caller.network ?? '', date, id);
    if (!row) throw new ApiProblem('not-found', `no reconciliation ${id} of ${date}`);
    return row;
  }

  async differences(
    row: ReconciliationRow,
    kind: DifferenceKind | undefined,
    after: number,
    limit: number,
  ): Promise<DifferenceColumns[]> {
    return this.repository.differences(this.database, row, kind, after, limit + 1);
  }

  /** All listed differences as lines of a file. No spreadsheet takes a cell of the CSV for a formula. */
  async *file(row: ReconciliationRow, format: FileQuery['format']): AsyncGenerator<string> {
    if (format === 'csv') yield csvHead(COLUMNS);
    let after = 0;
    for (;;) {
      const rows = await this.repository.differences(this.database, row, undefined, after, CHUNK);
      yield rows.map((one) => lineOf(recordDifferenceView(one), format)).join('');
      if (rows.length < CHUNK) return;
      after = rows.at(-1)?.n ?? after;
    }
  }

  async remove(caller: ApiKeyRow, date: string, id: string): Promise<void> {
    const { network } = await this.find(caller, date, id);
    await this.audit.changing(
      {
        by: caller,
        action: 'reconciliation.removed',
        subject: `reconciliation/${id}`,
        reason: 'removed by the member',
        change: { date, network },
      },
      (manager) => this.repository.remove(manager, id),
    );
  }

  private compared(
    caller: ApiKeyRow,
    date: string,
    network: string,
    lines: AsyncIterable<string>,
  ): Promise<ReconciliationRow> {
    return this.database.transaction(async (manager) => {
      await this.repository.copyOwn(manager, recordsIn(lines));
      const id = randomUUID();
      const found = await this.repository.compare(manager, id, date, network);
      const row = { id, date, network, key: caller.id, at: this.clock(), ...found };
      await this.repository.insert(manager, row);
      await this.audit.record(manager, {
        by: caller,
        action: 'reconciliation.made',
        subject: `reconciliation/${id}`,
        reason: 'own records were compared',
        change: { date, ...found },
      });
      return row;
    });
  }

  private async memberOf({ network }: ApiKeyRow, date: string): Promise<string> {
    const day = await closedDay(this.database, date);
    if (network === null || !day?.members[network])
      throw new ApiProblem(
        'not-found',
        `no clearing file of your network for ${date}: the day is not closed, or the network was no member on that day`,
      );
    return network;
  }
}

/** @throws ApiProblem invalid, too-large */
async function* recordsIn(lines: AsyncIterable<string>): AsyncGenerator<OwnRecord> {
  const read = recordReader();
  let [number, count] = [0, 0];
  for await (const line of lines) {
    const record = read(line, ++number);
    if (!record) continue;
    if (++count > MOST_RECORDS)
      throw new ApiProblem('too-large', `line ${number}: a file has at most ${MOST_RECORDS} records`);
    yield record;
  }
}

function lineOf(view: RecordDifferenceView, format: FileQuery['format']): string {
  switch (format) {
    case 'csv':
      return csvLine(COLUMNS.map((column) => view[column]));
    case 'ndjson':
      return `${JSON.stringify(view)}\n`;
  }
}
