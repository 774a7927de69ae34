/** Tables of complaints, routed messages, levels and limited pairs. */
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { LOCKS } from '#database';
import { LIMITED_TOWARDS_MAX, type RiskLevel } from '#protocol';
import { RISK_RULES, type Complaint, type Destination } from './risk-rules.js';
import { NEW_REPORTER, reliabilityOf, REPORTER_RULES, type Reliability } from './reporter-rules.js';

const DAY_MS = 24 * 3600_000;
const COUNTED_UP_TO = 'delivered_counted_up_to';

export type ReportOutcome = 'lifted' | 'dismissed';

export interface Subject {
  network: string;
  risk: RiskLevel;
  since: Date;
  destinations: Destination[];
  complaints: Complaint[];
  /** Networks to which traffic is limited, each with the start of the limit. */
  limited: Map<string, Date>;
  /** Reports without a message that was delivered to the reporting network. */
  unproven: number;
}

/**
 * Recipient of the message that a report names, as the switch recorded it, if the network of the reporter has confirmed the
 * delivery. Receipts, which are in the trace of the message that they confirm, do not count. A message about which a report was
 * decided does not count again.
 */
const FIND_COMPLAINANTS = `
  UPDATE abuse_report r SET complainant = found.person FROM (
    SELECT o.id, min(c.to_address) AS person FROM abuse_report o
      JOIN checkpoint c ON c.event_id = o.reference AND c.stage = 'routed' AND c.from_address = o.accused
        AND c.network = o.reporter_network AND c.kind IN ('message', 'contact', 'group', 'call')
    WHERE o.complainant IS NULL AND o.outcome IS NULL AND o.reported_at > $1 AND ($2::uuid IS NULL OR o.id = $2)
      AND EXISTS (SELECT 1 FROM checkpoint d WHERE d.event_id = o.reference AND d.stage IN ('submitted', 'delivered', 'read') AND d.network = o.reporter_network)
      AND NOT EXISTS (SELECT 1 FROM abuse_report e
        WHERE e.reporter_network = o.reporter_network AND e.reference = o.reference AND e.outcome IS NOT NULL)
    GROUP BY o.id) found
  WHERE r.id = found.id RETURNING r.complainant`;

/** From where the last count stopped to the newest entry of the trace, which is written in the order of one stream. */
const TALLY = `
  INSERT INTO delivered_tally (network, towards, hour, delivered)
  SELECT split_part(from_address, '@', 2), network, date_trunc('hour', at), count(*) FROM checkpoint
  WHERE stage = 'routed' AND kind = 'message' AND at > $1 AND at <= $2 GROUP BY 1, 2, 3
  ON CONFLICT (network, towards, hour) DO UPDATE SET delivered = delivered_tally.delivered + excluded.delivered`;

interface SubjectColumns {
  network: string;
  risk: RiskLevel;
  since: Date;
  unproven: number;
}

@Injectable()
export class RiskRepository {
  /** Until the end of the transaction. @returns false while another console judges */
  async tryLock(manager: EntityManager): Promise<boolean> {
    const [lock] = await manager.query<{ ours: boolean }[]>('SELECT pg_try_advisory_xact_lock($1) AS ours', [
      LOCKS.risk,
    ]);
    return lock?.ours === true;
  }

  async count(manager: EntityManager, now: Date): Promise<void> {
    const [before] = await manager.query<{ value: string }[]>('SELECT value FROM setting WHERE key = $1', [
      COUNTED_UP_TO,
    ]);
    const from = before ? new Date(before.value) : windowStart(now);
    const [last] = await manager.query<{ at: Date | null }[]>(
      "SELECT max(at) AS at FROM checkpoint WHERE at > $1 AND stage = 'routed'",
      [from],
    );
    if (!last?.at) return;
    await manager.query(TALLY, [from, last.at]);
    await manager.query('DELETE FROM delivered_tally WHERE hour < $1', [windowStart(now)]);
    await manager.query(
      'INSERT INTO setting (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
      [COUNTED_UP_TO, JSON.stringify(last.at.toISOString())],
    );
  }

  /** @param report only this report; default: all in the window. @returns the people that were found */
  async findComplainants(manager: EntityManager, now: Date, report?: string): Promise<string[]> {
    const [rows] = await manager.query<[{ complainant: string }[], number]>(FIND_COMPLAINANTS, [
      windowStart(now),
      report ?? null,
    ]);
    return rows.map(({ complainant }) => complainant);
  }

  /** @param network only this network; default: all, sorted by name */
  async subjects(manager: EntityManager, now: Date, network?: string): Promise<Subject[]> {
    const given = [windowStart(now), network ?? null];
    const rows = await manager.query<SubjectColumns[]>(
      `SELECT n.slug AS network, n.risk, COALESCE(k.since, n.created_at) AS since,
         (SELECT count(*) FROM abuse_report r WHERE r.accused_network = n.slug AND r.reported_at > $1 AND r.outcome IS NULL
           AND r.complainant IS NULL)::int AS unproven
       FROM network n LEFT JOIN network_risk k ON k.network = n.slug
       WHERE $2::text IS NULL OR n.slug = $2 ORDER BY n.slug`,
      given,
    );
    const destinations = await this.destinations(manager, now, network);
    const complaints = await manager.query<(Complaint & { accused: string })[]>(
      `SELECT accused_network AS accused, reporter_network AS reporter, complainant AS person,
         bool_or(COALESCE(answered_at, $3) > due_at) AS late FROM abuse_report
       WHERE complainant IS NOT NULL AND outcome IS NULL AND reported_at > $1 AND ($2::text IS NULL OR accused_network = $2)
       GROUP BY 1, 2, 3`,
      [...given, now],
    );
    const limited = await manager.query<{ network: string; towards: string; since: Date }[]>(
      'SELECT network, towards, since FROM pair_limit WHERE $1::text IS NULL OR network = $1',
      [network ?? null],
    );
    return rows.map((row) => ({
      ...row,
      destinations: destinations.filter(({ from }) => from === row.network),
      complaints: complaints.filter(({ accused }) => accused === row.network),
      limited: new Map(
        limited.filter((one) => one.network === row.network).map(({ towards, since }) => [towards, since]),
      ),
    }));
  }

