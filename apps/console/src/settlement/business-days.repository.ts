/** Business days, with the totals of closed ones. */
import type { Queries } from '#database';

export interface BusinessDayColumns {
  date: string;
  state: 'open' | 'closed';
  closed_at: Date | null;
  records: number | null;
  net_sum: string | null;
}

const COLUMNS = `date::text, state, closed_at, (manifest->>'records')::int AS records, manifest->>'netSum' AS net_sum`;

/** Newest first. */
export function businessDaysBefore(
  queries: Queries,
  before: string | undefined,
  limit: number,
): Promise<BusinessDayColumns[]> {
  return queries.query(
    `SELECT ${COLUMNS} FROM business_day WHERE $1::date IS NULL OR date < $1 ORDER BY date DESC LIMIT $2`,
    [before ?? null, limit],
  );
}

export async function businessDayOf(queries: Queries, date: string): Promise<BusinessDayColumns | undefined> {
  const [row] = await queries.query<BusinessDayColumns[]>(
    `SELECT ${COLUMNS} FROM business_day WHERE date = $1`,
    [date],
  );
  return row;
}
