/** Tables of disputes, their steps and the disputed detail records. */
import type { EntityManager } from 'typeorm';
import type { Kind } from './dispute-kinds.js';
import type { Actor, Position, State } from './lifecycle.js';

export interface DisputeRow extends Position {
  id: string;
  reference: string;
  to_network: string;
  claimant: string;
  respondent: string;
  kind: Kind;
  /** Amount in millionths of a yuan; bigint as text. */
  amount: string;
  version: number;
  opened_at: Date;
}

export interface StepRow {
  dispute: string;
  version: number;
  at: Date;
  side: Actor | 'hub';
  /** API key of the caller; null for steps of the hub. */
  key: string | null;
  action: string;
  state: State;
  text: string;
  envelope_hash: string | null;
}

export interface ListFilter {
  state: State | undefined;
  /** Networks that must all be a side of the dispute. */
  networks: string[];
  before: { openedAt: string; id: string } | undefined;
  limit: number;
}

type Queries = Pick<EntityManager, 'query'>;

/** @returns false if the record has an open dispute, or one of this kind that was not withdrawn */
export async function insertDispute(queries: Queries, row: DisputeRow): Promise<boolean> {
  const inserted = await queries.query<{ id: string }[]>(
    `INSERT INTO dispute (id, reference, to_network, claimant, respondent, kind, amount, state, reminded, ruling, deadline, lapsed,
       outcome, ground, version, opened_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
     ON CONFLICT DO NOTHING RETURNING id`,
    [
      row.id,
      row.reference,
      row.to_network,
      row.claimant,
      row.respondent,
      row.kind,
      row.amount,
      row.state,
      row.reminded,
      row.ruling,
      row.deadline,
      row.lapsed,
      row.outcome,
      row.ground,
      row.version,
      row.opened_at,
    ],
  );
  return inserted.length === 1;
}

export async function updateDispute(queries: Queries, row: DisputeRow): Promise<void> {
  await queries.query(
    `UPDATE dispute SET state = $2, reminded = $3, ruling = $4, deadline = $5, lapsed = $6, outcome = $7, ground = $8, version = $9
     WHERE id = $1`,
    [
      row.id,
      row.state,
      row.reminded,
      row.ruling,
      row.deadline,
      row.lapsed,
      row.outcome,
      row.ground,
      row.version,
    ],
  );
}

export async function insertStep(queries: Queries, step: StepRow): Promise<void> {
  await queries.query(
    `INSERT INTO dispute_step (dispute, version, at, side, key, action, state, text, envelope_hash)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      step.dispute,
      step.version,
      step.at,
      step.side,
      step.key,
      step.action,
      step.state,
      step.text,
      step.envelope_hash,
    ],
  );
}

export async function findDispute(queries: Queries, id: string): Promise<DisputeRow | undefined> {
  return (await queries.query<DisputeRow[]>('SELECT * FROM dispute WHERE id = $1', [id]))[0];
}

/** Locks a dispute until the end of the transaction. */
export async function lockDispute(queries: Queries, id: string): Promise<DisputeRow | undefined> {
  return (await queries.query<DisputeRow[]>('SELECT * FROM dispute WHERE id = $1 FOR UPDATE', [id]))[0];
}

/** Locks a dispute whose deadline has passed; skips those that another console has locked. @param except ids of disputes that failed */
export async function lockOverdue(
  queries: Queries,
  now: Date,
  except: string[],
): Promise<DisputeRow | undefined> {
  const rows = await queries.query<DisputeRow[]>(
    `SELECT * FROM dispute WHERE deadline <= $1 AND id <> ALL($2::uuid[])
     ORDER BY deadline, id LIMIT 1 FOR UPDATE SKIP LOCKED`,
    [now, except],
  );
  return rows[0];
}

export function stepsOf(queries: Queries, dispute: string): Promise<StepRow[]> {
  return queries.query<StepRow[]>('SELECT * FROM dispute_step WHERE dispute = $1 ORDER BY version', [
    dispute,
  ]);
}

/** Newest first; one row more than the limit. */
export function listDisputes(
  queries: Queries,
  { state, networks, before, limit }: ListFilter,
): Promise<DisputeRow[]> {
  return queries.query<DisputeRow[]>(
    `SELECT * FROM dispute
     WHERE ($1::text IS NULL OR state = $1) AND $2::text[] <@ ARRAY[claimant, respondent]
       AND ($3::timestamptz IS NULL OR (opened_at, id) < ($3, $4::uuid))
     ORDER BY opened_at DESC, id DESC LIMIT $5`,
    [state ?? null, networks, before?.openedAt ?? null, before?.id ?? null, limit + 1],
  );
}

/** Locks the disputes of a claimant until the end of the transaction. @returns the number of open ones */
export async function lockOpenOf(queries: Queries, claimant: string): Promise<number> {
  await queries.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`disputes/${claimant}`]);
  const [row] = await queries.query<{ count: number }[]>(
    `SELECT count(*)::int AS count FROM dispute WHERE claimant = $1 AND state <> 'closed'`,
    [claimant],
  );
  return row?.count ?? 0;
}

/** Amount that the claimant got in earlier disputes of the record, in millionths of a yuan. */
export async function alreadyPaid(
  queries: Queries,
  { reference, to_network, claimant }: DisputeRow,
): Promise<bigint> {
  const [row] = await queries.query<{ sum: string }[]>(
    `SELECT coalesce(sum(amount), 0)::text AS sum FROM dispute
     WHERE reference = $1 AND to_network = $2 AND claimant = $3 AND outcome = 'claimant'`,
    [reference, to_network, claimant],
  );
  return BigInt(row?.sum ?? 0);
}

export interface RecordRow {
  from_network: string;
  to_network: string;
  /** Business day of the record. */
  date: string;
  at: Date | null;
}

/** A complete record between two members. Messages that the switch refused, or that are not routed yet, cost nothing and cannot be disputed. */
export async function findRecord(
  queries: Queries,
  reference: string,
  toNetwork: string,
): Promise<RecordRow | undefined> {
  const rows = await queries.query<RecordRow[]>(
    `SELECT from_network, to_network, business_date::text AS date, coalesce(ended_at, accepted_at) AS at FROM detail_record
     WHERE reference = $1 AND to_network = $2 AND business_date IS NOT NULL AND NOT at_switch
       AND to_network IN (SELECT slug FROM network) AND from_network IN (SELECT slug FROM network)`,
    [reference, toNetwork],
  );
  return rows[0];
}