  private async destinations(
    manager: EntityManager,
    now: Date,
    network: string | undefined,
  ): Promise<(Destination & { from: string })[]> {
    const rows = await manager.query<{ from: string; network: string; operator: string; sentOn: number }[]>(
      `SELECT t.network AS from, n.slug AS network, COALESCE('operator ' || n.operator, 'network ' || n.slug) AS operator,
         sum(t.delivered)::int AS "sentOn"
       FROM delivered_tally t JOIN network n ON n.slug = t.towards
       WHERE t.hour > $1 AND ($2::text IS NULL OR t.network = $2) GROUP BY 1, 2, 3`,
      [windowStart(now), network ?? null],
    );
    const reliability = await this.reliabilities(manager, now);
    return rows.map((row) => ({ ...row, weight: reliability.get(row.network)?.weight ?? 1 }));
  }

  async reliabilityOf(manager: EntityManager, now: Date, reporter: string): Promise<Reliability> {
    const found = await this.reliabilities(manager, now, reporter);
    return found.get(reporter) ?? NEW_REPORTER;
  }

  /** Of those that reported within the window. @param reporter only this network */
  async reliabilities(
    manager: EntityManager,
    now: Date,
    reporter?: string,
  ): Promise<Map<string, Reliability>> {
    const rows = await manager.query<{ reporter: string; standing: number; dismissed: number }[]>(
      `SELECT reporter_network AS reporter,
         count(DISTINCT (accused_network, complainant)) FILTER (WHERE outcome IS DISTINCT FROM 'dismissed')::int AS standing,
         count(DISTINCT (accused_network, complainant)) FILTER (WHERE outcome = 'dismissed')::int AS dismissed
       FROM abuse_report WHERE complainant IS NOT NULL AND reported_at > $1 AND ($2::text IS NULL OR reporter_network = $2)
       GROUP BY 1`,
      [new Date(now.getTime() - REPORTER_RULES.windowDays * DAY_MS), reporter ?? null],
    );
    return new Map(rows.map((row) => [row.reporter, reliabilityOf(row, REPORTER_RULES)]));
  }

  /** @param person only reports of this person */
  async reportsSince(
    manager: EntityManager,
    since: Date,
    reporter: string,
    person?: string,
  ): Promise<{ count: number; oldest: Date | null }> {
    const [row] = await manager.query<{ count: number; oldest: Date | null }[]>(
      `SELECT count(*)::int AS count, min(reported_at) AS oldest FROM abuse_report
       WHERE reporter_network = $1 AND reported_at > $2 AND ($3::text IS NULL OR complainant = $3)`,
      [reporter, since, person ?? null],
    );
    return row ?? { count: 0, oldest: null };
  }

  async setLevel(manager: EntityManager, network: string, risk: RiskLevel, now: Date): Promise<void> {
    await manager.query('UPDATE network SET risk = $2 WHERE slug = $1', [network, risk]);
    await manager.query(
      'INSERT INTO network_risk (network, since) VALUES ($1, $2) ON CONFLICT (network) DO UPDATE SET since = excluded.since',
      [network, now],
    );
  }

  /** @returns false if the registry entry of the network has the maximum number of limited pairs */
  async limitPair(manager: EntityManager, network: string, towards: string, now: Date): Promise<boolean> {
    const rows = await manager.query<unknown[]>(
      `INSERT INTO pair_limit (network, towards, since) SELECT $1, $2, $3
       WHERE (SELECT count(*) FROM pair_limit WHERE network = $1) < ${LIMITED_TOWARDS_MAX} ON CONFLICT DO NOTHING RETURNING network`,
      [network, towards, now],
    );
    return rows.length > 0;
  }

  /** @returns whether the pair was limited */
  async freePair(manager: EntityManager, network: string, towards: string): Promise<boolean> {
    const [rows] = await manager.query<[unknown[], number]>(
      'DELETE FROM pair_limit WHERE network = $1 AND towards = $2 RETURNING network',
      [network, towards],
    );
    return rows.length > 0;
  }

  /** Closes the open reports about a network. @param reporter null: of all networks. @returns the number of reports */
  async close(
    manager: EntityManager,
    network: string,
    reporter: string | null,
    outcome: ReportOutcome,
    now: Date,
  ): Promise<number> {
    const [rows] = await manager.query<[unknown[], number]>(
      `UPDATE abuse_report SET outcome = $3, decided_at = $4
       WHERE accused_network = $1 AND ($2::text IS NULL OR reporter_network = $2) AND outcome IS NULL RETURNING id`,
      [network, reporter, outcome, now],
    );
    return rows.length;
  }

  /** Locks networks in the order of their names, as all transactions do, so that they cannot deadlock. @returns their levels */
  async lock(manager: EntityManager, networks: readonly string[] | 'all'): Promise<Map<string, RiskLevel>> {
    const rows = await manager.query<{ slug: string; risk: RiskLevel }[]>(
      'SELECT slug, risk FROM network WHERE $1::text[] IS NULL OR slug = ANY($1) ORDER BY slug FOR UPDATE',
      [networks === 'all' ? null : networks],
    );
    return new Map(rows.map(({ slug, risk }) => [slug, risk]));
  }
}

function windowStart(now: Date): Date {
  return new Date(now.getTime() - RISK_RULES.windowDays * DAY_MS);
}
