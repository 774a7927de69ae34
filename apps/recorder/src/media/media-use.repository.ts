/** Which events name an attachment, and whether they have been delivered or have failed. */
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

/** Of these attachments, those that an event names; `ended`: every such event is delivered or failed, and older than $2. */
const USES = `
  SELECT u.url, bool_and(u.at < $2 AND EXISTS (
    SELECT 1 FROM checkpoint c WHERE c.event_id = u.event_id AND c.stage IN ('delivered', 'read', 'failed', 'unknown'))) AS ended
  FROM media_use u WHERE u.url = ANY($1) GROUP BY u.url`;

@Injectable()
export class MediaUseRepository {
  constructor(private readonly database: DataSource) {}

  /**
   * @param before a use that is younger does not count as ended
   * @returns by url, whether every use has ended; without an entry for an attachment that no event names
   */
  async ended(urls: string[], before: Date): Promise<Map<string, boolean>> {
    const rows = await this.database.query<{ url: string; ended: boolean }[]>(USES, [urls, before]);
    return new Map(rows.map(({ url, ended }) => [url, ended]));
  }

  async forgetBefore(moment: Date): Promise<void> {
    await this.database.query('DELETE FROM media_use WHERE at < $1', [moment]);
  }
}
