/** Figures of the overview. Every statement reads an index, and a bounded number of its rows or a bounded time. */
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { BoundedReads } from '../core/bounded-read.repository.js';

export interface Span {
  since: Date;
  until: Date;
  /** Seconds of one point of the series. */
  step: number;
  /** Points come from the hourly tally instead of the trace. */
  fromTally: boolean;
}

export interface Figures {
  lastMinute: number;
  inFlight: number;
  waiting: number;
  p50: number | null;
  p99: number | null;
  failed: { code: string; bucket: Date; count: number }[];
  accepted: { bucket: Date; count: number }[];
  day: { date: string; state: 'open' | 'closed' } | undefined;
}

export interface Expiring {
  network: string;
  until: Date;
}

const OWN = (n: number) =>
  `($${n}::text IS NULL OR $${n} IN (split_part(from_address, '@', 2), split_part(to_address, '@', 2)))`;
const ACCEPTED = "stage = 'accepted' AND kind = 'message'";
const SAMPLE = 1000;
const MOST_WAITING = 10_000;

const LAST_MINUTE = `SELECT count(*)::int AS count FROM checkpoint
  WHERE ${ACCEPTED} AND at > $1::timestamptz - interval '1 minute' AND at <= $1 AND ${OWN(2)}`;
const IN_FLIGHT = `SELECT count(*)::int AS count FROM (
    SELECT event_id FROM checkpoint WHERE ${ACCEPTED} AND at > $1::timestamptz - interval '5 minutes' AND at <= $1 AND ${OWN(2)}
    ORDER BY at DESC, id DESC LIMIT ${SAMPLE}) a
  WHERE NOT EXISTS (SELECT 1 FROM checkpoint o WHERE o.event_id = a.event_id AND o.stage NOT IN ('accepted', 'routed'))`;
const WAITING = `SELECT count(*)::int AS count FROM (
    SELECT DISTINCT event_id FROM (
      SELECT event_id FROM checkpoint WHERE stage = 'stored' AND at > $1::timestamptz - interval '8 days' AND ${OWN(2)}
      ORDER BY at DESC, id DESC LIMIT ${MOST_WAITING}) newest) s
  WHERE NOT EXISTS (SELECT 1 FROM checkpoint o WHERE o.event_id = s.event_id AND o.stage NOT IN ('accepted', 'routed', 'stored'))`;
const LATENCY = `SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY ms)::int AS p50, percentile_disc(0.99) WITHIN GROUP (ORDER BY ms)::int AS p99
  FROM (SELECT extract(epoch FROM o.at - a.at) * 1000 AS ms FROM (
      SELECT event_id, at FROM checkpoint WHERE ${ACCEPTED} AND at > $1 AND at <= $2 AND ${OWN(3)}
      ORDER BY at DESC, id DESC LIMIT ${SAMPLE}) a
    CROSS JOIN LATERAL (SELECT min(at) AS at FROM checkpoint c
      WHERE c.event_id = a.event_id AND c.kind = 'message' AND c.stage IN ('submitted', 'delivered', 'read')) o
    WHERE o.at IS NOT NULL) waits`;
/** Not counted: a contact request to a network without them. Its people can be written to without one, and nobody is told that it failed. */
const NO_CONTACTS = "kind = 'contact' AND code = '12'";
const FAILED = `SELECT code, date_bin($4 * interval '1 second', at, $1) AS bucket, count(*)::int AS count FROM checkpoint
  WHERE stage = 'failed' AND NOT (${NO_CONTACTS}) AND at > $1 AND at <= $2 AND ${OWN(3)} GROUP BY 1, 2`;
const BY_TRACE = `SELECT date_bin($4 * interval '1 second', at, $1) AS bucket, count(*)::int AS count FROM checkpoint
  WHERE ${ACCEPTED} AND at > $1 AND at <= $2 AND ${OWN(3)} GROUP BY 1`;
