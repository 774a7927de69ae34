/** Adjusting entries: a closed business day is never changed; the next close includes them. Both sides are notified. */
import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { CLOCK, type Clock } from '../core/clock.js';
import {
  AdjustmentsRepository,
  type AdjustmentFilter,
  type AdjustmentRow,
  type NewAdjustment,
} from './adjustments.repository.js';
import { decimalOf } from './amount.js';
import { SettlementNews } from './settlement-news.js';

/** Cause of an adjusting entry, with its id. */
export type Cause =
  { kind: 'dispute'; dispute: string; reference: string } | { kind: 'difference'; difference: string };

export interface Adjustment {
  from: string;
  to: string;
  amount: bigint;
  /** Decision and reason, for both sides. */
  text: string;
  cause: Cause;
}

@Injectable()
export class AdjustmentsService {
  constructor(
    private readonly repository: AdjustmentsRepository,
    private readonly news: SettlementNews,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Posts an entry in the transaction of its cause, before the audit entry. @returns the id of the entry */
  async post(manager: EntityManager, { from, to, amount, text, cause }: Adjustment): Promise<string> {
    const entry = { from, to, amount, text, ...columnsOf(cause) };
    const id = await this.repository.insert(manager, entry, this.clock());
    await this.news.tell(manager, [from, to], {
      kind: 'adjustment',
      subject: `adjustment/${id}`,
      words: `${from} pays ${decimalOf(amount)} yuan to ${to} with the next close of a business day: ${text}`,
    });
    return id;
  }

  list(filter: AdjustmentFilter): Promise<AdjustmentRow[]> {
    return this.repository.list(filter);
  }
}

function columnsOf(cause: Cause): Pick<NewAdjustment, 'dispute' | 'difference' | 'reference'> {
  switch (cause.kind) {
    case 'dispute':
      return { dispute: cause.dispute, difference: null, reference: cause.reference };
    case 'difference':
      return { dispute: null, difference: cause.difference, reference: null };
  }
}
