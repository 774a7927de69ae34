/** The table of saved views. */
import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { NewSavedView, SavedView } from './saved-view.dto.js';

@Injectable()
export class SavedViewsRepository {
  constructor(private readonly database: DataSource) {}

  /** By page and name. */
  list(person: string): Promise<SavedView[]> {
    return this.database.query<SavedView[]>(
      'SELECT id, path, name, search FROM saved_view WHERE person_id = $1 ORDER BY path, name',
      [person],
    );
  }

  /**
   * Replaces the view of the same name on the same page.
   * @param most views of one person
   * @returns undefined: the person has so many already
   */
  save(person: string, { path, name, search }: NewSavedView, most: number): Promise<SavedView | undefined> {
    return this.database.transaction(async (manager) => {
      // Two requests of one person at once would both find room for one more.
      await manager.query('SELECT 1 FROM person WHERE id = $1 FOR UPDATE', [person]);
      const [row] = await manager.query<SavedView[]>(
        `INSERT INTO saved_view (id, person_id, path, name, search, created_at)
         SELECT $1::uuid, $2::uuid, $3::text, $4::text, $5::jsonb, now()
         WHERE (SELECT count(*) FROM saved_view WHERE person_id = $2 AND (path, name) <> ($3, $4)) < $6
         ON CONFLICT (person_id, path, name) DO UPDATE SET search = excluded.search
         RETURNING id, path, name, search`,
        [randomUUID(), person, path, name, JSON.stringify(search), most],
      );
      return row;
    });
  }

  /** @returns false if the person has no such view */
  async remove(person: string, id: string): Promise<boolean> {
    const [rows] = await this.database.query<[unknown[], number]>(
      'DELETE FROM saved_view WHERE person_id = $1 AND id = $2 RETURNING id',
      [person, id],
    );
    return rows.length > 0;
  }
}
