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
  /** Positions of earlier days that were not due before this day. */
  opening: Money;
  /** Positions of earlier days that were due on this day. */
  fallenDue: Money;
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
  await client.query(
    `INSERT INTO statement_head (business_date, party, legal_name_zh, legal_name_en, account, opening, fallen_due)
     SELECT $1::date, party, company.legal_name_zh, coalesce(company.legal_name_en, company.name), company.account,
       coalesce(sum(earlier.amount), 0), coalesce(sum(earlier.amount) FILTER (WHERE earlier.due_on = $1::date), 0)
     FROM (
       SELECT party FROM position WHERE business_date = $1::date
       UNION SELECT jsonb_object_keys(manifest -> 'members') FROM business_day WHERE date = $1::date
       UNION SELECT 'hub') parties
     LEFT JOIN network ON network.slug = party
     LEFT JOIN operator company ON company.id = coalesce(network.operator, regexp_replace(party, '^integrator:', ''))
       AND (network.slug IS NULL OR network.operator IS NOT NULL)
     LEFT JOIN (
       SELECT position.party AS of_party, position.amount, day.due_on
       FROM position JOIN business_day day ON day.date = position.business_date
       WHERE day.date < $1::date AND day.due_on >= $1::date) earlier ON earlier.of_party = party
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
      fallen_due: string;
    }[]
  >(
    `SELECT starts_at, ends_at, zone, due_on::text, coalesce(opening, 0)::text AS opening, coalesce(fallen_due, 0)::text AS fallen_due
     FROM business_day LEFT JOIN statement_head ON business_date = date AND party = $2 WHERE date = $1`,
    [date, party],
  );
  if (!row?.starts_at) return { period: undefined, opening: 0n, fallenDue: 0n };
  const { starts_at: startsAt, ends_at: endsAt, zone, due_on: dueOn } = row;
  return {
    period: { startsAt, endsAt, zone, dueOn },
    opening: BigInt(row.opening),
    fallenDue: BigInt(row.fallen_due),
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
