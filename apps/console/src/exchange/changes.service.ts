import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { ApiKeyRow } from '#database';
import { DifferentPeople } from '../access/different-people.js';
import { AuditService } from '../audit/audit.service.js';
import { keyAfter, MomentKey, pageOf, type Page, type PageQuery } from '../http/page.js';
import { subjectOf } from './apply-change.js';
import { ChangeEffects } from './change-effects.js';
import type { ChangeView, ProposedChange } from './changes.js';
import { networksIn } from './concerned-networks.js';
import { ApiProblem } from '../http/problems.js';

interface Columns {
  id: string;
  body: ProposedChange;
  reason: string;
  state: ChangeView['state'];
  proposed_by: string;
  proposed_at: Date;
  decided_by: string | null;
  decided_at: Date | null;
}

@Injectable()
export class ChangesService {
  constructor(
    @Inject(DataSource) private readonly database: DataSource,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(DifferentPeople) private readonly people: DifferentPeople,
    @Inject(ChangeEffects) private readonly effects: ChangeEffects,
  ) {}

  /** Tried out and taken back first, so that what cannot be done is refused to whoever proposes it. */
  async propose(by: ApiKeyRow, change: ProposedChange, reason: string): Promise<ChangeView> {
    await this.tryOut(by, change);
    const id = randomUUID();
    return this.audit.changing(
      {
        by,
        action: `${change.kind} proposed`,
        subject: subjectOf(change),
        reason,
        change: { id, ...change },
        networks: networksIn(change),
      },
      async (manager) => {
        await manager.query(
          `INSERT INTO change_request (id, kind, body, reason, state, proposed_by, proposed_at) VALUES ($1, $2, $3, $4, 'proposed', $5, date_trunc('milliseconds', now()))`,
          [id, change.kind, JSON.stringify(change), reason, by.id],
        );
        return view(await this.find(manager, id));
      },
    );
  }

  /** @throws ApiProblem forbidden to whoever proposed it: two people are needed */
  async approve(by: ApiKeyRow, id: string, reason: string): Promise<ChangeView> {
    const decided = await this.decide(by, id, 'approved', reason, async (manager, row) => {
      if (!(await this.people.are(row.proposed_by, by.id)))
        throw new ApiProblem(
          'forbidden',
          'another admin than the one who proposed it must approve it, with a key that neither made',
        );
      await this.effects.apply(manager, row.body, by, row.proposed_by);
    });
    await this.effects.announce(decided.change);
    return decided;
  }

  reject(by: ApiKeyRow, id: string, reason: string): Promise<ChangeView> {
    return this.decide(by, id, 'rejected', reason, () => Promise.resolve());
  }

  async show(id: string): Promise<ChangeView> {
    return view(await this.find(this.database.manager, id));
  }

  async list({ cursor, limit }: PageQuery, state: string | undefined): Promise<Page<ChangeView>> {
    const [at, id] = keyAfter(cursor, MomentKey) ?? [];
    const rows = await this.database.query<Columns[]>(
      `SELECT * FROM change_request WHERE ($1::text IS NULL OR state = $1) AND ($2::timestamptz IS NULL OR (proposed_at, id) < ($2, $3::uuid))
       ORDER BY proposed_at DESC, id DESC LIMIT $4`,
      [state ?? null, at ?? null, id ?? null, limit + 1],
    );
    return pageOf(rows, limit, (row) => [row.proposed_at.toISOString(), row.id], view);
  }

  private async decide(
    by: ApiKeyRow,
    id: string,
    state: 'approved' | 'rejected',
    reason: string,
    work: (manager: EntityManager, row: Columns) => Promise<void>,
  ): Promise<ChangeView> {
    return this.database.transaction(async (manager) => {
      const row = await this.find(manager, id);
      if (row.state !== 'proposed') throw new ApiProblem('conflict', `it was ${row.state} already`);
      await work(manager, row);
      await manager.query(
        'UPDATE change_request SET state = $2, decided_by = $3, decided_at = now() WHERE id = $1',
        [id, state, by.id],
      );
      const { body } = row;
      await this.audit.record(manager, {
        by,
        action: `${body.kind} ${state}`,
        subject: subjectOf(body),
        reason,
        change: { id, ...body },
        networks: networksIn(body),
      });
      return view(await this.find(manager, id));
    });
  }

  private async tryOut(by: ApiKeyRow, change: ProposedChange): Promise<void> {
    const runner = this.database.createQueryRunner();
    try {
      await runner.startTransaction();
      await this.effects.check(runner.manager, change, by);
    } finally {
      await runner.rollbackTransaction();
      await runner.release();
    }
  }

  private async find(manager: EntityManager, id: string): Promise<Columns> {
    const [row] = await manager.query<Columns[]>('SELECT * FROM change_request WHERE id = $1 FOR UPDATE', [
      id,
    ]);
    if (!row) throw new ApiProblem('not-found', `no change ${id}`);
    return row;
  }
}

function view(row: Columns): ChangeView {
  return {
    id: row.id,
    change: row.body,
    reason: row.reason,
    state: row.state,
    proposedBy: row.proposed_by,
    proposedAt: row.proposed_at.toISOString(),
    decidedBy: row.decided_by,
    decidedAt: row.decided_at?.toISOString() ?? null,
  };
}
