/**
 * Changes that need several people: one admin proposes, another approves, then the operator of every network that the change binds
 * confirms, or an acceptance rule does. Then the change is applied. Every step is one transaction with its audit entry.
 */
import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { ApiKeyRow } from '#database';
import { ApiProblem } from '#http';
import { DifferentPeople } from '../access/different-people.js';
import { AuditService, type Change as AuditEntry } from '../audit/audit.service.js';
import { CLOCK, type Clock } from '../core/clock.js';
import { undone } from '../core/undone.js';
import { keyAfter, MomentKey, pageOf, type Page, type PageQuery } from '../http/page.js';
import { isWithin, type AcceptanceRuleView } from './acceptance-rules.js';
import { AcceptanceRulesRepository } from './acceptance-rules.repository.js';
import { subjectOf } from './change-subject.js';
import { bindingsOf, type Binding } from './bindings.js';
import { ChangeEffects } from './change-effects.js';
import { ChangeNews } from './change-news.js';
import { CHANGE_TERMS, type ChangeTerms } from './change-terms.js';
import type { ChangeView, ProposedChange } from './changes.js';
import { networksIn } from './concerned-networks.js';
import { ChangesRepository, changeView, type ChangeRow, type ListFilter } from './changes.repository.js';

const DAY_MS = 24 * 3600_000;

@Injectable()
export class ChangesService {
  constructor(
    private readonly database: DataSource,
    private readonly audit: AuditService,
    private readonly people: DifferentPeople,
    private readonly effects: ChangeEffects,
    private readonly rows: ChangesRepository,
    private readonly rules: AcceptanceRulesRepository,
    private readonly news: ChangeNews,
    @Inject(CLOCK) private readonly now: Clock,
    @Inject(CHANGE_TERMS) private readonly terms: ChangeTerms,
  ) {}

  /** Tries the change and rolls it back first, so that a change that cannot be applied is refused at once. */
  async propose(by: ApiKeyRow, change: ProposedChange, reason: string): Promise<ChangeView> {
    await this.tryOut(by, change, reason);
    const [id, at] = [randomUUID(), this.now()];
    const expiresAt = new Date(at.getTime() + this.terms.days * DAY_MS);
    return this.stepped(async (manager, log) => {
      if ((await this.rows.countOpenOf(manager, by.personId)) >= this.terms.openPerProposer)
        throw new ApiProblem(
          'conflict',
          `you have ${this.terms.openPerProposer} open proposals, the maximum for one person: reject some of them first`,
        );
      await this.rows.add(manager, { id, change, reason, by: by.id, at, expiresAt });
      await this.bind(manager, id, change);
      const row = await this.rows.find(manager, id);
      await this.news.proposed(manager, row);
      log.push(entry(by, row, 'proposed', reason));
      return changeView(row);
    });
  }

  /** @throws ApiProblem forbidden for the person who proposed it: two people are needed */
  async approve(by: ApiKeyRow, id: string, reason: string): Promise<ChangeView> {
    const { body, state, reason: proposed } = await this.rows.find(this.database.manager, id);
    if (state === 'proposed') await this.tryOut(by, body, proposed);
    return this.stepped(async (manager, log) => {
      const row = await this.open(manager, id, 'proposed');
      if (!(await this.people.are(row.proposed_by, by.id)))
        throw new ApiProblem(
          'forbidden',
          'another admin than the one who proposed it must approve it, with a key that neither made',
        );
      await this.rows.decide(manager, id, 'approved', by.id, this.now());
      const bindings = await this.bind(manager, id, row.body);
      log.push(entry(by, await this.rows.find(manager, id), 'approved', reason));
      await this.confirmByRule(manager, id, bindings, log);
      const approved = await this.rows.find(manager, id);
      await this.news.awaits(manager, approved, awaited(approved));
      return this.applyIfConfirmed(manager, approved, by, log);
    });
  }

  /** Rejects a change. Any admin can do so until it is applied. */
  reject(by: ApiKeyRow, id: string, reason: string): Promise<ChangeView> {
    return this.stepped(async (manager, log) => {
      const row = await this.open(manager, id, 'proposed', 'approved');
      await this.rows.decide(manager, id, 'rejected', by.id, this.now());
      const rejected = await this.end(manager, row, 'rejected', reason);
      log.push(entry(by, rejected, 'rejected', reason));
      return changeView(rejected);
    });
  }

  /** Confirms a change for a bound network, after the approval. The last confirmation applies the change. */
  confirm(by: ApiKeyRow, id: string, reason: string): Promise<ChangeView> {
    return this.stepped(async (manager, log) => {
      const { row, network } = await this.openTo(manager, by, id);
      if (row.confirmations.some((one) => one.network === network && one.state === 'confirmed'))
        return changeView(row);
      const answer = { by: by.id, rule: null, reason, at: this.now() };
      await this.rows.answer(manager, id, network, { state: 'confirmed', ...answer });
      const confirmed = await this.rows.find(manager, id);
      log.push(entry(by, confirmed, 'confirmed', reason));
      return this.applyIfConfirmed(manager, confirmed, by, log);
    });
  }

