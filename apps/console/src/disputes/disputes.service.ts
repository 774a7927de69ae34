/** Disputes: applies the lifecycle. State, step, posting, announcement and audit entry are written in one transaction. */
import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { ApiKeyRow } from '#database';
import { ApiProblem } from '#http';
import { AuditService } from '../audit/audit.service.js';
import { CLOCK, type Clock } from '../core/clock.js';
import { expectVersion } from '../http/versions.js';
import { AdjustmentsService } from '../settlement/adjustments.service.js';
import { decimalOf, millionths } from '../settlement/amount.js';
import { SettlementNews } from '../settlement/settlement-news.js';
import { insertWithinPrice, mustBeRecent, mustBeUnconfirmed, mustHaveRoom } from './claim-rules.js';
import { wordsOf } from './dispute-announcement.js';
import {
  findDispute,
  findRecord,
  insertStep,
  listDisputes,
  lockDispute,
  lockOverdue,
  stepsOf,
  updateDispute,
  type DisputeRow,
  type ListFilter,
  type StepRow,
} from './disputes.repository.js';
import type { NewDispute, Review, Ruling } from './disputes.dto.js';
import {
  act,
  opened,
  silence,
  type Action,
  type Actor,
  type AdminAction,
  type Position,
} from './lifecycle.js';

/** Action of one side. Actions of admins are changes that need two people. */
export interface Act {
  action: Exclude<Action, AdminAction>;
  text: string;
  envelopeHash?: string;
}

/** Decision of two admins about a dispute, as it was at this version. */
interface Decision<Terms> {
  id: string;
  version: number;
  terms: Terms;
}

interface Step {
  by: ApiKeyRow | 'hub';
  side: Actor | 'hub';
  action: string;
  text: string;
  envelopeHash?: string | undefined;
}

@Injectable()
export class DisputesService {
  constructor(
    private readonly database: DataSource,
    private readonly audit: AuditService,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly news: SettlementNews,
    private readonly adjustments: AdjustmentsService,
  ) {}

  list(filter: ListFilter): Promise<DisputeRow[]> {
    return listDisputes(this.database, filter);
  }

  async find(caller: ApiKeyRow, id: string): Promise<DisputeRow> {
    return ofCaller(await findDispute(this.database, id), caller, id);
  }

  steps(id: string): Promise<StepRow[]> {
    return stepsOf(this.database, id);
  }

  async open(
    caller: ApiKeyRow,
    { reference, toNetwork, kind, amount, evidence }: NewDispute,
  ): Promise<DisputeRow> {
    const now = this.clock();
    return this.database.transaction(async (manager) => {
      const record = await findRecord(manager, reference, toNetwork);
      const sides = record ? sidesOf(record, caller.network) : undefined;
      if (!record || !sides)
        throw new ApiProblem('not-found', `no detail record ${reference} to ${toNetwork}`);
      mustBeRecent(record, now);
      await mustBeUnconfirmed(manager, record, sides.claimant, kind);
      await mustHaveRoom(manager, sides.claimant);
      const row: DisputeRow = {
        id: randomUUID(),
        reference,
        to_network: toNetwork,
        ...sides,
        kind,
        amount: millionths(amount).toString(),
        version: 1,
        opened_at: now,
        ...opened(now),
      };
      await insertWithinPrice(manager, row);
      await this.write(manager, row, { by: caller, side: 'claimant', action: 'open', ...evidence });
      return row;
    });
  }

  async act(
    caller: ApiKeyRow,
    id: string,
    ifMatch: string | undefined,
    { action, text, envelopeHash }: Act,
  ): Promise<DisputeRow> {
    return this.database.transaction(async (manager) => {
      const row = ofCaller(await lockDispute(manager, id), caller, id);
      expectVersion(ifMatch, row.version);
      const side = actorOf(caller, row);
      const next = act(row, action, side, this.clock());
      return this.move(manager, row, next, { by: caller, side, action, text, envelopeHash });
    });
  }

  /** Applies a ruling in the transaction of its approval. @throws ApiProblem conflict if the dispute has changed since the proposal */
  async rule(manager: EntityManager, by: ApiKeyRow, { id, version, terms }: Decision<Ruling>): Promise<void> {
    const row = await this.undecided(manager, by, id, version);
    const next = act(row, 'arbitrate', 'admin', this.clock(), terms.for);
    await this.move(manager, row, next, { by, side: 'admin', action: 'arbitrate', text: terms.text });
  }

  /** Applies the review of a default ruling, like `rule`. */
  async review(
    manager: EntityManager,
    by: ApiKeyRow,
    { id, version, terms: { decision, text } }: Decision<Review>,
  ): Promise<void> {
    const row = await this.undecided(manager, by, id, version);
    const action = `${decision}-default` as const;
    const next = act(row, action, 'admin', this.clock());
    await this.move(manager, row, next, { by, side: 'admin', action, text });
  }

  private async undecided(
    manager: EntityManager,
    by: ApiKeyRow,
    id: string,
    version: number,
  ): Promise<DisputeRow> {
    const row = ofCaller(await lockDispute(manager, id), by, id);
    if (row.version !== version)
      throw new ApiProblem(
        'conflict',
        `the dispute ${id} has changed since this was proposed: read it and propose again`,
      );
    return row;
  }

  /**
   * Applies the missed deadline of one dispute: a reminder, a default ruling, or its effect.
   * @param failed ids of disputes to skip; a dispute that fails is added
   * @returns false if no dispute is overdue
   */
  async expireOne(failed: Set<string>): Promise<boolean> {
    let id: string | undefined;
    try {
      return await this.database.transaction(async (manager) => {
        const now = this.clock();
        const row = await lockOverdue(manager, now, [...failed]);
        const next = row && silence(row, now);
        if (!row || !next) return false;
        id = row.id;
        const text = `nobody acted by ${row.deadline?.toISOString()}`;
        await this.move(manager, row, next, { by: 'hub', side: 'hub', action: expiryOf(row, next), text });
        return true;
      });
    } catch (error) {
      if (id !== undefined) failed.add(id);
      throw error;
    }
  }

  /** The caller has locked the row, so that the dispute closes once and the adjustment is posted once. */
  private async move(
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

  private async write(manager: EntityManager, row: DisputeRow, step: Step): Promise<void> {
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

/** Name of the step that follows a missed deadline. */
function expiryOf({ state }: Position, next: Position): 'remind' | 'default' | 'take-effect' {
  if (next.state === state) return 'remind';
  return next.state === 'closed' ? 'take-effect' : 'default';
}

/** The network of the caller is the claimant, the other one of the record the respondent. @returns undefined if the record is not the caller's */
function sidesOf(
  { from_network: from, to_network: to }: { from_network: string; to_network: string },
  network: string | null,
): { claimant: string; respondent: string } | undefined {
  if (from === to) return undefined;
  if (network === from) return { claimant: from, respondent: to };
  if (network === to) return { claimant: to, respondent: from };
  return undefined;
}

/** An operator gets the same answer for a dispute of others as for one that does not exist. */
function ofCaller(row: DisputeRow | undefined, caller: ApiKeyRow, id: string): DisputeRow {
  const foreign =
    caller.role === 'operator' && row?.claimant !== caller.network && row?.respondent !== caller.network;
  if (!row || foreign) throw new ApiProblem('not-found', `no dispute ${id}`);
  return row;
}

function actorOf(caller: ApiKeyRow, row: DisputeRow): Actor {
  if (caller.role !== 'operator') return 'admin';
  return caller.network === row.claimant ? 'claimant' : 'respondent';
}
