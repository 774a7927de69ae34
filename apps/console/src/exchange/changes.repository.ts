/** Tables of proposed changes and of their confirmations. */
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { ApiProblem } from '#http';
import { type Network } from '#protocol';
import type { MomentKey } from '../http/page.js';
import type { ChangeConfirmation, ChangeState, ChangeView, ProposedChange } from './changes.js';

export interface ChangeRow {
  id: string;
  body: ProposedChange;
  reason: string;
  state: ChangeState;
  proposed_by: string;
  proposed_at: Date;
  expires_at: Date;
  decided_by: string | null;
  decided_at: Date | null;
  ended_at: Date | null;
  proposer: PersonName | null;
  decider: PersonName | null;
  confirmations: ConfirmationRow[];
}

type PersonName = NonNullable<ChangeView['proposer']>;

/** As JSON, in which times are text. */
interface ConfirmationRow {
  network: Network;
  state: ChangeConfirmation['state'];
  confirmed_by: string | null;
  rule: string | null;
  reason: string | null;
  at: string | null;
}

export interface NewChange {
  id: string;
  change: ProposedChange;
  reason: string;
  by: string;
  at: Date;
  expiresAt: Date;
}

export interface ListFilter {
  state: ChangeState | undefined;
  /** Only changes that bind this network. */
  network: string | null;
  /** Id of the person. */
  proposedBy: string | null;
}

/** Key of the operator, or rule of the network, that confirmed or declined. */
export interface Answer {
  state: 'confirmed' | 'declined';
  by: string | null;
  rule: string | null;
  reason: string;
  at: Date;
}

const OWNER_OF = (key: string) =>
  `(SELECT jsonb_build_object('id', p.id, 'name', p.name) FROM api_key k JOIN person p ON p.id = k.person_id WHERE k.id = ${key})`;
const COLUMNS = `change_request.*, ${OWNER_OF('proposed_by')} AS proposer, ${OWNER_OF('decided_by')} AS decider,
  ARRAY(SELECT to_jsonb(c) FROM change_confirmation c WHERE c.change = change_request.id ORDER BY c.network) AS confirmations`;

@Injectable()
export class ChangesRepository {
  constructor(private readonly database: DataSource) {}

  async add(manager: EntityManager, { id, change, reason, by, at, expiresAt }: NewChange): Promise<void> {
    await manager.query(
      `INSERT INTO change_request (id, kind, body, reason, state, proposed_by, proposed_at, expires_at)
       VALUES ($1, $2, $3, $4, 'proposed', $5, date_trunc('milliseconds', $6::timestamptz), $7)`,
      [id, change.kind, JSON.stringify(change), reason, by, at, expiresAt],
    );
  }

  /** Locks a change for this transaction. @throws ApiProblem not-found, also for a change that does not bind this network */
  async find(manager: EntityManager, id: string, network: string | null = null): Promise<ChangeRow> {
    // Locked before its confirmations are read: one statement that waits for the lock would read old confirmations.
    await manager.query('SELECT 1 FROM change_request WHERE id = $1 FOR UPDATE', [id]);
    const [row] = await manager.query<ChangeRow[]>(
      `SELECT ${COLUMNS} FROM change_request
       WHERE id = $1 AND ($2::text IS NULL OR EXISTS (SELECT 1 FROM change_confirmation c WHERE c.change = id AND c.network = $2))`,
      [id, network],
    );
    if (!row) throw new ApiProblem('not-found', `no change ${id}`);
    return row;
  }