  /** Declines a change for a bound network, which ends it for all. A network can decline after it has confirmed. */
  decline(by: ApiKeyRow, id: string, reason: string): Promise<ChangeView> {
    return this.stepped(async (manager, log) => {
      const { row, network } = await this.openTo(manager, by, id);
      const answer = { by: by.id, rule: null, reason, at: this.now() };
      await this.rows.answer(manager, id, network, { state: 'declined', ...answer });
      const declined = await this.end(manager, row, 'declined', `${network} says: ${reason}`);
      log.push(entry(by, declined, 'declined', reason));
      return changeView(declined);
    });
  }

  /** @returns whether a change expired */
  async expireOne(): Promise<boolean> {
    return this.database.transaction(async (manager) => {
      const row = await this.rows.findOverdue(manager, this.now());
      if (!row) return false;
      const why = `it was open until ${row.expires_at.toISOString()}`;
      const expired = await this.end(manager, row, 'expired', why);
      await this.audit.record(manager, entry('hub', expired, 'expired', why));
      return true;
    });
  }

  async show(id: string, network: string | null): Promise<ChangeView> {
    return changeView(await this.rows.find(this.database.manager, id, network));
  }

  async list({ cursor, limit }: PageQuery, filter: ListFilter): Promise<Page<ChangeView>> {
    const rows = await this.rows.list(filter, keyAfter(cursor, MomentKey), limit + 1);
    return pageOf(rows, limit, (row) => [row.proposed_at.toISOString(), row.id], changeView);
  }

  /** Writes audit entries at the end of the transaction, because the lock of the audit log is the last one that a transaction takes. */
  private async stepped(
    work: (manager: EntityManager, log: AuditEntry[]) => Promise<ChangeView>,
  ): Promise<ChangeView> {
    const view = await this.database.transaction(async (manager) => {
      const log: AuditEntry[] = [];
      const result = await work(manager, log);
      for (const one of log) await this.audit.record(manager, one);
      return result;
    });
    if (view.state === 'applied') await this.effects.announce(view.change);
    return view;
  }

  private async open(
    manager: EntityManager,
    id: string,
    ...states: ('proposed' | 'approved')[]
  ): Promise<ChangeRow> {
    const row = await this.rows.find(manager, id);
    if (!(states as string[]).includes(row.state))
      throw new ApiProblem('conflict', `the change is ${row.state} already`);
    if (row.expires_at <= this.now())
      throw new ApiProblem('conflict', `the change expired at ${row.expires_at.toISOString()}`);
    return row;
  }

  private async openTo(
    manager: EntityManager,
    by: ApiKeyRow,
    id: string,
  ): Promise<{ row: ChangeRow; network: string }> {
    if (by.network === null)
      throw new ApiProblem('forbidden', 'only an operator of a network confirms or declines for it');
    const { state } = await this.rows.find(manager, id, by.network);
    if (state === 'proposed') throw new ApiProblem('conflict', 'no second admin has approved it yet');
    return { row: await this.open(manager, id, 'approved'), network: by.network };
  }

  private async bind(manager: EntityManager, id: string, change: ProposedChange): Promise<Binding[]> {
    const bindings = await bindingsOf(manager, change);
    await this.rows.setBound(
      manager,
      id,
      bindings.map(({ network }) => network),
    );
    return bindings;
  }

  private async confirmByRule(
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
      log.push(entry('hub', await this.rows.find(manager, id), 'confirmed', reason));
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
  private async applyIfConfirmed(
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
    log.push(entry('hub', applied, 'applied', reason));
    return changeView(applied);
  }

  private async end(
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

  private async tryOut(by: ApiKeyRow, change: ProposedChange, reason: string): Promise<void> {
    const step = { change: null, by, proposedBy: by.id, approvedBy: null, reason };
    await undone(this.database, (manager) => this.effects.check(manager, change, step));
  }
}

function entry(
  by: ApiKeyRow | 'hub',
  row: ChangeRow,
  step: ChangeView['state'] | 'confirmed',
  reason: string,
): AuditEntry {
  const { id, body, confirmations } = row;
  return {
    by,
    action: `${body.kind} ${step}`,
    subject: subjectOf(body),
    reason,
    change: { id, ...body, waitsFor: awaited(row) },
    networks: [...new Set([...networksIn(body), ...confirmations.map(({ network }) => network)])],
  };
}

function awaited({ confirmations }: ChangeRow): string[] {
  return confirmations.filter(({ state }) => state === 'awaited').map(({ network }) => network);
}
