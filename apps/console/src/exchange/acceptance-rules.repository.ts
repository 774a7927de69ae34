/** Table of acceptance rules. A rule is withdrawn, never deleted, because confirmations refer to it. */
import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { ApiProblem } from '#http';
import { network as networkSlug } from '#protocol';
import type { MomentKey } from '../http/page.js';
import { AcceptanceTerms, type AcceptanceRuleView } from './acceptance-rules.js';

interface Columns {
  id: string;
  network: string;
  terms: unknown;
  reason: string;
  created_by: string;
  created_at: Date;
  withdrawn_at: Date | null;
}

const MOST_RULES = 50;

@Injectable()
export class AcceptanceRulesRepository {
  constructor(private readonly database: DataSource) {}

  /** @throws ApiProblem conflict if the network has the maximum number of rules in force */
  async add(
    manager: EntityManager,
    by: { id: string; network: string },
    terms: AcceptanceTerms,
    reason: string,
    at: Date,
  ): Promise<AcceptanceRuleView> {
    await manager.query('SELECT 1 FROM network WHERE slug = $1 FOR NO KEY UPDATE', [by.network]);
    if ((await this.inForce(manager, by.network)).length >= MOST_RULES)
      throw new ApiProblem(
        'conflict',
        `the network has ${MOST_RULES} rules in force, which is the maximum: withdraw one first`,
      );
    const [row] = await manager.query<Columns[]>(
      `INSERT INTO acceptance_rule (id, network, terms, reason, created_by, created_at)
       VALUES ($1, $2, $3, $4, $5, date_trunc('milliseconds', $6::timestamptz)) RETURNING *`,
      [randomUUID(), by.network, JSON.stringify(terms), reason, by.id, at],
    );
    if (!row) throw new ApiProblem('internal', 'the rule was not stored');
    return ruleView(row);
  }

  /** @throws ApiProblem not-found if the network has no such rule in force */
  async withdraw(
    manager: EntityManager,
    by: { id: string; network: string },
    id: string,
    at: Date,
  ): Promise<AcceptanceRuleView> {
    const [rows] = await manager.query<[Columns[], number]>(
      `UPDATE acceptance_rule SET withdrawn_at = $3, withdrawn_by = $4
       WHERE id = $1 AND network = $2 AND withdrawn_at IS NULL RETURNING *`,
      [id, by.network, at, by.id],
    );
    const [row] = rows;
    if (!row) throw new ApiProblem('not-found', `no rule ${id} in force`);
    return ruleView(row);
  }

  /** Oldest first. */
  async inForce(manager: EntityManager, network: string): Promise<AcceptanceRuleView[]> {
    const rows = await manager.query<Columns[]>(
      'SELECT * FROM acceptance_rule WHERE network = $1 AND withdrawn_at IS NULL ORDER BY created_at, id',
      [network],
    );
    return rows.map(ruleView);
  }

  /** Newest first, with withdrawn rules. @param network null: all networks */
  async list(
    network: string | null,
    before: MomentKey | undefined,
    limit: number,
  ): Promise<AcceptanceRuleView[]> {
    const [at, id] = before ?? [];
    const rows = await this.database.query<Columns[]>(
      `SELECT * FROM acceptance_rule WHERE ($1::text IS NULL OR network = $1)
         AND ($2::timestamptz IS NULL OR (created_at, id) < ($2, $3::uuid))
       ORDER BY created_at DESC, id DESC LIMIT $4`,
      [network, at ?? null, id ?? null, limit],
    );
    return rows.map(ruleView);
  }
}

function ruleView(row: Columns): AcceptanceRuleView {
  return {
    id: row.id,
    network: networkSlug(row.network),
    terms: AcceptanceTerms.parse(row.terms),
    reason: row.reason,
    createdBy: row.created_by,
    createdAt: row.created_at.toISOString(),
    withdrawnAt: row.withdrawn_at?.toISOString() ?? null,
  };
}
