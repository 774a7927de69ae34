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
  /** First failed attempt since the last delivery; null: the last attempt was a success. */
  failing_since: Date | null;
  /** When the hub disabled it. */
  disabled_at: Date | null;
  /** Until when the former secret signs as well. */
  former_until: Date | null;
  /** Number of waiting deliveries. */
  waiting: number;
}

export interface NewWebhookRow extends Pick<
  WebhookRow,
  'id' | 'network' | 'url' | 'kinds' | 'note' | 'enabled'
> {
  /** Encrypted. */
  secret: string;
  /** Id of a key. */
  createdBy: string;
}

const COLUMNS = `w.id, w.network, w.url, w.kinds, w.note, w.enabled, w.created_at, w.failing_since, w.disabled_at,
  CASE WHEN w.former_until > now() THEN w.former_until END AS former_until,
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
    // Somebody who enables it again has repaired the receiver.
    await manager.query(
      `UPDATE webhook SET url = $2, kinds = $3, note = $4, enabled = $5,
         failing_since = CASE WHEN $5 AND NOT enabled THEN NULL ELSE failing_since END,
         disabled_at = CASE WHEN $5 THEN NULL ELSE disabled_at END
       WHERE id = $1`,
      [id, url, kinds, note, enabled],
    );
  }

  /** The present secret becomes the former one, which signs as well for some hours; a former one before it ends now. */
  async rotate(manager: EntityManager, id: string, secret: string, hours: number): Promise<void> {
    await manager.query(
      `UPDATE webhook SET former_secret = CASE WHEN $3::int > 0 THEN secret END,
         former_until = CASE WHEN $3 > 0 THEN date_trunc('milliseconds', now() + $3 * interval '1 hour') END, secret = $2
       WHERE id = $1`,
      [id, secret, hours],
    );
  }

  /** An attempt succeeded. */
  async works(id: string): Promise<void> {
    await this.database.query(
      'UPDATE webhook SET failing_since = NULL WHERE id = $1 AND failing_since IS NOT NULL',
      [id],
    );
  }

  /** An attempt failed. @returns the webhook if it is disabled by this, because it has failed since before `tooLong` */
  async fails(
    manager: EntityManager,
    id: string,
    now: Date,
    tooLong: Date,
  ): Promise<{ url: string; network: string | null; failing_since: Date } | undefined> {
    await manager.query('UPDATE webhook SET failing_since = $2 WHERE id = $1 AND failing_since IS NULL', [
      id,
      now,
    ]);
    const [rows] = await manager.query<
      [{ url: string; network: string | null; failing_since: Date }[], number]
    >(
      `UPDATE webhook SET enabled = false, disabled_at = $2 WHERE id = $1 AND enabled AND failing_since <= $3
       RETURNING url, network, failing_since`,
      [id, now, tooLong],
    );
    return rows[0];
  }

  /** Those that the hub has disabled. @param network null: of the exchange */
  disabled(network: string | null): Promise<{ url: string; disabled_at: Date }[]> {
    return this.database.query(
      `SELECT url, disabled_at FROM webhook WHERE disabled_at IS NOT NULL AND network IS NOT DISTINCT FROM $1
       ORDER BY disabled_at LIMIT 10`,
      [network],
    );
  }

  /** With its deliveries. */
  async remove(manager: EntityManager, id: string): Promise<void> {
    await manager.query('DELETE FROM webhook WHERE id = $1', [id]);
  }
}
