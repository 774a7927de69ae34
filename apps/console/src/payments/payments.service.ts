/** Payments of positions. Two admins record one: it decides whether a member owes money. */
import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { ApiProblem, ValidationProblem } from '#http';
import { AuditService } from '../audit/audit.service.js';
import { CLOCK, type Clock } from '../core/clock.js';
import type { Step } from '../exchange/change-effects.js';
import type { MomentKey } from '../http/page.js';
import { decimalOf, millionths } from '../settlement/amount.js';
import { SettlementNews } from '../settlement/settlement-news.js';
import type { PaymentTerms } from './payment.dto.js';
import {
  PaymentsRepository,
  type OpenPositionColumns,
  type PaymentFilter,
  type PaymentRow,
} from './payments.repository.js';

const DAY_MS = 24 * 3600_000;

@Injectable()
export class PaymentsService {
  constructor(
    private readonly repository: PaymentsRepository,
    private readonly audit: AuditService,
    private readonly news: SettlementNews,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Tries a payment. @throws ApiProblem as `record` */
  async check(manager: EntityManager, date: string, terms: PaymentTerms): Promise<void> {
    await this.rest(manager, date, terms);
  }

  /**
   * Records a payment in the transaction of its approval.
   * @throws ApiProblem not-found without such a position; conflict if the party would then have paid more than it, or less than nothing
   */
  async record(
    manager: EntityManager,
    step: Step,
    { date, terms }: { date: string; terms: PaymentTerms },
  ): Promise<void> {
    const { party, amount, paidOn, reference } = terms;
    const rest = await this.rest(manager, date, terms);
    const { by, proposedBy, approvedBy, reason } = step;
    const id = randomUUID();
    await this.repository.insert(manager, {
      id,
      date,
      terms,
      amount: millionths(amount),
      reason,
      recordedBy: proposedBy,
      approvedBy: approvedBy ?? by.id,
      at: this.clock(),
    });
    await this.news.tell(manager, [party], {
      kind: 'settlement',
      subject: `payment/${id}`,
      words:
        `${amount.startsWith('-') ? `${party} has paid` : `${party} has received`} ${amount.replace('-', '')} yuan on ${paidOn} ` +
        `for the business day ${date} (${reference}). Outstanding: ${decimalOf(rest)} yuan`,
    });
    await this.audit.record(manager, {
      by,
      action: 'payment.recorded',
      subject: `payment/${id}`,
      reason,
      change: { date, ...terms, outstanding: decimalOf(rest) },
      networks: [party],
    });
  }

  list(filter: PaymentFilter, before: MomentKey | undefined): Promise<PaymentRow[]> {
    return this.repository.list(filter, before);
  }

  open(
    filter: PaymentFilter,
    onlyOverdue: boolean,
    after: readonly [string, string] | undefined,
  ): Promise<OpenPositionColumns[]> {
    return this.repository.open(this.clock(), filter, onlyOverdue, after);
  }

  /** @returns what is outstanding after the payment, in millionths of a yuan */
  private async rest(manager: EntityManager, date: string, terms: PaymentTerms): Promise<bigint> {
    const { party, amount, paidOn } = terms;
    if (Date.parse(paidOn) > this.clock().getTime() + DAY_MS)
      throw new ValidationProblem([{ field: 'terms.paidOn', rule: 'must not be in the future' }]);
    const row = await this.repository.lockPosition(manager, date, party);
    if (!row) throw new ApiProblem('not-found', `${party} has no position of ${date}`);
    const position = BigInt(row.amount);
    const rest = position - BigInt(row.paid) - millionths(amount);
    const isWithin = position < 0n ? rest <= 0n && rest >= position : rest >= 0n && rest <= position;
    if (isWithin) return rest;
    throw new ApiProblem(
      'conflict',
      `of the position of ${decimalOf(position)} yuan of ${party}, ${decimalOf(BigInt(row.paid))} is paid: payments lie between zero and the position`,
    );
  }
}
