/** Tables `recovery_code` and `second_factor_reset`. */
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';

@Injectable()
export class RecoveryRepository {
  constructor(private readonly database: DataSource) {}

  async codesLeft(person: string, manager = this.database.manager): Promise<number> {
    const [row] = await manager.query<{ left: number }[]>(
      'SELECT count(*)::int AS left FROM recovery_code WHERE person_id = $1 AND used_at IS NULL',
      [person],
    );
    return row?.left ?? 0;
  }

  /** The codes before are accepted no more. */
  async replaceCodes(manager: EntityManager, person: string, hashes: readonly string[]): Promise<void> {
    await this.removeCodes(manager, person);
    await manager.query('INSERT INTO recovery_code (person_id, hash) SELECT $1, unnest($2::text[])', [
      person,
      hashes,
    ]);
  }

  async removeCodes(manager: EntityManager, person: string): Promise<void> {
    await manager.query('DELETE FROM recovery_code WHERE person_id = $1', [person]);
  }

  /** Two requests with the same code: the second one gets false. */
  async useCode(manager: EntityManager, person: string, hash: string, at: Date): Promise<boolean> {
    const [rows] = await manager.query<[unknown[], number]>(
      `UPDATE recovery_code SET used_at = $3 WHERE person_id = $1 AND hash = $2 AND used_at IS NULL
       RETURNING hash`,
      [person, hash, at],
    );
    return rows.length > 0;
  }

  /** Whether the person must set up a new second factor. */
  async isReset(person: string): Promise<boolean> {
    const rows = await this.database.query<unknown[]>(
      'SELECT 1 FROM second_factor_reset WHERE person_id = $1',
      [person],
    );
    return rows.length > 0;
  }

  async setReset(manager: EntityManager, person: string, at: Date): Promise<void> {
    await manager.query(
      `INSERT INTO second_factor_reset (person_id, reset_at) VALUES ($1, $2)
       ON CONFLICT (person_id) DO UPDATE SET reset_at = excluded.reset_at`,
      [person, at],
    );
  }

  /** @returns whether there was a reset */
  async endReset(manager: EntityManager, person: string): Promise<boolean> {
    const [rows] = await manager.query<[unknown[], number]>(
      'DELETE FROM second_factor_reset WHERE person_id = $1 RETURNING person_id',
      [person],
    );
    return rows.length > 0;
  }
}
