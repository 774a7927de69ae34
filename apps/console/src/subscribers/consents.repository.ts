/** Stored consents of subscribers. */
import type { Queries } from '#database';
import { ApiProblem } from '#http';
import type { Address, Consent, Reach } from '#protocol';

export interface ConsentColumns {
  address: Address;
  reach: Reach;
  contacts: Address[];
  blocked: Address[];
  version: number;
}

const SELECT = 'SELECT address, reach, contacts, blocked, version FROM consent';

export async function consentOf(queries: Queries, address: Address): Promise<ConsentColumns | undefined> {
  const [row] = await queries.query<ConsentColumns[]>(`${SELECT} WHERE address = $1`, [address]);
  return row;
}

/** Until the end of the transaction; makes the row if there is none. @returns its version */
export async function lockConsent(queries: Queries, address: Address): Promise<number> {
  await queries.query(
    `INSERT INTO consent VALUES ($1, 'all', '{}', '{}', 0, now()) ON CONFLICT (address) DO NOTHING`,
    [address],
  );
  const [row] = await queries.query<ConsentColumns[]>(`${SELECT} WHERE address = $1 FOR UPDATE`, [address]);
  return row?.version ?? 0;
}

/** Of a row that is locked. */
export async function replaceConsent(
  queries: Queries,
  { address, reach, contacts, blocked }: Consent,
): Promise<ConsentColumns> {
  const [[row]] = await queries.query<[ConsentColumns[], number]>(
    `UPDATE consent SET reach = $2, contacts = $3, blocked = $4, version = version + 1, changed_at = now()
     WHERE address = $1 RETURNING *`,
    [address, reach, contacts, blocked],
  );
  if (!row) throw new ApiProblem('internal', `the consent of ${address} was not stored`);
  return row;
}

/** In the order of the addresses. */
export function consentsAfter(queries: Queries, after: string, limit: number): Promise<ConsentColumns[]> {
  return queries.query(`${SELECT} WHERE address > $1 ORDER BY address LIMIT $2`, [after, limit]);
}
