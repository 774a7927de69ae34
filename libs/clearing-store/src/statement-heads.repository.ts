/** Heads of statements: what can change after a close, kept as it was, so that a statement has the same bytes for ever. */
import type { PoolClient } from 'pg';
import type { DataSource } from 'typeorm';
import type { BusinessDate, Money, StatementTerms } from '#clearing';
import type { Queries } from '#database';

/** A party as a company. null: not registered when the day was closed. */
export interface LegalParty {
  zh: string | null;
  en: string | null;
  /** Bank and account number. */
  account: string | null;
}

export interface StatementHead {
  /** undefined: closed before periods were kept. */
  period: { startsAt: Date; endsAt: Date; zone: string; dueOn: BusinessDate } | undefined;
  /** The closing balance of the statement before. */
  opening: Money;
  /** Payments that were recorded since the statement before, with the sign of the positions that they pay. */
  paid: Money;
  /** What of the closing balance was due before this day. */
  overdue: Money;
}

/** The parties that have a statement of the day. */
const PARTIES = `
  SELECT party FROM position WHERE business_date = $1::date
  UNION SELECT jsonb_object_keys(manifest -> 'members') FROM business_day WHERE date = $1::date
  UNION SELECT 'hub'`;

/** Takes recorded payments up on the statements of this day: each on the next statement of its party, and on no other. */
async function assignPayments(client: PoolClient, date: BusinessDate, before: Date): Promise<void> {
  await client.query(
    `UPDATE payment SET statement_date = $1::date
     WHERE statement_date IS NULL AND created_at < $2 AND business_date < $1::date AND party IN (${PARTIES})`,
    [date, before],
  );
}

/**
 * Writes the period of the day, and a head for each of its parties and the hub. The legal person of a network is its operator;
 * that of `hub` and of `integrator:<name>` is the operator who is registered as `hub` or `<name>`.
 */
export async function writeHeads(
  client: PoolClient,
  date: BusinessDate,
  { startsAt, endsAt, zone, dueOn }: StatementTerms & { endsAt: Date },
): Promise<void> {
  await client.query(
    `UPDATE business_day SET ends_at = $3, zone = $4, due_on = $5,
       starts_at = coalesce((SELECT ends_at FROM business_day WHERE date = $1::date - 1), $2)
     WHERE date = $1`,
    [date, startsAt, endsAt, zone, dueOn],
  );
  await assignPayments(client, date, endsAt);
  // What is owed is negative for the party that pays, and so are its payments.
  await client.query(
    `WITH entry AS (
       SELECT party AS of_party, business_date, amount, NULL::date AS statement_date FROM position WHERE business_date < $1::date
       UNION ALL
       SELECT party, business_date, -amount, statement_date FROM payment WHERE statement_date <= $1::date)
     INSERT INTO statement_head (business_date, party, legal_name_zh, legal_name_en, account, opening, paid, overdue)
     SELECT $1::date, party, company.legal_name_zh, coalesce(company.legal_name_en, company.name), company.account,
       coalesce(sum(entry.amount) FILTER (WHERE entry.statement_date IS DISTINCT FROM $1::date), 0),
       coalesce(-sum(entry.amount) FILTER (WHERE entry.statement_date = $1::date), 0),
       coalesce(sum(entry.amount) FILTER (WHERE coalesce(day.due_on, day.date) < $1::date), 0)
     FROM (${PARTIES}) parties
     LEFT JOIN network ON network.slug = party
     LEFT JOIN operator company ON company.id = coalesce(network.operator, regexp_replace(party, '^integrator:', ''))
       AND (network.slug IS NULL OR network.operator IS NOT NULL)
     LEFT JOIN entry ON entry.of_party = party
     LEFT JOIN business_day day ON day.date = entry.business_date
     GROUP BY party, company.id`,
    [date],
  );
}

/** Whether the party has a statement of this closed day: a member on that day, a party of a transfer, or the hub. */
export async function isPartyOf(database: Queries, date: BusinessDate, party: string): Promise<boolean> {
  const rows = await database.query<unknown[]>(
    `SELECT 1 FROM business_day
     WHERE date = $1 AND state = 'closed' AND ($2 = 'hub' OR manifest -> 'members' ? $2
       OR EXISTS (SELECT 1 FROM position WHERE business_date = $1 AND party = $2))`,
    [date, party],
  );
  return rows.length > 0;
}

export async function headOf(
  database: DataSource,
  date: BusinessDate,
  party: string,
): Promise<StatementHead> {
  const [row] = await database.query<
    {
      starts_at: Date | null;
      ends_at: Date;
      zone: string;
      due_on: BusinessDate;
      opening: string;
      paid: string;
      overdue: string;
    }[]
  >(
    `SELECT starts_at, ends_at, zone, due_on::text, coalesce(opening, 0)::text AS opening, coalesce(paid, 0)::text AS paid,
       coalesce(overdue, 0)::text AS overdue
     FROM business_day LEFT JOIN statement_head ON business_date = date AND party = $2 WHERE date = $1`,
    [date, party],
  );
  if (!row?.starts_at) return { period: undefined, opening: 0n, paid: 0n, overdue: 0n };
  const { starts_at: startsAt, ends_at: endsAt, zone, due_on: dueOn } = row;
  return {
    period: { startsAt, endsAt, zone, dueOn },
    opening: BigInt(row.opening),
    paid: BigInt(row.paid),
    overdue: BigInt(row.overdue),
  };
}

/** The companies behind these parties, as they were when the day was closed. */
export async function legalParties(
  database: DataSource,
  date: BusinessDate,
  parties: readonly string[],
): Promise<Map<string, LegalParty>> {
  const rows = await database.query<(LegalParty & { party: string })[]>(
    `SELECT party, legal_name_zh AS zh, legal_name_en AS en, account
     FROM statement_head WHERE business_date = $1 AND party = ANY ($2)`,
    [date, parties],
  );
  return new Map(rows.map(({ party, ...company }) => [party, company]));
}
