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
import { ChangeCompletion } from './change-completion.js';
import { ChangeEffects } from './change-effects.js';
import { awaited, entryOf } from './change-entry.js';
import { ChangeNews } from './change-news.js';
import { CHANGE_TERMS, type ChangeTerms } from './change-terms.js';
import type { ChangeView, ProposedChange } from './changes.js';
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
    private readonly completion: ChangeCompletion,
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
      await this.completion.bind(manager, id, change);
      const row = await this.rows.find(manager, id);
      await this.news.proposed(manager, row);
      log.push(entryOf(by, row, 'proposed', reason));
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
      const bindings = await this.completion.bind(manager, id, row.body);
      log.push(entryOf(by, await this.rows.find(manager, id), 'approved', reason));
      await this.completion.confirmByRule(manager, id, bindings, log);
      const approved = await this.rows.find(manager, id);
      await this.news.awaits(manager, approved, awaited(approved));
      return this.completion.applyIfConfirmed(manager, approved, by, log);
    });
  }

  /** Rejects a change. Any admin can do so until it is applied. */
  reject(by: ApiKeyRow, id: string, reason: string): Promise<ChangeView> {
    return this.stepped(async (manager, log) => {
      const row = await this.open(manager, id, 'proposed', 'approved');
      await this.rows.decide(manager, id, 'rejected', by.id, this.now());
      const rejected = await this.completion.end(manager, row, 'rejected', reason);
      log.push(entryOf(by, rejected, 'rejected', reason));
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
      log.push(entryOf(by, confirmed, 'confirmed', reason));
      return this.completion.applyIfConfirmed(manager, confirmed, by, log);
    });
  }

  /** Declines a change for a bound network, which ends it for all. A network can decline after it has confirmed. */
  decline(by: ApiKeyRow, id: string, reason: string): Promise<ChangeView> {
    return this.stepped(async (manager, log) => {
      const { row, network } = await this.openTo(manager, by, id);
      const answer = { by: by.id, rule: null, reason, at: this.now() };
      await this.rows.answer(manager, id, network, { state: 'declined', ...answer });
      const declined = await this.completion.end(manager, row, 'declined', `${network} says: ${reason}`);
      log.push(entryOf(by, declined, 'declined', reason));
      return changeView(declined);
    });
  }

  /** @returns whether a change expired */
  async expireOne(): Promise<boolean> {
    return this.database.transaction(async (manager) => {
      const row = await this.rows.findOverdue(manager, this.now());
      if (!row) return false;
      const why = `it was open until ${row.expires_at.toISOString()}`;
      const expired = await this.completion.end(manager, row, 'expired', why);
      await this.audit.record(manager, entryOf('hub', expired, 'expired', why));
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

  private async tryOut(by: ApiKeyRow, change: ProposedChange, reason: string): Promise<void> {
    const step = { change: null, by, proposedBy: by.id, approvedBy: null, reason };
    await undone(this.database, (manager) => this.effects.check(manager, change, step));
  }
}
