/** Confirmations and differences of members about their statements of closed business days. */
import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { ApiKeyRow, Queries } from '#database';
import { ApiProblem } from '#http';
import { AuditService } from '../audit/audit.service.js';
import { CLOCK, type Clock } from '../core/clock.js';
import { AdjustmentsService } from './adjustments.service.js';
import { decimalOf, millionths } from './amount.js';
import { businessDayOf, type BusinessDayColumns } from './business-days.repository.js';
import { SettlementNews } from './settlement-news.js';
import {
  findConfirmation,
  hasOpenDifference,
  insertConfirmation,
  insertDifference,
  isParty,
  listConfirmations,
  listDifferences,
  lockDifference,
  lockStatement,
  positionOf,
  updateDifference,
  type ConfirmationRow,
  type DifferenceFilter,
  type DifferenceRow,
} from './settlement.repository.js';
import type { NewDifference, Resolution } from './settlement.dto.js';

@Injectable()
export class SettlementService {
  constructor(
    private readonly database: DataSource,
    private readonly audit: AuditService,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly news: SettlementNews,
    private readonly adjustments: AdjustmentsService,
  ) {}

  async confirmations(
    date: string,
    network: string | null,
    after: string,
    limit: number,
  ): Promise<ConfirmationRow[]> {
    await this.day(this.database, date, network);
    return listConfirmations(this.database, date, network, after, limit);
  }

  async differences(filter: DifferenceFilter): Promise<DifferenceRow[]> {
    await this.day(this.database, filter.date, filter.network);
    return listDifferences(this.database, filter);
  }

  /** Confirms a statement. A second confirmation returns the first one. */
  async confirm(caller: ApiKeyRow, date: string): Promise<{ row: ConfirmationRow; fresh: boolean }> {
    return this.saying(caller, date, async (manager, network) => {
      const known = await findConfirmation(manager, date, network);
      if (known) return { row: known, fresh: false };
      if (await hasOpenDifference(manager, date, network))
        throw new ApiProblem(
          'invalid',
          `${network} has an open difference for ${date}; it has to be resolved first`,
        );
      const position = await positionOf(manager, date, network);
      const row = { date, network, position, key: caller.id, at: this.clock() };
      await insertConfirmation(manager, row);
      await this.audit.record(manager, {
        by: caller,
        action: 'business-day.confirmed',
        subject: `business-day/${date}`,
        reason: 'the member confirms its statement',
        change: { network, position: decimalOf(BigInt(position)) },
      });
      return { row, fresh: true };
    });
  }

  async raise(caller: ApiKeyRow, date: string, { amount, text }: NewDifference): Promise<DifferenceRow> {
    return this.saying(caller, date, async (manager, network) => {
      if (await findConfirmation(manager, date, network))
        throw new ApiProblem(
          'invalid',
          `${network} has confirmed ${date}: open a dispute about the message instead`,
        );
      const row: DifferenceRow = {
        id: randomUUID(),
        date,
        network,
        amount: millionths(amount).toString(),
        text,
        key: caller.id,
        raised_at: this.clock(),
        resolution: null,
        adjustment: null,
        resolved_at: null,
        version: 1,
      };
      await insertDifference(manager, row);
      await this.audit.record(manager, {
        by: caller,
        action: 'difference.raised',
        subject: `difference/${row.id}`,
        reason: text,
        change: { date, network, amount: decimalOf(millionths(amount)) },
      });
      return row;
    });
  }

  /** @throws ApiProblem not-found */
  async difference(date: string, id: string): Promise<DifferenceRow> {
    return found(await lockDifference(this.database, date, id), date, id);
  }

  /** Resolves a difference in the transaction of its approval. @throws ApiProblem conflict if it has changed since the proposal */
  async resolve(
    manager: EntityManager,
    by: ApiKeyRow,
    { date, id, version, terms }: { date: string; id: string; version: number; terms: Resolution },
  ): Promise<void> {
    const row = found(await lockDifference(manager, date, id), date, id);
    if (row.resolved_at) throw new ApiProblem('invalid', 'the difference is resolved already');
    if (row.version !== version)
      throw new ApiProblem(
        'conflict',
        `the difference ${id} has changed since this was proposed: read it and propose again`,
      );
    const { reason, adjustment } = terms;
    await updateDifference(manager, {
      ...row,
      resolution: reason,
      adjustment: adjustment ? await this.post(manager, row, reason, adjustment) : null,
      resolved_at: this.clock(),
      version: row.version + 1,
    });
    const concerned = [row.network, ...(adjustment ? [adjustment.from, adjustment.to] : [])];
    const paid = adjustment
      ? `${adjustment.from} pays ${adjustment.amount} yuan to ${adjustment.to}`
      : 'nobody pays';
    await this.news.tell(manager, concerned, {
      kind: 'settlement',
      subject: `difference/${id}`,
      words:
        `The difference of ${decimalOf(BigInt(row.amount))} yuan that ${row.network} raised for ${date} is resolved: ` +
        `${paid}. Reason: ${reason}`,
    });
    await this.audit.record(manager, {
      by,
      action: 'difference.resolved',
      subject: `difference/${id}`,
      reason,
      change: { date, network: row.network, adjustment: adjustment ?? null },
      networks: concerned,
    });
  }

  private async post(
    manager: EntityManager,
    { date, network, id }: DifferenceRow,
    reason: string,
    { from, to, amount }: NonNullable<Resolution['adjustment']>,
  ): Promise<string> {
    if (from === to) throw new ApiProblem('invalid', 'adjustment.to: must differ from adjustment.from');
    if (from !== network && to !== network)
      throw new ApiProblem(
        'invalid',
        `adjustment: from or to must be ${network}, which raised the difference`,
      );
    for (const [field, party] of Object.entries({ from, to }))
      if (!(await isParty(manager, date, party)))
        throw new ApiProblem(
          'invalid',
          `adjustment.${field}: ${party} is neither a network nor a party of ${date}`,
        );
    return this.adjustments.post(manager, {
      from,
      to,
      amount: millionths(amount),
      text: `difference ${id} of ${date}: ${reason}`,
      cause: { kind: 'difference', difference: id },
    });
  }

  private async saying<T>(
    caller: ApiKeyRow,
    date: string,
    work: (manager: EntityManager, network: string) => Promise<T>,
  ): Promise<T> {
    const { network } = caller;
    if (network === null)
      throw new ApiProblem(
        'forbidden',
        'only an operator of a member confirms its statement or raises a difference',
      );
    return this.database.transaction(async (manager) => {
      if ((await this.day(manager, date, network)).state !== 'closed')
        throw new ApiProblem('invalid', `the business day ${date} is not closed yet`);
      await lockStatement(manager, date, network);
      return work(manager, network);
    });
  }

  private async day(queries: Queries, date: string, party: string | null): Promise<BusinessDayColumns> {
    const day = await businessDayOf(queries, date, party);
    if (!day) throw new ApiProblem('not-found', `no business day ${date}`);
    return day;
  }
}

function found(row: DifferenceRow | undefined, date: string, id: string): DifferenceRow {
  if (!row) throw new ApiProblem('not-found', `no difference ${id} for ${date}`);
  return row;
}
