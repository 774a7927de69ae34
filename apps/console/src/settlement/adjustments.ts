/** Adjusting entries: a closed business day is never changed, the next close takes them up. */
import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';

export interface Adjustment {
  from: string;
  to: string;
  amount: bigint;
  reason: string;
  dispute?: string;
}

/** In the transaction of whatever is the reason for it. @returns its id */
export async function postAdjustment(
  manager: EntityManager,
  { from, to, amount, reason, dispute }: Adjustment,
  at: Date,
): Promise<string> {
  const id = randomUUID();
  await manager.query(
    `INSERT INTO adjustment (id, from_party, to_party, amount, reason, dispute, created_at, business_date)
     VALUES ($1, $2, $3, $4, $5, $6, $7, NULL)`,
    [id, from, to, amount.toString(), reason, dispute ?? null, at],
  );
  return id;
}
