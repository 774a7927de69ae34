/** Table of certifications. */
import type { DataSource, EntityManager } from 'typeorm';
import type { Report } from '#certification';
import type { CertificationLevel } from '#protocol';
import type { MomentKey } from '../http/page.js';

export const STATES = ['running', 'passed', 'failed', 'aborted'] as const;
export type State = (typeof STATES)[number];

interface CertificationHead {
  id: string;
  network: string;
  build: string | null;
  suite_version: string;
  capabilities_hash: string | null;
  level: CertificationLevel | null;
  passed: boolean;
  state: State;
  at: Date;
  valid_until: Date | null;
  by: string;
}

export interface CertificationRow extends CertificationHead {
  report: Report;
}

/** How many cases of a run have which verdict. Those that are none of these are still to come. */
export interface CaseCounts {
  all: number;
  passed: number;
  failed: number;
  skipped: number;
}

/** Without the report, which can have megabytes of observations. */
export interface CertificationLineRow extends CertificationHead {
  cases: CaseCounts;
}

const LINE = `id, network, build, suite_version, capabilities_hash, level, passed, state, at, valid_until, by,
  (SELECT jsonb_build_object('all', count(*), 'passed', count(*) FILTER (WHERE one->>'verdict' = 'pass'),
     'failed', count(*) FILTER (WHERE one->>'verdict' = 'fail'), 'skipped', count(*) FILTER (WHERE one->>'verdict' = 'skipped'))
   FROM jsonb_array_elements(report->'cases') AS one) AS cases`;

/** Longer than the maximum duration of a run. */
export const STALE_MINUTES = 10;
const UNIQUE_VIOLATION = '23505';

/** @returns false if a certification of this network is running */
export async function insertRunning(
  database: Pick<EntityManager, 'query'>,
  { id, network, by, report }: Pick<CertificationRow, 'id' | 'network' | 'by' | 'report'>,
): Promise<boolean> {
  try {
    await database.query(
      `INSERT INTO certification (id, network, suite_version, report, state, at, by) VALUES ($1, $2, $3, $4, 'running', now(), $5)`,
      [id, network, report.suite, JSON.stringify(report), by],
    );
    return true;
  } catch (error) {
    if ((error as { code?: string }).code === UNIQUE_VIOLATION) return false;
    throw error;
  }
}

export async function saveProgress(database: DataSource, id: string, report: Report): Promise<void> {
  await database.query("UPDATE certification SET report = $2 WHERE id = $1 AND state = 'running'", [
    id,
    JSON.stringify(report),
  ]);
}

/** @returns false if the run was marked as interrupted in the meantime */
export async function close(
  manager: EntityManager,
  id: string,
  report: Report,
  validUntil: Date | null,
): Promise<boolean> {
  const passed = validUntil !== null;
  const [, count] = await manager.query<[unknown, number]>(
    `UPDATE certification SET state = $2, passed = $3, level = $4, build = $5, capabilities_hash = $6, report = $7, valid_until = $8
     WHERE id = $1 AND state = 'running'`,
    [
      id,
      passed ? 'passed' : 'failed',
      passed,
      report.level,
      report.build,
      report.capabilities,
      JSON.stringify(report),
      validUntil,
    ],
  );
  return count > 0;
}

export async function abort(database: DataSource, id: string): Promise<void> {
  await database.query("UPDATE certification SET state = 'aborted' WHERE id = $1 AND state = 'running'", [
    id,
  ]);
}

/** Marks runs as interrupted whose console has crashed. */
export async function abortStale(database: DataSource): Promise<void> {
  await database.query(
    `UPDATE certification SET state = 'aborted' WHERE state = 'running' AND at < now() - interval '${STALE_MINUTES} minutes'`,
  );
}

export async function findOne(
  database: DataSource,
  network: string,
  id: string,
): Promise<(CertificationRow & CertificationLineRow) | undefined> {
  const [row] = await database.query<(CertificationRow & CertificationLineRow)[]>(
    `SELECT ${LINE}, report FROM certification WHERE network = $1 AND id = $2`,
    [network, id],
  );
  return row;
}

/** Newest first. @param after last row of the previous page */
export function findPage(
  database: DataSource,
  network: string,
  limit: number,
  after: MomentKey | undefined,
): Promise<CertificationLineRow[]> {
  // The database has microseconds, a Date milliseconds: without rounding, the cursor would skip rows.
  return database.query<CertificationLineRow[]>(
    `SELECT ${LINE} FROM certification WHERE network = $1
       AND ($3::timestamptz IS NULL OR (date_trunc('milliseconds', at), id) < ($3, $4::uuid))
     ORDER BY date_trunc('milliseconds', at) DESC, id DESC LIMIT $2`,
    [network, limit + 1, after?.[0] ?? null, after?.[1] ?? null],
  );
}
