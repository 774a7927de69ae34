/** Table `session`. Each session has a row of `api_key`, which says who acts, with which role, and until when. */
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { ApiKeyRow } from '#database';
import type { MomentKey } from '../http/page.js';
import { ApiKeysRepository } from './api-keys.repository.js';

export const SIGN_IN_METHODS = [
  'password',
  'password-and-code',
  'password-and-recovery-code',
  'oidc',
] as const;
export type SignInMethod = (typeof SIGN_IN_METHODS)[number];

export interface SessionRow {
  key_id: string;
  person_id: string;
  method: SignInMethod;
  /** Address from which the person signed in. */
  address: string;
  agent: string;
  started_at: Date;
  seen_at: Date;
  expires_at: Date;
  /** It is for setting up a second factor, and allows nothing else until then. */
  only_enrols: boolean;
}

@Injectable()
export class SessionsRepository {
  constructor(
    private readonly database: DataSource,
    private readonly keys: ApiKeysRepository,
  ) {}

  async insert(manager: EntityManager, key: ApiKeyRow, session: SessionRow): Promise<void> {
    await this.keys.insert(manager, key);
    await manager.query(
      `INSERT INTO session (key_id, person_id, method, address, agent, started_at, seen_at, expires_at, only_enrols)
       VALUES ($1, $2, $3, $4, $5, $6, $6, $7, $8)`,
      [
        session.key_id,
        session.person_id,
        session.method,
        session.address,
        session.agent,
        session.started_at,
        session.expires_at,
        session.only_enrols,
      ],
    );
  }

  /** A session that was not ended, of a person who is not disabled. It can have expired. */
  async find(hash: string): Promise<{ key: ApiKeyRow; session: SessionRow } | undefined> {
    const key = await this.keys.findUsable(hash);
    if (!key) return undefined;
    const [session] = await this.database.query<SessionRow[]>('SELECT * FROM session WHERE key_id = $1', [
      key.id,
    ]);
    return session && { key, session };
  }

  /** Sessions that can be used, newest first. @param idleSince sessions without a request since then have ended */
  open(
    person: string,
    { now, idleSince }: { now: Date; idleSince: Date },
    after: MomentKey | undefined,
    limit: number,
  ): Promise<SessionRow[]> {
    return this.database.query<SessionRow[]>(
      `SELECT s.* FROM session s JOIN api_key k ON k.id = s.key_id
       WHERE s.person_id = $1 AND k.revoked_at IS NULL AND s.expires_at > $2 AND s.seen_at > $3
         AND ($4::timestamptz IS NULL OR (s.started_at, s.key_id) < ($4, $5::uuid))
       ORDER BY s.started_at DESC, s.key_id DESC LIMIT $6`,
      [person, now, idleSince, after?.[0] ?? null, after?.[1] ?? null, limit],
    );
  }

  /** Ids of the sessions that were not ended, newest first. */
  async idsOf(manager: EntityManager, person: string, now: Date): Promise<string[]> {
    const rows = await manager.query<{ id: string }[]>(
      `SELECT k.id FROM session s JOIN api_key k ON k.id = s.key_id
       WHERE s.person_id = $1 AND k.revoked_at IS NULL AND s.expires_at > $2 ORDER BY s.started_at DESC`,
      [person, now],
    );
    return rows.map(({ id }) => id);
  }

  /** From now on the session allows what the role allows. */
  async enrolled(manager: EntityManager, id: string): Promise<void> {
    await manager.query('UPDATE session SET only_enrols = false WHERE key_id = $1', [id]);
  }

  async seen(id: string, at: Date): Promise<void> {
    await this.database.query('UPDATE session SET seen_at = $2 WHERE key_id = $1', [id, at]);
  }

  /** Whether the person has signed in from this address since then. */
  async isKnownAddress(person: string, address: string, since: Date): Promise<boolean> {
    const rows = await this.database.query<unknown[]>(
      'SELECT 1 FROM session WHERE person_id = $1 AND started_at > $3 AND address = $2 LIMIT 1',
      [person, address, since],
    );
    return rows.length > 0;
  }
}
