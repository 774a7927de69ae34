/** Table `api_key`, and which key made which other key. Sessions of the web console are keys, too. */
import { Injectable } from '@nestjs/common';
import { DataSource, In, IsNull, type EntityManager } from 'typeorm';
import { ApiKeyRow } from '#database';
import type { MomentKey } from '../http/page.js';

/** Keys that were made with a key, directly or through other keys. A key that a second person approved is not derived. */
const DERIVED = `
  WITH RECURSIVE derived AS (
    SELECT id FROM api_key WHERE id = $1
    UNION SELECT k.id FROM api_key k JOIN derived d ON k.created_by = d.id WHERE k.approved_by IS NULL)`;

@Injectable()
export class ApiKeysRepository {
  constructor(private readonly database: DataSource) {}

  /** A key that is not revoked, of a person who is not disabled. The key can have expired. */
  async findUsable(hash: string): Promise<ApiKeyRow | null> {
    return this.database
      .getRepository(ApiKeyRow)
      .createQueryBuilder('key')
      .where('key.hash = :hash AND key.revokedAt IS NULL', { hash })
      .andWhere('EXISTS (SELECT 1 FROM person p WHERE p.id = key.personId AND p.disabled_at IS NULL)')
      .getOne();
  }

  findByHash(hash: string): Promise<ApiKeyRow | null> {
    return this.database.getRepository(ApiKeyRow).findOneBy({ hash });
  }

  find(id: string): Promise<ApiKeyRow | null> {
    return this.database.getRepository(ApiKeyRow).findOneBy({ id });
  }

  /** Oldest first, without revoked keys and sessions. @param network only keys for this network */
  page(network: string | null, after: MomentKey | undefined, limit: number): Promise<ApiKeyRow[]> {
    const rows = this.database.getRepository(ApiKeyRow).createQueryBuilder('key');
    rows.where('key.revokedAt IS NULL AND NOT EXISTS (SELECT 1 FROM session s WHERE s.key_id = key.id)');
    if (network !== null) rows.andWhere('key.network = :network', { network });
    if (after) rows.andWhere('(key.createdAt, key.id) > (:at, :id)', { at: after[0], id: after[1] });
    return rows.orderBy('key.createdAt').addOrderBy('key.id').take(limit).getMany();
  }

  async insert(manager: EntityManager, row: ApiKeyRow): Promise<void> {
    await manager.getRepository(ApiKeyRow).insert(row);
  }

  /** @returns the key and all keys that were derived from it, without revoked keys */
  async derivedFrom(manager: EntityManager, id: string): Promise<ApiKeyRow[]> {
    const ids = await manager.query<{ id: string }[]>(`${DERIVED} SELECT id FROM derived`, [id]);
    const found = In(ids.map((row) => row.id));
    return manager.getRepository(ApiKeyRow).findBy({ id: found, revokedAt: IsNull() });
  }

  /** @returns false if the key was revoked before */
  async revoke(
    manager: EntityManager,
    id: string,
    { by, reason }: { by: string | null; reason: string },
  ): Promise<boolean> {
    const { affected } = await manager
      .getRepository(ApiKeyRow)
      .update({ id, revokedAt: IsNull() }, { revokedAt: new Date(), revokedBy: by, revokedReason: reason });
    return affected === 1;
  }

  /** The root keys of two keys: keys that no other key made, or that a second person approved. */
  async roots(one: string, other: string): Promise<string[]> {
    const rows = await this.database.query<{ id: string }[]>(
      `WITH RECURSIVE line AS (
         SELECT id, created_by, approved_by FROM api_key WHERE id IN ($1, $2)
         UNION SELECT k.id, k.created_by, k.approved_by FROM api_key k
           JOIN line l ON k.id = l.created_by AND l.approved_by IS NULL)
       SELECT id FROM line WHERE created_by IS NULL OR approved_by IS NOT NULL`,
      [one, other],
    );
    return rows.map(({ id }) => id);
  }

  /**
   * Whether, after this time, the person of one key issued the other key or proposed its person. For a session, the key that set
   * the password counts as well.
   */
  async madeSince(one: string, other: string, since: Date): Promise<boolean> {
    const [row] = await this.database.query<{ made: boolean }[]>(
      `SELECT EXISTS (
         SELECT 1 FROM api_key a JOIN api_key b ON (a.id, b.id) IN (($1, $2), ($2, $1)) JOIN person p ON p.id = b.person_id
         LEFT JOIN api_key maker_of_key ON maker_of_key.id = b.created_by
         LEFT JOIN api_key maker_before ON maker_before.id = maker_of_key.created_by
         LEFT JOIN api_key maker_of_person ON maker_of_person.id = p.created_by
         WHERE (b.created_at > $3 AND maker_of_key.person_id = a.person_id)
            OR (maker_of_key.created_at > $3 AND maker_before.person_id = a.person_id)
            OR (p.created_at > $3 AND maker_of_person.person_id = a.person_id)) AS made`,
      [one, other, since],
    );
    return row?.made ?? true;
  }

  /** Forgets passwords that these keys set. */
  async forgetPasswords(manager: EntityManager, keys: readonly string[]): Promise<void> {
    await manager.query('DELETE FROM password WHERE proven_by = ANY ($1)', [keys]);
  }

  /** Records the use of a key from an address. @returns whether it is the first use within the hour */
  async used(manager: EntityManager, id: string, address: string): Promise<boolean> {
    const rows = await manager.query<unknown[]>(
      `INSERT INTO key_use (key_id, address, at) VALUES ($1, $2, now())
       ON CONFLICT (key_id, address) DO UPDATE SET at = excluded.at WHERE key_use.at < now() - interval '1 hour'
       RETURNING key_id`,
      [id, address],
    );
    return rows.length > 0;
  }

  async addressesWithinHour(manager: EntityManager, id: string): Promise<number> {
    await manager.query("DELETE FROM key_use WHERE key_id = $1 AND at < now() - interval '1 hour'", [id]);
    const [row] = await manager.query<{ count: number }[]>(
      'SELECT count(*)::int AS count FROM key_use WHERE key_id = $1',
      [id],
    );
    return row?.count ?? 0;
  }

  async touch(id: string): Promise<void> {
    await this.database.query('UPDATE api_key SET last_used_at = now() WHERE id = $1', [id]);
  }
}
