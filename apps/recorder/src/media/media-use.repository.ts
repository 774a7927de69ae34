/** Which events name an attachment, and whether they have come to their end. */
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

/** Of these attachments, those that an event names; and whether every such event has ended, and none is young. */
const USES = `
  SELECT u.url, bool_and(u.at < $2 AND EXISTS (
    SELECT 1 FROM checkpoint c WHERE c.event_id = u.event_id AND c.stage IN ('delivered', 'failed'))) AS ended
  FROM media_use u WHERE u.url = ANY($1) GROUP BY u.url`;

@Injectable()
export class MediaUseRepository {
  constructor(private readonly database: DataSource) {}

  /**
   * @param before a younger use has not ended
   * @returns by url: has every use ended? Nothing for one that no event names
   */
  async ended(urls: string[], before: Date): Promise<Map<string, boolean>> {
    const rows = await this.database.query<{ url: string; ended: boolean }[]>(USES, [urls, before]);
    return new Map(rows.map(({ url, ended }) => [url, ended]));
  }

  async forgetBefore(moment: Date): Promise<void> {
    await this.database.query('DELETE FROM media_use WHERE at < $1', [moment]);
  }
}
