/** Business days as a caller may see them: a party sees the days in which it took part, with its own figures. */
import type { Queries } from '#database';

export interface BusinessDayColumns {
  date: string;
  state: 'open' | 'closed';
  closed_at: Date | null;
  /** Detail records of the party, or of all. */
  records: number | null;
  /** Sum of all positions; null for a party. */
  net_sum: string | null;
  /** Position of the party in millionths of a yuan; null without a party or before the close. */
  position: string | null;
  starts_at: Date | null;
  ends_at: Date | null;
  due_on: string | null;
}

const COLUMNS = `date::text, state, closed_at, starts_at, ends_at, due_on::text,
  CASE WHEN $1::text IS NULL THEN manifest ->> 'records' ELSE manifest #>> ARRAY['members', $1, 'records'] END::int AS records,
  CASE WHEN $1::text IS NULL THEN manifest ->> 'netSum' END AS net_sum,
  CASE WHEN $1::text IS NOT NULL AND state = 'closed' THEN coalesce((
    SELECT amount FROM position WHERE business_date = date AND party = $1), 0)::text END AS position`;

/** SQL: whether the party took part in a closed day of `business_day`. @param party a parameter, such as `$1` */
export function tookPart(party: string): string {
  return `(manifest -> 'members' ? ${party}
    OR EXISTS (SELECT 1 FROM position WHERE business_date = date AND party = ${party}))`;
}

/**
 * SQL: whether the party may see a day of `business_day`. null: all days. Otherwise closed days in which it took part, and open
 * days since the network was registered, so that a newcomer does not see what happened before.
 */
export function seenBy(party: string): string {
  return `(${party}::text IS NULL OR CASE state WHEN 'closed' THEN ${tookPart(party)}
    ELSE date >= (SELECT (created_at AT TIME ZONE 'Asia/Shanghai')::date FROM network WHERE slug = ${party}) END)`;
}

const SEEN = seenBy('$1');

/** Newest first. @param party null: all days, with the figures of the whole exchange */
export function businessDaysBefore(
  queries: Queries,
  party: string | null,
  before: string | undefined,
  limit: number,
): Promise<BusinessDayColumns[]> {
  return queries.query(
    `SELECT ${COLUMNS} FROM business_day
     WHERE ${SEEN} AND ($2::date IS NULL OR date < $2) ORDER BY date DESC LIMIT $3`,
    [party, before ?? null, limit],
  );
}

/** @returns undefined if there is no such day, or the party did not take part in it */
export async function businessDayOf(
  queries: Queries,
  date: string,
  party: string | null,
): Promise<BusinessDayColumns | undefined> {
  const [row] = await queries.query<BusinessDayColumns[]>(
    `SELECT ${COLUMNS} FROM business_day WHERE ${SEEN} AND date = $2::date`,
    [party, date],
  );
  return row;
}