  /** Newest first. */
  list(
    { state, network, proposedBy }: ListFilter,
    before: MomentKey | undefined,
    limit: number,
  ): Promise<ChangeRow[]> {
    const [at, id] = before ?? [];
    return this.database.query<ChangeRow[]>(
      `SELECT ${COLUMNS} FROM change_request
       WHERE ($1::text IS NULL OR state = $1) AND ($2::timestamptz IS NULL OR (proposed_at, id) < ($2, $3::uuid))
         AND ($4::text IS NULL OR EXISTS (SELECT 1 FROM change_confirmation c WHERE c.change = id AND c.network = $4))
         AND ($5::uuid IS NULL OR proposed_by IN (SELECT k.id FROM api_key k WHERE k.person_id = $5))
       ORDER BY proposed_at DESC, id DESC LIMIT $6`,
      [state ?? null, at ?? null, id ?? null, network, proposedBy, limit],
    );
  }

  /** Locks the proposals of one person, so that they are counted correctly. */
  async countOpenOf(manager: EntityManager, person: string): Promise<number> {
    await manager.query('SELECT 1 FROM person WHERE id = $1 FOR UPDATE', [person]);
    const [row] = await manager.query<{ open: number }[]>(
      `SELECT count(*)::int AS open FROM change_request
       WHERE ended_at IS NULL AND proposed_by IN (SELECT id FROM api_key WHERE person_id = $1)`,
      [person],
    );
    return row?.open ?? 0;
  }

  /** Locks an expired open change; skips those that another console has locked. */
  async findOverdue(manager: EntityManager, now: Date): Promise<ChangeRow | undefined> {
    const [due] = await manager.query<{ id: string }[]>(
      `SELECT id FROM change_request WHERE ended_at IS NULL AND expires_at <= $1 ORDER BY expires_at, id LIMIT 1
       FOR UPDATE SKIP LOCKED`,
      [now],
    );
    return due && this.find(manager, due.id);
  }

  /** Sets the networks that must confirm. Networks that are no longer bound are removed; existing answers stay. */
  async setBound(manager: EntityManager, id: string, networks: readonly string[]): Promise<void> {
    await manager.query('DELETE FROM change_confirmation WHERE change = $1 AND NOT network = ANY($2)', [
      id,
      networks,
    ]);
    await manager.query(
      `INSERT INTO change_confirmation (change, network, state) SELECT $1, unnest($2::text[]), 'awaited' ON CONFLICT DO NOTHING`,
      [id, networks],
    );
  }

  async answer(
    manager: EntityManager,
    id: string,
    network: string,
    { state, by, rule, reason, at }: Answer,
  ): Promise<void> {
    await manager.query(
      `UPDATE change_confirmation SET state = $3, confirmed_by = $4, rule = $5, reason = $6, at = $7
       WHERE change = $1 AND network = $2`,
      [id, network, state, by, rule, reason, at],
    );
  }

  async decide(
    manager: EntityManager,
    id: string,
    state: 'approved' | 'rejected',
    by: string,
    at: Date,
  ): Promise<void> {
    await manager.query(
      'UPDATE change_request SET state = $2, decided_by = $3, decided_at = $4 WHERE id = $1',
      [id, state, by, at],
    );
  }

  async end(
    manager: EntityManager,
    id: string,
    state: 'applied' | 'rejected' | 'declined' | 'expired',
    at: Date,
  ): Promise<void> {
    await manager.query('UPDATE change_request SET state = $2, ended_at = $3 WHERE id = $1', [id, state, at]);
  }
}

export function changeView(row: ChangeRow): ChangeView {
  return {
    id: row.id,
    change: row.body,
    reason: row.reason,
    state: row.state,
    proposedBy: row.proposed_by,
    proposer: row.proposer,
    proposedAt: row.proposed_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
    decidedBy: row.decided_by,
    decider: row.decider,
    decidedAt: row.decided_at?.toISOString() ?? null,
    endedAt: row.ended_at?.toISOString() ?? null,
    confirmations: row.confirmations.map(({ network, state, confirmed_by, rule, reason, at }) => ({
      network,
      state,
      confirmedBy: confirmed_by,
      rule,
      reason,
      at: at === null ? null : new Date(at).toISOString(),
    })),
  };
}
