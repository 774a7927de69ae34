/** Counts complaints against messages that the switch sent on, and steps networks down and back. One console at a time. */
import { LOCKS } from '#database';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { RiskLevel } from '#protocol';
import { AuditService } from '../audit/audit.service.js';
import { RegistryService } from '../registry/registry.service.js';
import { explained, nextRisk, RISK_RULES } from './risk-rules.js';

const COUNTED_UP_TO = 'delivered_counted_up_to';
const DAY_MS = 24 * 3600_000;

export interface Standing {
  network: string;
  risk: RiskLevel;
  since: Date;
  sentOn: number;
  complaints: number;
  late: number;
  unproven: number;
}

/**
 * A complaint weighs if it names a message that the switch itself sent on from the accused to the reporter's network, and once
 * for each message: otherwise one member could have another stopped by words alone. Unanswered when it was due, it weighs double.
 */
const STANDINGS = `
  WITH proven AS (
    SELECT DISTINCT ON (r.accused_network, r.reference) r.accused_network, COALESCE(r.answered_at, $1) > r.due_at AS late
    FROM abuse_report r
    WHERE r.reported_at > $2 AND EXISTS (
      SELECT 1 FROM checkpoint c WHERE c.event_id = r.reference AND c.stage = 'routed'
        AND c.from_address = r.accused AND c.network = r.reporter_network)
    ORDER BY r.accused_network, r.reference, r.reported_at)
  SELECT n.slug AS network, n.risk, COALESCE(k.since, n.created_at) AS since,
    (SELECT COALESCE(sum(delivered), 0) FROM delivered_tally t WHERE t.network = n.slug AND t.hour > $2)::int AS "sentOn",
    (SELECT count(*) + count(*) FILTER (WHERE late) FROM proven p WHERE p.accused_network = n.slug)::int AS complaints,
    (SELECT count(*) FILTER (WHERE late) FROM proven p WHERE p.accused_network = n.slug)::int AS late,
    (SELECT count(*) FROM abuse_report r WHERE r.accused_network = n.slug AND r.reported_at > $2)::int
      - (SELECT count(*) FROM proven p WHERE p.accused_network = n.slug)::int AS unproven
  FROM network n LEFT JOIN network_risk k ON k.network = n.slug
  WHERE $3::text IS NULL OR n.slug = $3 ORDER BY n.slug`;

/**
 * From where we stopped to where the trace of what was sent on has come: it is written in the order of one stream, by the switch;
 * what was delivered of it is the word of its network alone.
 */
const TALLY = `
  INSERT INTO delivered_tally
  SELECT split_part(from_address, '@', 2), date_trunc('hour', at), count(*) FROM checkpoint
  WHERE stage = 'routed' AND kind = 'message' AND at > $1 AND at <= $2 GROUP BY 1, 2
  ON CONFLICT (network, hour) DO UPDATE SET delivered = delivered_tally.delivered + excluded.delivered`;

@Injectable()
export class RiskService {
  constructor(
    @Inject(DataSource) private readonly database: DataSource,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(RegistryService) private readonly registry: RegistryService,
  ) {}

  /** @returns the networks that were stepped; undefined while another console is at it */
  async judge(now: Date): Promise<string[] | undefined> {
    const stepped = await this.database.transaction(async (manager) => {
      const [lock] = await manager.query<{ ours: boolean }[]>(
        'SELECT pg_try_advisory_xact_lock($1) AS ours',
        [LOCKS.risk],
      );
      if (lock?.ours !== true) return undefined;
      await this.count(manager, now);
      // In the order in which others take them: a network first, then the audit log.
      await manager.query('SELECT 1 FROM network ORDER BY slug FOR UPDATE');
      const standings = await standingsOf(manager, now);
      const moved: string[] = [];
      for (const standing of standings)
        if (await this.step(manager, standing, now)) moved.push(standing.network);
      return moved;
    });
    if (stepped && stepped.length > 0) await this.registry.settled();
    return stepped;
  }

  async standing(network: string): Promise<Standing | undefined> {
    const [one] = await standingsOf(this.database.manager, new Date(), network);
    return one;
  }

  private async count(manager: EntityManager, now: Date): Promise<void> {
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

  private async step(manager: EntityManager, standing: Standing, now: Date): Promise<boolean> {
    const { network, risk, since, sentOn, complaints, late, unproven } = standing;
    const next = nextRisk(risk, now.getTime() - since.getTime(), standing, RISK_RULES);
    await manager.query(
      `INSERT INTO network_risk VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (network) DO UPDATE SET since = excluded.since,
         delivered = excluded.delivered, complaints = excluded.complaints, late = excluded.late, unproven = excluded.unproven,
         judged_at = excluded.judged_at`,
      [network, next === risk ? since : now, sentOn, complaints, late, unproven, now],
    );
    if (next === risk) return false;
    await manager.query('UPDATE network SET risk = $2 WHERE slug = $1', [network, next]);
    await this.registry.changed(manager, { member: network });
    await this.audit.record(manager, {
      by: 'hub',
      action: 'network.risk',
      subject: `network/${network}`,
      reason: explained(risk, standing, RISK_RULES),
      change: { from: risk, to: next },
    });
    return true;
  }
}

function standingsOf(manager: EntityManager, now: Date, network?: string): Promise<Standing[]> {
  return manager.query<Standing[]>(STANDINGS, [now, windowStart(now), network ?? null]);
}

function windowStart(now: Date): Date {
  return new Date(now.getTime() - RISK_RULES.windowDays * DAY_MS);
}
