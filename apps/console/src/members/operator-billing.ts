/** Legal names and accounts of operators. A change needs two admins, because it decides where a bank sends money. */
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { ApiKeyRow } from '#database';
import { ApiProblem } from '#http';
import { AnnouncementsRepository } from '../announcements/announcements.repository.js';
import { AuditService } from '../audit/audit.service.js';
import type { BillingTerms } from './operator.dto.js';
import { changeBilling, lockOperator, operatorOf } from './operators.repository.js';

@Injectable()
export class OperatorBilling {
  constructor(
    private readonly audit: AuditService,
    private readonly announcements: AnnouncementsRepository,
  ) {}

  /** Applies an approved change. @throws ApiProblem conflict if the operator has changed since the proposal */
  async change(
    manager: EntityManager,
    by: ApiKeyRow,
    { id, version, terms }: { id: string; version: number; terms: BillingTerms },
    reason: string,
  ): Promise<void> {
    await lockOperator(manager, id);
    const operator = await operatorOf(manager, id, null);
    if (operator?.version !== version)
      throw new ApiProblem(
        'conflict',
        `the operator ${id} has changed since this was proposed: read it and propose again`,
      );
    await changeBilling(manager, id, terms);
    const { name, networks } = operator;
    for (const network of networks)
      await this.announcements.announce(manager, {
        network,
        kind: 'settlement',
        subject: `operator/${id}`,
        words:
          `The legal names and the account of ${name} were changed, because two admins agreed: statements show them from the ` +
          'next close on. If you did not ask for this, tell an admin.',
      });
    await this.audit.record(manager, {
      by,
      action: 'operator.billing-changed',
      subject: `operator/${id}`,
      reason,
      change: terms,
      networks,
    });
  }
}
