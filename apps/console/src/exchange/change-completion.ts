/** How a change comes to its end: the networks that it binds, confirmations by rule, and its application. */
import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { ApiKeyRow } from '#database';
import type { Change as AuditEntry } from '../audit/audit.service.js';
import { CLOCK, type Clock } from '../core/clock.js';
import { isWithin, type AcceptanceRuleView } from './acceptance-rules.js';
import { AcceptanceRulesRepository } from './acceptance-rules.repository.js';
import { bindingsOf, type Binding } from './bindings.js';
import { ChangeEffects } from './change-effects.js';
import { awaited, entryOf } from './change-entry.js';
import { ChangeNews } from './change-news.js';
import type { ChangeView, ProposedChange } from './changes.js';
import { ChangesRepository, changeView, type ChangeRow } from './changes.repository.js';

/** Every method works in the transaction of a step; audit entries are added to the log of the step. */
@Injectable()
export class ChangeCompletion {
  constructor(
    private readonly effects: ChangeEffects,
    private readonly rows: ChangesRepository,
    private readonly rules: AcceptanceRulesRepository,
    private readonly news: ChangeNews,
    @Inject(CLOCK) private readonly now: Clock,
  ) {}

  /** Determines the networks that the change binds now. */
  async bind(manager: EntityManager, id: string, change: ProposedChange): Promise<Binding[]> {
    const bindings = await bindingsOf(manager, change);
    await this.rows.setBound(
      manager,
      id,
      bindings.map(({ network }) => network),
    );
    return bindings;
  }

  /** Confirms for networks whose acceptance rules allow the change. */
  async confirmByRule(
    manager: EntityManager,
    id: string,
    bindings: readonly Binding[],
    log: AuditEntry[],
  ): Promise<void> {
    for (const binding of bindings) {
      const rule = await this.ruleFor(manager, binding);
      if (!rule) continue;
      const reason = `within the rule ${rule.id} of ${binding.network}`;
      const answer = { state: 'confirmed', by: null, rule: rule.id, reason, at: this.now() } as const;
      await this.rows.answer(manager, id, binding.network, answer);
      log.push(entryOf('hub', await this.rows.find(manager, id), 'confirmed', reason));
    }
  }

  private async ruleFor(manager: EntityManager, binding: Binding): Promise<AcceptanceRuleView | undefined> {
    const rules = await this.rules.inForce(manager, binding.network);
    return rules.find(({ terms }) => isWithin(terms, binding));
  }

  /**
   * Determines the bound networks again: a network that has become a member since the approval must confirm as well, and one that
   * has left need not.
   */
  async applyIfConfirmed(
    manager: EntityManager,
    row: ChangeRow,
    by: ApiKeyRow,
    log: AuditEntry[],
  ): Promise<ChangeView> {
    const bindings = await this.bind(manager, row.id, row.body);
    const known = new Set<string>(row.confirmations.map(({ network }) => network));
    const added = bindings.filter(({ network }) => !known.has(network));
    await this.confirmByRule(manager, row.id, added, log);
    const now = await this.rows.find(manager, row.id);
    const missing = awaited(now);
    await this.news.awaits(
      manager,
      now,
      missing.filter((network) => !known.has(network)),
    );
    if (missing.length > 0) return changeView(now);
    const { id, body, reason, proposed_by: proposedBy } = now;
    await this.end(manager, now, 'applied', reason);
    await this.effects.apply(manager, body, { change: id, by, proposedBy, approvedBy: by.id, reason });
    const applied = await this.rows.find(manager, id);
    log.push(entryOf('hub', applied, 'applied', reason));
    return changeView(applied);
  }

  /** @param why for the networks that were asked */
  async end(
    manager: EntityManager,
    { id, state: before }: ChangeRow,
    state: 'applied' | 'rejected' | 'declined' | 'expired',
    why: string,
  ): Promise<ChangeRow> {
    await this.rows.end(manager, id, state, this.now());
    const ended = await this.rows.find(manager, id);
    // No network was informed before the approval.
    if (before === 'approved') await this.news.ended(manager, ended, state, why);
    return ended;
  }
}
