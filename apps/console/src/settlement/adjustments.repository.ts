/** Table of adjusting entries; no other code writes it. */
import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { MomentKey } from '../http/page.js';

export interface NewAdjustment {
  from: string;
  to: string;
  amount: bigint;
  text: string;
  dispute: string | null;
  difference: string | null;
  /** Reference of the detail record, if the cause is a dispute. */
  reference: string | null;
}

export interface AdjustmentRow {
  id: string;
  from_party: string;
  to_party: string;
  /** Amount in millionths of a yuan; bigint as text. */
  amount: string;
  reason: string;
  dispute: string | null;
  difference: string | null;
  reference: string | null;
  created_at: Date;
  /** Business day whose close included the entry; null: none yet. */
  business_date: string | null;
}

export interface AdjustmentFilter {
  /** Only entries that this network pays or receives. */
  network: string | null;
  date: string | undefined;
  before: MomentKey | undefined;
  limit: number;
}

const COLUMNS = `id, from_party, to_party, amount, reason, dispute, difference, reference, created_at,
  business_date::text AS business_date`;

@Injectable()
export class AdjustmentsRepository {
  constructor(private readonly database: DataSource) {}

  /** @returns the id of the entry */
  async insert(manager: EntityManager, entry: NewAdjustment, at: Date): Promise<string> {
    const id = randomUUID();
    await manager.query(
      `INSERT INTO adjustment (id, from_party, to_party, amount, reason, dispute, difference, reference, created_at, business_date)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, NULL)`,
      [
        id,
        entry.from,
        entry.to,
        entry.amount.toString(),
        entry.text,
        entry.dispute,
        entry.difference,
        entry.reference,
        at,
      ],
    );
    return id;
  }

  /** Newest first; one row more than the limit. */
  list({ network, date, before, limit }: AdjustmentFilter): Promise<AdjustmentRow[]> {
    const [at, id] = before ?? [null, null];
    return this.database.query<AdjustmentRow[]>(
      `SELECT ${COLUMNS} FROM adjustment
       WHERE ($1::text IS NULL OR from_party = $1 OR to_party = $1) AND ($2::date IS NULL OR business_date = $2)
         AND ($3::timestamptz IS NULL OR (created_at, id) < ($3, $4::uuid))
       ORDER BY created_at DESC, id DESC LIMIT $5`,
      [network, date ?? null, at, id, limit + 1],
    );
  }
}
