/** Operators: the companies that run networks. */
import type { Queries } from '#database';

export interface OperatorColumns {
  id: string;
  name: string;
  contact: string;
  legal_name_zh: string | null;
  legal_name_en: string | null;
  /** Bank and account number. */
  account: string | null;
  networks: string[];
  version: number;
  created_at: Date;
}

/** An operator sees the organisation of their own network only. */
const SELECT = `SELECT operator.*, array(SELECT slug FROM network WHERE network.operator = operator.id ORDER BY slug) AS networks
  FROM operator WHERE ($1::text IS NULL OR id = (SELECT operator FROM network WHERE slug = $1))`;

/** In the order of their ids. @param network null: all; otherwise the operator of this network only */
export function operatorsAfter(
  queries: Queries,
  network: string | null,
  after: string | undefined,
  limit: number,
): Promise<OperatorColumns[]> {
  return queries.query(`${SELECT} AND ($2::text IS NULL OR id > $2) ORDER BY id LIMIT $3`, [
    network,
    after ?? null,
    limit,
  ]);
}

export async function operatorOf(
  queries: Queries,
  id: string,
  network: string | null,
): Promise<OperatorColumns | undefined> {
  const [row] = await queries.query<OperatorColumns[]>(`${SELECT} AND id = $2`, [network, id]);
  return row;
}

export async function operatorExists(queries: Queries, id: string): Promise<boolean> {
  return (await queries.query<unknown[]>('SELECT 1 FROM operator WHERE id = $1', [id])).length > 0;
}

/** @returns false when the id is registered already */
export async function addOperator(
  queries: Queries,
  id: string,
  { name, contact }: { name: string; contact: string },
): Promise<boolean> {
  const added = await queries.query<unknown[]>(
    'INSERT INTO operator (id, name, contact, created_at) VALUES ($1, $2, $3, now()) ON CONFLICT DO NOTHING RETURNING id',
    [id, name, contact],
  );
  return added.length > 0;
}

export async function lockOperator(queries: Queries, id: string): Promise<void> {
  await queries.query('SELECT 1 FROM operator WHERE id = $1 FOR UPDATE', [id]);
}

export async function changeOperator(
  queries: Queries,
  id: string,
  { name, contact }: { name: string; contact: string },
): Promise<void> {
  await queries.query('UPDATE operator SET name = $2, contact = $3, version = version + 1 WHERE id = $1', [
    id,
    name,
    contact,
  ]);
}

export async function changeBilling(
  queries: Queries,
  id: string,
  { legalName, account }: { legalName: { zh: string | null; en: string | null }; account: string | null },
): Promise<void> {
  await queries.query(
    `UPDATE operator SET legal_name_zh = $2, legal_name_en = $3, account = $4, version = version + 1 WHERE id = $1`,
    [id, legalName.zh, legalName.en, account],
  );
}
