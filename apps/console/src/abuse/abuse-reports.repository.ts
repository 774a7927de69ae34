/** Abuse reports. */
import { randomUUID } from 'node:crypto';
import type { Queries } from '#database';
import { ApiProblem } from '#http';
import type { Address, EventId, Network } from '#protocol';
import type { MomentKey } from '../http/page.js';

/** Time in which the home network has to answer. A complaint without an answer counts double. */
const ANSWER_MS = 72 * 3600_000;

export const CATEGORIES = ['spam', 'abuse', 'fraud', 'illegal', 'other'] as const;
/** What the home network did about the report. */
export const ACTIONS = ['none', 'warned', 'restricted', 'suspended', 'removed'] as const;
export const ROLES_IN_REPORT = ['reporter', 'accused'] as const;

export interface NewReport {
  accused: Address;
  reference: EventId | null;
  category: (typeof CATEGORIES)[number];
  note: string;
  disclosedContent?: string | undefined;
}

export interface ReportRow {
  id: string;
  reporter_network: string;
  accused: string;
  accused_network: string;
  reference: string | null;
  category: (typeof CATEGORIES)[number];
  note: string;
  disclosed_content: string | null;
  reported_at: Date;
  due_at: Date;
  answered_at: Date | null;
  action: (typeof ACTIONS)[number] | null;
  answer_note: string | null;
}

export interface ReportFilter {
  /** undefined: reports of all networks. */
  network: string | undefined;
  role: (typeof ROLES_IN_REPORT)[number];
  category?: (typeof CATEGORIES)[number] | undefined;
  /** undefined: both those with and those without an answer. */
  answered?: boolean | undefined;
  after: MomentKey | undefined;
  limit: number;
}

/** Newest first. */
export function reportsBefore(
  queries: Queries,
  { network, role, category, answered, after, limit }: ReportFilter,
): Promise<ReportRow[]> {
  const column = role === 'accused' ? 'accused_network' : 'reporter_network';
  return queries.query(
    `SELECT * FROM abuse_report WHERE ($1::text IS NULL OR ${column} = $1)
       AND ($2::timestamptz IS NULL OR (reported_at, id) < ($2, $3::uuid))
       AND ($5::text IS NULL OR category = $5) AND ($6::boolean IS NULL OR (answered_at IS NOT NULL) = $6)
     ORDER BY reported_at DESC, id DESC LIMIT $4`,
    [network ?? null, after?.[0] ?? null, after?.[1] ?? null, limit, category ?? null, answered ?? null],
  );
}

/** undefined: there is no such report about this network, or it is answered already. */
export async function answerReport(
  queries: Queries,
  answer: { network: string; id: string; action: string; note: string; at: Date },
): Promise<ReportRow | undefined> {
  const { network, id, action, note, at } = answer;
  const [[answered]] = await queries.query<[ReportRow[], number]>(
    `UPDATE abuse_report SET answered_at = $5, action = $3, answer_note = $4
     WHERE id = $1 AND accused_network = $2 AND answered_at IS NULL RETURNING *`,
    [id, network, action, note, at],
  );
  return answered;
}

export async function reportExists(queries: Queries, id: string, accusedNetwork: string): Promise<boolean> {
  const there = await queries.query<object[]>(
    'SELECT 1 FROM abuse_report WHERE id = $1 AND accused_network = $2',
    [id, accusedNetwork],
  );
  return there.length > 0;
}

export async function insertReport(
  queries: Queries,
  reporter: Network,
  accusedNetwork: Network,
  given: NewReport,
  now: Date,
): Promise<ReportRow> {
  const [row] = await queries.query<ReportRow[]>(
    `INSERT INTO abuse_report (id, reporter_network, accused, accused_network, reference, category, note, disclosed_content, reported_at, due_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING *`,
    [
      randomUUID(),
      reporter,
      given.accused,
      accusedNetwork,
      given.reference,
      given.category,
      given.note,
      given.disclosedContent ?? null,
      now,
      new Date(now.getTime() + ANSWER_MS),
    ],
  );
  if (!row) throw new ApiProblem('internal', 'the report was not stored');
  return row;
}
