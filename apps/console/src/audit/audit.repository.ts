/** The tables of the audit log: entries, and the signed checkpoints of their hash chain. */
import { LOCKS, type Queries } from '#database';
import { ANY_NETWORK } from '#protocol';
import type { ChainedEntry } from './chain.js';
import type { Checkpoint } from './checkpoint.js';

export interface AuditFilter {
  /** `<kind>/<id>`, such as `network/example` */
  subject?: string | undefined;
  /** Beginning of an action: `network.` or `network.suspended`. */
  action?: string | undefined;
  /** Beginning of the name of the actor, in upper or lower case. */
  who?: string | undefined;
  /** Not before. */
  since?: Date | undefined;
  /** Before. */
  until?: Date | undefined;
  /** Entries that concern this network. */
  network?: string | undefined;
}

export const AUDIT_ORDERS = ['oldest', 'newest'] as const;
export type AuditOrder = (typeof AUDIT_ORDERS)[number];

interface EntryColumns {
  seq: string;
  at: Date;
  actor: string;
  action: string;
  subject: string;
  reason: string;
  change: unknown;
  networks: string[] | null;
  previous: string;
  hash: string;
}

/** The newest entry. Until the end of the transaction nobody else can add one. */
export async function lockedHead(queries: Queries): Promise<ChainedEntry | undefined> {
  await queries.query('SELECT pg_advisory_xact_lock($1)', [LOCKS.audit]);
  const [last] = await queries.query<EntryColumns[]>('SELECT * FROM audit ORDER BY seq DESC LIMIT 1');
  return last && entryOf(last);
}

export async function insertEntry(queries: Queries, entry: ChainedEntry): Promise<void> {
  await queries.query(
    `INSERT INTO audit (seq, at, actor, action, subject, reason, change, previous, hash, networks)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      entry.seq,
      entry.at,
      entry.actor,
      entry.action,
      entry.subject,
      entry.reason,
      JSON.stringify(entry.change),
      entry.previous,
      entry.hash,
      entry.networks,
    ],
  );
}

/** An actor is `<role> <key> <name>`, or `hub`. The expression is that of the index. */
const NAME = String.raw`lower(regexp_replace(actor, '^\S+ \S+ ', ''))`;
/** Each filter has an index. Old entries without `networks` concern the network that is their subject. */
const FILTERED = `($3::text IS NULL OR subject = $3)
  AND ($4::text IS NULL OR networks && ARRAY[$4, '${ANY_NETWORK}'] OR subject = 'network/' || $4)
  AND ($5::text IS NULL OR action LIKE $5) AND ($6::text IS NULL OR ${NAME} LIKE $6)
  AND ($7::timestamptz IS NULL OR at >= $7) AND ($8::timestamptz IS NULL OR at < $8)`;

/** @param after number of the last entry of the page before; undefined: from the beginning */
export async function auditEntries(
  queries: Queries,
  order: AuditOrder,
  after: number | undefined,
  limit: number,
  { subject, network, action, who, since, until }: AuditFilter,
): Promise<ChainedEntry[]> {
  const [beyond, direction] = order === 'oldest' ? ['>', 'ASC'] : ['<', 'DESC'];
  const rows = await queries.query<EntryColumns[]>(
    `SELECT * FROM audit WHERE ($1::bigint IS NULL OR seq ${beyond} $1) AND ${FILTERED} ORDER BY seq ${direction} LIMIT $2`,
    [
      after ?? null,
      limit,
      subject ?? null,
      network ?? null,
      beginning(action),
      beginning(who?.toLowerCase()),
      since ?? null,
      until ?? null,
    ],
  );
  return rows.map(entryOf);
}

/** Pattern of LIKE for texts that begin so. */
function beginning(text: string | undefined): string | null {
  return text === undefined ? null : `${text.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
}

function entryOf({ seq, at, ...rest }: EntryColumns): ChainedEntry {
  return { seq: Number(seq), at: at.toISOString(), ...rest };
}

interface CheckpointColumns extends Omit<Checkpoint, 'seq' | 'at'> {
  seq: string;
  at: Date;
}

/** Oldest first. */
export async function checkpointsAfter(
  queries: Queries,
  after: number,
  limit: number,
): Promise<Checkpoint[]> {
  const rows = await queries.query<CheckpointColumns[]>(
    'SELECT seq, hash, at, key, signature FROM audit_checkpoint WHERE seq > $1 ORDER BY seq LIMIT $2',
    [after, limit],
  );
  return rows.map(checkpointOf);
}

export async function lastCheckpoint(queries: Queries): Promise<Checkpoint | undefined> {
  const [row] = await queries.query<CheckpointColumns[]>(
    'SELECT seq, hash, at, key, signature FROM audit_checkpoint ORDER BY seq DESC LIMIT 1',
  );
  return row && checkpointOf(row);
}

/** Another console can have signed the same entry: its checkpoint then stays. */
export async function insertCheckpoint(
  queries: Queries,
  { seq, hash, at, key, signature }: Checkpoint,
): Promise<void> {
  await queries.query(
    'INSERT INTO audit_checkpoint (seq, hash, at, key, signature) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING',
    [seq, hash, at, key, signature],
  );
}

function checkpointOf({ seq, at, ...rest }: CheckpointColumns): Checkpoint {
  return { ...rest, seq: Number(seq), at: at.toISOString() };
}
