/** Disputes: applies the lifecycle. State, step, posting, announcement and audit entry are written in one transaction. */
import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { ApiKeyRow } from '#database';
import { ApiProblem } from '#http';
import { CLOCK, type Clock } from '../core/clock.js';
import { expectVersion } from '../http/versions.js';
import { millionths } from '../settlement/amount.js';
import { insertWithinPrice, mustBeRecent, mustBeUnconfirmed, mustHaveRoom } from './claim-rules.js';
import { actorOf, expiryOf, ofCaller, sidesOf } from './dispute-sides.js';
import { DisputeSteps } from './dispute-steps.js';
import {
  findDispute,
  findRecord,
  listDisputes,
  lockDispute,
  lockOverdue,
  stepsOf,
  type DisputeRow,
  type ListFilter,
  type StepRow,
} from './disputes.repository.js';
import type { NewDispute, Review, Ruling } from './disputes.dto.js';
import { act, opened, silence, type Action, type AdminAction } from './lifecycle.js';

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

@Injectable()
export class DisputesService {
  constructor(
    private readonly database: DataSource,
    private readonly written: DisputeSteps,
    @Inject(CLOCK) private readonly clock: Clock,
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
      await this.written.write(manager, row, { by: caller, side: 'claimant', action: 'open', ...evidence });
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
      return this.written.move(manager, row, next, { by: caller, side, action, text, envelopeHash });
    });
  }

  /** Applies a ruling in the transaction of its approval. @throws ApiProblem conflict if the dispute has changed since the proposal */
  async rule(manager: EntityManager, by: ApiKeyRow, { id, version, terms }: Decision<Ruling>): Promise<void> {
    const row = await this.undecided(manager, by, id, version);
    const next = act(row, 'arbitrate', 'admin', this.clock(), terms.for);
    await this.written.move(manager, row, next, { by, side: 'admin', action: 'arbitrate', text: terms.text });
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
    await this.written.move(manager, row, next, { by, side: 'admin', action, text });
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
        await this.written.move(manager, row, next, {
          by: 'hub',
          side: 'hub',
          action: expiryOf(row, next),
          text,
        });
        return true;
      });
    } catch (error) {
      if (id !== undefined) failed.add(id);
      throw error;
    }
  }
}
