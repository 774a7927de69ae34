/**
 * Ends media before their time: what was delivered to all, unless a link leads to it, and what nobody ever spoke of (left by a
 * crash). The age limit of the stream ends the rest.
 */
import type { DataSource } from 'typeorm';
import { Bucket, MediaStore, type StoredObject } from '#bus';
import { BUCKETS, linkedKey, mediaUrl, toHubError } from '#protocol';
import { metrics, type Log } from '#service';
import type { ConsoleBus } from '../console-bus.js';

/** Objects of which some use has not ended, or was seen only now. */
const IN_USE = `
  SELECT DISTINCT u.url FROM media_use u
  WHERE u.url = ANY($1) AND (u.at > $2 OR NOT EXISTS (
    SELECT 1 FROM checkpoint c WHERE c.event_id = u.event_id AND c.stage IN ('delivered', 'failed')))`;

export class MediaSweeper {
  private readonly store: MediaStore;
  private readonly links: Bucket;
  private readonly timer: NodeJS.Timeout;
  private running: Promise<void> | undefined;

  /** @param graceMs so long after its last use a medium may go; also how often it is looked */
  constructor(
    bus: ConsoleBus,
    private readonly database: DataSource,
    private readonly graceMs: number,
    private readonly log: Log,
  ) {
    this.store = new MediaStore(bus.link);
    this.links = new Bucket(bus.link, bus.publisher, BUCKETS.links);
    this.timer = setInterval(() => {
      this.running ??= this.sweep()
        .catch((error: unknown) => this.log.warn({ reason: toHubError(error).detail }, 'media not swept'))
        .finally(() => (this.running = undefined));
    }, graceMs);
    this.timer.unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
  }

  private async sweep(): Promise<void> {
    const before = new Date(Date.now() - this.graceMs);
    const old = (await this.store.objects()).filter(({ storedAt }) => storedAt < before);
    const inUse = await this.inUse(old, before);
    for (const object of old) {
      if (inUse.has(mediaUrl(object.place)) || (await this.isLinked(object))) continue;
      await this.store.remove(object.place);
      metrics.mediaRemoved.inc({ network: object.place.network });
    }
    await this.database.query('DELETE FROM media_use WHERE at < $1', [
      new Date(Date.now() - 30 * 24 * 3600_000),
    ]);
  }

  private async inUse(objects: StoredObject[], before: Date): Promise<Set<string>> {
    const urls = objects.map(({ place }) => mediaUrl(place));
    const rows = await this.database.query<{ url: string }[]>(IN_USE, [urls, before]);
    return new Set(rows.map(({ url }) => url));
  }

  private async isLinked({ place }: StoredObject): Promise<boolean> {
    return (await this.links.keys(linkedKey(place.object))).length > 0;
  }
}
