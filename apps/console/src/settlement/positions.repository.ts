/** Positions of a closed day, and the payments that they are the sums of. */
import type { Queries } from '#database';

/** Most positions and most payments of one answer. */
export const MOST_POSITIONS = 1000;
export const MOST_PAYMENTS = 500;

export interface PositionColumns {
  party: string;
  /** Millionths of a yuan; bigint as text. */
  amount: string;
  /** What of it is recorded as paid. */
  paid: string;
}

export interface PaymentColumns {
  from: string;
  to: string;
  amount: string;
}

/** The largest first. @param party null: all; otherwise its own only */
export function positionsOf(
  queries: Queries,
  date: string,
  party: string | null,
): Promise<PositionColumns[]> {
  return queries.query(
    `SELECT party, amount::text,
       coalesce((SELECT sum(amount) FROM payment WHERE payment.business_date = position.business_date
         AND payment.party = position.party), 0)::text AS paid
     FROM position WHERE business_date = $1::date AND ($2::text IS NULL OR party = $2)
     ORDER BY abs(amount) DESC, party LIMIT $3`,
    [date, party, MOST_POSITIONS],
  );
}

/** What one party pays another in the whole day, the largest first; one row more than the limit. @param party null: all; otherwise only what it pays or receives */
export function paymentsOf(queries: Queries, date: string, party: string | null): Promise<PaymentColumns[]> {
  return queries.query(
    `SELECT party AS "from", counterparty AS "to", (-sum(amount))::text AS amount FROM statement_line
     WHERE business_date = $1::date AND amount < 0 AND ($2::text IS NULL OR party = $2 OR counterparty = $2)
     GROUP BY party, counterparty ORDER BY sum(amount), party, counterparty LIMIT $3`,
    [date, party, MOST_PAYMENTS + 1],
  );
}
