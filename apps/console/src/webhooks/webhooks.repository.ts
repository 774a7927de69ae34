/** Table `webhook`. */
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { LOCKS } from '#database';
import type { SubscribedKind } from '../events/event-kinds.js';

export interface WebhookRow {
  id: string;
  /** null: of the exchange. */
  network: string | null;
  url: string;
  kinds: SubscribedKind[];
  note: string;
  enabled: boolean;
  created_at: Date;
  /** Number of waiting deliveries. */
  waiting: number;
}

export interface NewWebhookRow extends Omit<WebhookRow, 'created_at' | 'waiting'> {
  /** Encrypted. */
  secret: string;
  /** Id of a key. */
  createdBy: string;
}

const COLUMNS = `w.id, w.network, w.url, w.kinds, w.note, w.enabled, w.created_at,
  (SELECT count(*) FROM webhook_delivery d WHERE d.webhook_id = w.id AND d.state = 'waiting')::int AS waiting`;

@Injectable()
export class WebhooksRepository {
  constructor(private readonly database: DataSource) {}

  /** Oldest first. @param network null: those of the exchange */
  list(
    network: string | null,
    after: readonly [string, string] | undefined,
    limit: number,
  ): Promise<WebhookRow[]> {
    return this.database.query<WebhookRow[]>(
      `SELECT ${COLUMNS} FROM webhook w WHERE w.network IS NOT DISTINCT FROM $1
         AND ($2::timestamptz IS NULL OR (w.created_at, w.id) > ($2, $3::uuid))
       ORDER BY w.created_at, w.id LIMIT $4`,
      [network, after?.[0] ?? null, after?.[1] ?? null, limit],
    );
  }

  /** Of this network; null: of the exchange. */
  async find(queries: EntityManager, id: string, network: string | null): Promise<WebhookRow | undefined> {
    const [row] = await queries.query<WebhookRow[]>(
      `SELECT ${COLUMNS} FROM webhook w WHERE w.id = $1 AND w.network IS NOT DISTINCT FROM $2`,
      [id, network],
    );
    return row;
  }

  /** Until the end of the transaction nobody else counts them, so that two requests cannot exceed a maximum together. */
  async countLocked(manager: EntityManager, network: string | null): Promise<number> {
    await manager.query('SELECT pg_advisory_xact_lock($1, hashtext($2))', [LOCKS.webhooks, network ?? '']);
    const [row] = await manager.query<{ count: number }[]>(
      'SELECT count(*)::int AS count FROM webhook WHERE network IS NOT DISTINCT FROM $1',
      [network],
    );
    return row?.count ?? 0;
  }

  async insert(manager: EntityManager, row: NewWebhookRow): Promise<void> {
    const { id, network, url, kinds, note, secret, enabled, createdBy } = row;
    await manager.query(
      `INSERT INTO webhook (id, network, url, kinds, note, secret, enabled, created_by, created_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, date_trunc('milliseconds', now()))`,
      [id, network, url, kinds, note, secret, enabled, createdBy],
    );
  }

  async change(
    manager: EntityManager,
    { id, url, kinds, note, enabled }: Pick<WebhookRow, 'id' | 'url' | 'kinds' | 'note' | 'enabled'>,
  ): Promise<void> {
    await manager.query('UPDATE webhook SET url = $2, kinds = $3, note = $4, enabled = $5 WHERE id = $1', [
      id,
      url,
      kinds,
      note,
      enabled,
    ]);
  }

  /** With its deliveries. */
  async remove(manager: EntityManager, id: string): Promise<void> {
    await manager.query('DELETE FROM webhook WHERE id = $1', [id]);
  }
}
