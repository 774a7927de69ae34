/** Table `webhook_delivery`: which events wait for which webhook, and what became of each. */
import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { EventKind } from '../events/event-kinds.js';
import type { MomentKey } from '../http/page.js';

export const DELIVERY_STATES = ['waiting', 'delivered', 'failed'] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

export interface DeliveryRow {
  id: string;
  event_id: string;
  kind: EventKind;
  subject: string;
  state: DeliveryState;
  attempts: number;
  created_at: Date;
  last_at: Date | null;
  next_at: Date;
  status: number | null;
  error: string | null;
}

/** A delivery that this console tries now, with what it sends. */
export interface DueDelivery {
  id: string;
  webhook: string;
  /** Attempts so far, with this one. */
  attempts: number;
  url: string;
  /** Encrypted. */
  secret: string;
  /** Encrypted; null: no rotation is under way. */
  former_secret: string | null;
  event: string;
  kind: EventKind;
  network: string | null;
  subject: string;
  words: string;
  at: Date;
}

export interface Outcome {
  state: DeliveryState;
  status: number | null;
  error: string | null;
  /** ms until the next attempt. */
  retryMs?: number | undefined;
}

const COLUMNS = `d.id, d.event_id, e.kind, e.subject, d.state, d.attempts, d.created_at, d.last_at, d.next_at, d.status, d.error`;
/** If the console ends during an attempt, another one tries again after this time. Longer than an attempt can take. */
const LEASE = `interval '1 minute'`;

@Injectable()
export class DeliveriesRepository {
  constructor(private readonly database: DataSource) {}

  /** Newest first. */
  page(
    webhook: string,
    state: DeliveryState | undefined,
    before: MomentKey | undefined,
    limit: number,
  ): Promise<DeliveryRow[]> {
    return this.database.query<DeliveryRow[]>(
      `SELECT ${COLUMNS} FROM webhook_delivery d JOIN hub_event e ON e.id = d.event_id
       WHERE d.webhook_id = $1 AND ($2::text IS NULL OR d.state = $2)
         AND ($3::timestamptz IS NULL OR (d.created_at, d.id) < ($3, $4::uuid))
       ORDER BY d.created_at DESC, d.id DESC LIMIT $5`,
      [webhook, state ?? null, before?.[0] ?? null, before?.[1] ?? null, limit],
    );
  }

  async find(queries: EntityManager, webhook: string, id: string): Promise<DeliveryRow | undefined> {
    const [row] = await queries.query<DeliveryRow[]>(
      `SELECT ${COLUMNS} FROM webhook_delivery d JOIN hub_event e ON e.id = d.event_id
       WHERE d.webhook_id = $1 AND d.id = $2`,
      [webhook, id],
    );
    return row;
  }

  /** @returns its id */
  async add(manager: EntityManager, webhook: string, event: string): Promise<string> {
    const id = randomUUID();
    await manager.query(
      `INSERT INTO webhook_delivery (id, webhook_id, event_id, state, created_at, next_at)
       VALUES ($1, $2, $3, 'waiting', date_trunc('milliseconds', now()), now())`,
      [id, webhook, event],
    );
    return id;
  }

  /** Begins anew, with all attempts. @returns false while an attempt is due or under way */
  async again(manager: EntityManager, id: string): Promise<boolean> {
    const [rows] = await manager.query<[unknown[], number]>(
      `UPDATE webhook_delivery SET state = 'waiting', attempts = 0, next_at = now(), status = NULL, error = NULL
       WHERE id = $1 AND state <> 'waiting' RETURNING id`,
      [id],
    );
    return rows.length > 0;
  }

  /**
   * Takes the oldest due delivery of each enabled webhook. Two consoles never take the same one: the one skips the rows that the other
   * has locked, and sees the end of its lease afterwards.
   * @param without webhooks for which this console is sending
   */
  async claim(most: number, without: readonly string[]): Promise<DueDelivery[]> {
    const [rows] = await this.database.query<[DueDelivery[], number]>(
      `WITH due AS (
         SELECT d.id FROM webhook_delivery d WHERE d.state = 'waiting' AND d.next_at <= now() AND d.id IN (
           SELECT DISTINCT ON (c.webhook_id) c.id FROM webhook_delivery c JOIN webhook w ON w.id = c.webhook_id
           WHERE c.state = 'waiting' AND c.next_at <= now() AND w.enabled AND NOT c.webhook_id = ANY ($2::uuid[])
           ORDER BY c.webhook_id, c.created_at, c.id)
         ORDER BY d.next_at LIMIT $1 FOR UPDATE OF d SKIP LOCKED)
       UPDATE webhook_delivery d SET attempts = d.attempts + 1, next_at = now() + ${LEASE}, last_at = date_trunc('milliseconds', now()),
         status = NULL, error = NULL
       FROM due, webhook w, hub_event e WHERE d.id = due.id AND w.id = d.webhook_id AND e.id = d.event_id
       RETURNING d.id, d.webhook_id AS webhook, d.attempts, w.url, w.secret,
         CASE WHEN w.former_until > now() THEN w.former_secret END AS former_secret, e.id AS event, e.kind, e.network, e.subject, e.words, e.at`,
      [most, without],
    );
    return rows;
  }

  /** Writes the end of an attempt, unless the delivery was begun anew or claimed by another console in the meantime. */
  async settle({ id, attempts }: DueDelivery, { state, status, error, retryMs = 0 }: Outcome): Promise<void> {
    await this.database.query(
      `UPDATE webhook_delivery SET state = $3, status = $4, error = $5, next_at = now() + $6 * interval '1 millisecond'
       WHERE id = $1 AND attempts = $2 AND state = 'waiting'`,
      [id, attempts, state, status, error?.slice(0, 500) ?? null, retryMs],
    );
  }
}
