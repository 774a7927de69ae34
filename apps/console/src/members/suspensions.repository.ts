/** Table of suspensions: who, when, why, whether a second admin has confirmed it, and when an unconfirmed one ends. */
import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

export interface SuspensionRow {
  id: string;
  network: string;
  reason: string;
  suspended_by: string;
  suspended_at: Date;
  /** End of an unconfirmed suspension; null: until further notice. */
  expires_at: Date | null;
  confirmed_by: string | null;
}

export interface NewSuspension {
  network: string;
  reason: string;
  by: string;
  at: Date;
  expiresAt: Date | null;
}

@Injectable()
export class SuspensionsRepository {
  async begin(manager: EntityManager, { network, reason, by, at, expiresAt }: NewSuspension): Promise<void> {
    await manager.query(
      `INSERT INTO suspension (id, network, reason, suspended_by, suspended_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6)`,
      [randomUUID(), network, reason, by, at, expiresAt],
    );
  }

  /** The suspension in force. The caller has locked the network. */
  async current(manager: EntityManager, network: string): Promise<SuspensionRow | undefined> {
    const [row] = await manager.query<SuspensionRow[]>(
      'SELECT * FROM suspension WHERE network = $1 AND ended_at IS NULL',
      [network],
    );
    return row;
  }

  async confirm(manager: EntityManager, id: string, by: string, at: Date): Promise<void> {
    await manager.query(
      'UPDATE suspension SET confirmed_by = $2, confirmed_at = $3, expires_at = NULL WHERE id = $1',
      [id, by, at],
    );
  }

  async end(manager: EntityManager, network: string, at: Date): Promise<void> {
    await manager.query('UPDATE suspension SET ended_at = $2 WHERE network = $1 AND ended_at IS NULL', [
      network,
      at,
    ]);
  }

  async overdue(manager: EntityManager, now: Date): Promise<string | undefined> {
    const [row] = await manager.query<{ network: string }[]>(
      'SELECT network FROM suspension WHERE ended_at IS NULL AND expires_at <= $1 ORDER BY expires_at LIMIT 1',
      [now],
    );
    return row?.network;
  }

  /** People who have suspended the network alone since this time, without confirmation by a second admin. */
  async unconfirmedSince(manager: EntityManager, network: string, since: Date): Promise<string[]> {
    const rows = await manager.query<{ suspended_by: string }[]>(
      `SELECT DISTINCT suspended_by FROM suspension
       WHERE network = $1 AND confirmed_by IS NULL AND expires_at IS NOT NULL AND suspended_at > $2`,
      [network, since],
    );
    return rows.map((row) => row.suspended_by);
  }
}
