import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Network } from '#protocol';
import type { MomentKey } from '../http/page.js';

export interface CredentialColumns {
  public_key: string;
  network: string;
  issued_at: Date;
  expires_at: Date;
  issued_by: string;
  renews: string | null;
  revoked_at: Date | null;
  revoked_for: string | null;
  last_used_at: Date | null;
  last_address: string | null;
}

export interface NewCredential {
  publicKey: string;
  network: Network;
  expiresAt: Date;
  issuedBy: string;
  renews: string | null;
}

const COLUMNS =
  'public_key, network, issued_at, expires_at, issued_by, renews, revoked_at, revoked_for, last_used_at, last_address';

@Injectable()
export class CredentialsRepository {
  constructor(private readonly database: DataSource) {}

  /** Locks the credentials of a network, so that limits hold and the account is published in order. */
  async lock(manager: EntityManager, network: string): Promise<void> {
    await manager.query("SELECT pg_advisory_xact_lock(hashtext('bus credentials of ' || $1))", [network]);
  }

  async insert(manager: EntityManager, row: NewCredential): Promise<CredentialColumns> {
    const [inserted] = await manager.query<CredentialColumns[]>(
      `INSERT INTO bus_credential (public_key, network, issued_at, expires_at, issued_by, renews)
       VALUES ($1, $2, date_trunc('milliseconds', now()), $3, $4, $5) RETURNING ${COLUMNS}`,
      [row.publicKey, row.network, row.expiresAt, row.issuedBy, row.renews],
    );
    if (!inserted) throw new Error('PostgreSQL returned no row for an INSERT');
    return inserted;
  }

  /** Valid credentials that a person issued, without renewals. */
  async countIssued(manager: EntityManager, network: string): Promise<number> {
    const [row] = await manager.query<{ count: string }[]>(
      `WITH RECURSIVE valid AS (
         SELECT public_key, renews FROM bus_credential WHERE network = $1 AND revoked_at IS NULL AND expires_at > now()
         UNION SELECT c.public_key, c.renews FROM bus_credential c JOIN valid v ON c.public_key = v.renews)
       SELECT count(*) FROM valid WHERE renews IS NULL`,
      [network],
    );
    return Number(row?.count ?? 0);
  }

  async find(
    manager: EntityManager,
    network: string,
    publicKey: string,
  ): Promise<CredentialColumns | undefined> {
    const [row] = await manager.query<CredentialColumns[]>(
      `SELECT ${COLUMNS} FROM bus_credential WHERE network = $1 AND public_key = $2`,
      [network, publicKey],
    );
    return row;
  }

  async isRenewed(manager: EntityManager, publicKey: string): Promise<boolean> {
    const rows = await manager.query<unknown[]>('SELECT 1 FROM bus_credential WHERE renews = $1', [
      publicKey,
    ]);
    return rows.length > 0;
  }

  /** Revokes a credential and all that were renewed from it. @returns how many of them were valid */
  async revoke(manager: EntityManager, publicKey: string, by: string, reason: string): Promise<number> {
    const [, count] = await manager.query<[unknown[], number]>(
      `WITH RECURSIVE line AS (
         SELECT public_key FROM bus_credential WHERE public_key = $1
         UNION SELECT c.public_key FROM bus_credential c JOIN line l ON c.renews = l.public_key)
       UPDATE bus_credential SET revoked_at = date_trunc('milliseconds', now()), revoked_by = $2, revoked_for = $3
       WHERE public_key IN (SELECT public_key FROM line) AND revoked_at IS NULL`,
      [publicKey, by, reason],
    );
    return count;
  }

  /** Newest first. */
  list(network: string, before: MomentKey | undefined, limit: number): Promise<CredentialColumns[]> {
    const [at, key] = before ?? [null, null];
    return this.database.query<CredentialColumns[]>(
      `SELECT ${COLUMNS} FROM bus_credential
       WHERE network = $1 AND ($2::timestamptz IS NULL OR (issued_at, public_key) < ($2, $3))
       ORDER BY issued_at DESC, public_key DESC LIMIT $4`,
      [network, at, key, limit],
    );
  }

  /** Revoked credentials that have not expired: public key to time of revocation. */
  async revoked(manager: EntityManager, network: string): Promise<Record<string, number>> {
    const rows = await manager.query<{ public_key: string; revoked_at: Date }[]>(
      'SELECT public_key, revoked_at FROM bus_credential WHERE network = $1 AND revoked_at IS NOT NULL AND expires_at > now()',
      [network],
    );
    // A revocation applies to credentials issued until this time, in whole seconds.
    return Object.fromEntries(
      rows.map((row) => [row.public_key, Math.ceil(row.revoked_at.getTime() / 1000)]),
    );
  }

  async used(publicKey: string, address: string | null): Promise<void> {
    await this.database.query(
      'UPDATE bus_credential SET last_used_at = now(), last_address = coalesce($2, last_address) WHERE public_key = $1',
      [publicKey, address],
    );
  }
}
