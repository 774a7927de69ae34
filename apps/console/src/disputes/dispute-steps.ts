/** Writes a step of a dispute: its new state, the posting that follows from its end, the news to both sides and the audit entry. */
import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { ApiKeyRow } from '#database';
import { AuditService } from '../audit/audit.service.js';
import { CLOCK, type Clock } from '../core/clock.js';
import { AdjustmentsService } from '../settlement/adjustments.service.js';
import { decimalOf } from '../settlement/amount.js';
import { SettlementNews } from '../settlement/settlement-news.js';
import { wordsOf } from './dispute-announcement.js';
import { insertStep, updateDispute, type DisputeRow } from './disputes.repository.js';
import type { Actor, Position } from './lifecycle.js';

export interface Step {
  by: ApiKeyRow | 'hub';
  side: Actor | 'hub';
  action: string;
  text: string;
  envelopeHash?: string | undefined;
}

@Injectable()
export class DisputeSteps {
  constructor(
    private readonly audit: AuditService,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly news: SettlementNews,
    private readonly adjustments: AdjustmentsService,
  ) {}

  /** The caller has locked the row, so that the dispute closes once and the adjustment is posted once. */
  async move(
    manager: EntityManager,
    before: DisputeRow,
    position: Position,
    step: Step,
  ): Promise<DisputeRow> {
    const row = { ...before, ...position, version: before.version + 1 };
    await updateDispute(manager, row);
    if (row.outcome === 'claimant') await this.post(manager, row);
    await this.write(manager, row, step);
    return row;
  }

  private async post(manager: EntityManager, row: DisputeRow): Promise<void> {
    const { id, kind, reference, to_network: to, respondent, claimant, amount, ground } = row;
    await this.adjustments.post(manager, {
      from: respondent,
      to: claimant,
      amount: BigInt(amount),
      text: `dispute ${id}: ${kind} of the message ${reference} to ${to}, ended by ${ground}`,
      cause: { kind: 'dispute', dispute: id, reference },
    });
  }

  async write(manager: EntityManager, row: DisputeRow, step: Step): Promise<void> {
    const { by, side, action, text, envelopeHash } = step;
    await insertStep(manager, {
      dispute: row.id,
      version: row.version,
      at: this.clock(),
      side,
      key: by === 'hub' ? null : by.id,
      action,
      state: row.state,
      text,
      envelope_hash: envelopeHash ?? null,
    });
    const { claimant, respondent, reference, kind, state, outcome, ground, ruling } = row;
    const amount = decimalOf(BigInt(row.amount));
    await this.news.tell(manager, [claimant, respondent], {
      kind: 'dispute',
      subject: `dispute/${row.id}`,
      words: wordsOf(row, action, side, text),
    });
    await this.audit.record(manager, {
      by,
      action: `dispute.${action}`,
      subject: `dispute/${row.id}`,
      reason: text,
      change: { claimant, respondent, reference, kind, amount, state, outcome, ground, ruling },
      networks: [claimant, respondent],
    });
  }
}
