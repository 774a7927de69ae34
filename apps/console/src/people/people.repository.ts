/** Table `person`. */
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { PersonRow, type Role } from '#database';
import type { MomentKey } from '../http/page.js';

@Injectable()
export class PeopleRepository {
  constructor(private readonly database: DataSource) {}

  find(id: string): Promise<PersonRow | null> {
    return this.database.getRepository(PersonRow).findOneBy({ id });
  }

  lock(manager: EntityManager, id: string): Promise<PersonRow | null> {
    const lock = { mode: 'pessimistic_write' } as const;
    return manager.getRepository(PersonRow).findOne({ where: { id }, lock });
  }

  /** Oldest first. @param network only people of this network */
  page(network: string | null, after: MomentKey | undefined, limit: number): Promise<PersonRow[]> {
    const rows = this.database.getRepository(PersonRow).createQueryBuilder('person');
    if (network !== null) rows.andWhere('person.network = :network', { network });
    if (after) rows.andWhere('(person.createdAt, person.id) > (:at, :id)', { at: after[0], id: after[1] });
    return rows.orderBy('person.createdAt').addOrderBy('person.id').take(limit).getMany();
  }

  /** Those of the people who have confirmed a second factor. */
  async withSecondFactor(people: readonly string[]): Promise<Set<string>> {
    const rows = await this.database.query<{ id: string }[]>(
      'SELECT person_id AS id FROM second_factor WHERE person_id = ANY ($1) AND confirmed_at IS NOT NULL',
      [people],
    );
    return new Set(rows.map(({ id }) => id));
  }

  /** @returns false if a person with this mail address exists */
  async insert(manager: EntityManager, row: PersonRow): Promise<boolean> {
    const made = await manager
      .getRepository(PersonRow)
      .createQueryBuilder()
      .insert()
      .values(row)
      .orIgnore()
      .returning('id')
      .execute();
    return (made.raw as unknown[]).length === 1;
  }

  async save(manager: EntityManager, row: PersonRow): Promise<void> {
    await manager.getRepository(PersonRow).save(row);
  }

  /** Admins who are not disabled. Waits for transactions that change people. */
  async countAdmins(manager: EntityManager): Promise<number> {
    const rows = await manager.query<unknown[]>(
      `SELECT id FROM person WHERE 'admin' = ANY (roles) AND disabled_at IS NULL FOR UPDATE`,
    );
    return rows.length;
  }

  /** Keys that are not revoked. @param except without keys of these roles */
  async keysOf(manager: EntityManager, person: string, except: readonly Role[] = []): Promise<string[]> {
    const rows = await manager.query<{ id: string }[]>(
      'SELECT id FROM api_key WHERE person_id = $1 AND revoked_at IS NULL AND NOT role = ANY ($2)',
      [person, except],
    );
    return rows.map(({ id }) => id);
  }

  async networkExists(manager: EntityManager, slug: string): Promise<boolean> {
    const rows = await manager.query<unknown[]>('SELECT 1 FROM network WHERE slug = $1', [slug]);
    return rows.length > 0;
  }
}

/** The person whom the settings name: made once, and found by mail from then on. */
export async function personOfSettings(
  manager: EntityManager,
  row: Omit<PersonRow, 'createdBy' | 'approvedBy' | 'disabledAt' | 'disabledBy'>,
): Promise<PersonRow> {
  const people = manager.getRepository(PersonRow);
  await people.createQueryBuilder().insert().values(row).orIgnore().execute();
  return people.findOneByOrFail({ mail: row.mail });
}