const BY_TALLY = `SELECT date_bin($4 * interval '1 second', hour, $1) AS bucket, sum(delivered)::int AS count FROM delivered_tally
  WHERE hour >= $1 AND hour <= $2 AND ($3::text IS NULL OR $3 IN (network, towards)) GROUP BY 1`;
const DAY = `SELECT to_char(date, 'YYYY-MM-DD') AS date, state FROM business_day ORDER BY date DESC LIMIT 1`;

@Injectable()
export class OverviewRepository {
  constructor(private readonly reads: BoundedReads) {}

  /** @param network of an operator; null: the whole exchange */
  figures({ since, until, step, fromTally }: Span, network: string | null): Promise<Figures> {
    return this.reads.read(async (manager) => {
      const [latency] = await manager.query<{ p50: number | null; p99: number | null }[]>(LATENCY, [
        since,
        until,
        network,
      ]);
      const [day] = await manager.query<{ date: string; state: 'open' | 'closed' }[]>(DAY);
      return {
        lastMinute: await count(manager, LAST_MINUTE, until, network),
        inFlight: await count(manager, IN_FLIGHT, until, network),
        waiting: await count(manager, WAITING, until, network),
        p50: latency?.p50 ?? null,
        p99: latency?.p99 ?? null,
        failed: await manager.query<Figures['failed']>(FAILED, [since, until, network, step]),
        accepted: await manager.query<Figures['accepted']>(fromTally ? BY_TALLY : BY_TRACE, [
          since,
          until,
          network,
          step,
        ]),
        day,
      };
    });
  }

  /** Newest credential of each network that ends before this time. */
  expiringCredentials(before: Date, network: string | null): Promise<Expiring[]> {
    return this.reads.read((manager) =>
      manager.query<Expiring[]>(
        `SELECT network, max(expires_at) AS until FROM bus_credential
         WHERE revoked_at IS NULL AND ($2::text IS NULL OR network = $2)
         GROUP BY network HAVING max(expires_at) < $1 ORDER BY 2 LIMIT 100`,
        [before, network],
      ),
    );
  }

  /** Newest certificate of each certified network that ends before this time. */
  expiringCertificates(before: Date, network: string | null): Promise<Expiring[]> {
    return this.reads.read((manager) =>
      manager.query<Expiring[]>(
        `SELECT c.network, max(c.valid_until) AS until FROM certification c JOIN network n ON n.slug = c.network
         WHERE c.state = 'passed' AND n.status <> 'gone' AND ($2::text IS NULL OR c.network = $2)
         GROUP BY c.network HAVING max(c.valid_until) < $1 ORDER BY 2 LIMIT 100`,
        [before, network],
      ),
    );
  }

  /** The oldest day that was not closed although it ended more than a day ago. */
  async overdueDay(now: Date): Promise<string | undefined> {
    const [row] = await this.reads.read((manager) =>
      manager.query<{ date: string }[]>(
        `SELECT to_char(date, 'YYYY-MM-DD') AS date FROM business_day
         WHERE state = 'open' AND date < ($1::timestamptz AT TIME ZONE 'UTC')::date - 2 ORDER BY date LIMIT 1`,
        [now],
      ),
    );
    return row?.date;
  }

  networks(network: string | null): Promise<{ slug: string; status: string }[]> {
    return this.reads.read((manager) =>
      manager.query<{ slug: string; status: string }[]>(
        `SELECT slug, status FROM network WHERE status IN ('live', 'suspended', 'leaving') AND ($1::text IS NULL OR slug = $1)
         ORDER BY slug LIMIT 1000`,
        [network],
      ),
    );
  }
}

async function count(
  manager: EntityManager,
  sql: string,
  until: Date,
  network: string | null,
): Promise<number> {
  const [row] = await manager.query<{ count: number }[]>(sql, [until, network]);
  return row?.count ?? 0;
}
