/**
 * Ends media before their time: what was delivered to all, unless a link leads to it, and what nobody ever spoke of (left by a
 * crash). The age limit of the stream ends the rest.
 */
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Bucket, keepMedia, MediaStore, type StoredObject } from '#bus';
import { BUCKETS, linkedKey, mediaUrl } from '#protocol';
import { type Log, LOG, metrics, RecurringWorker, SETTINGS } from '#service';
import type { ConsoleSettings } from '../console.config.js';
import { ConsoleBus } from '../core/console-bus.js';

/** Of these objects, those that are spoken of; and whether every use has ended, and none is young. */
const USES = `
  SELECT u.url, bool_and(u.at < $2 AND EXISTS (
    SELECT 1 FROM checkpoint c WHERE c.event_id = u.event_id AND c.stage IN ('delivered', 'failed'))) AS ended
  FROM media_use u WHERE u.url = ANY($1) GROUP BY u.url`;
/**
 * What nobody spoke of so long is of a message that never came to be. Not sooner: it may wait behind a slow one, or the
 * trace may be behind.
 */
const UNSPOKEN_MS = 24 * 3600_000;

@Injectable()
export class MediaSweeper extends RecurringWorker {
  private readonly store: MediaStore;
  private readonly links: Bucket;
  /** How long after its last use a medium may go, in ms; also the time between two rounds. */
  private readonly graceMs: number;

  constructor(
    @Inject(ConsoleBus) private readonly bus: ConsoleBus,
    @Inject(DataSource) private readonly database: DataSource,
    @Inject(SETTINGS) private readonly settings: ConsoleSettings,
    @Inject(LOG) log: Log,
  ) {
    super(settings.MEDIA_SWEEP_SECONDS * 1000, 'media swept', log);
    this.graceMs = settings.MEDIA_SWEEP_SECONDS * 1000;
    this.store = new MediaStore(bus.link);
    this.links = new Bucket(bus.link, bus.publisher, BUCKETS.links);
  }

  override async onApplicationBootstrap(): Promise<void> {
    const { MEDIA_HOURS: hours, MEDIA_STORE_GB: gigabytes } = this.settings;
    await this.bus.link.onSession((session) => keepMedia(session, hours, gigabytes));
    await super.onApplicationBootstrap();
  }

  async round(): Promise<void> {
    const before = new Date(Date.now() - this.graceMs);
    const old = (await this.store.objects()).filter(({ storedAt }) => storedAt < before);
    const ended = await this.ended(old, before);
    for (const object of old) {
      if (!(await this.mayGo(object, ended))) continue;
      await this.store.remove(object);
      metrics.mediaRemoved.inc({ network: object.place.network });
    }
    await this.database.query('DELETE FROM media_use WHERE at < $1', [
      new Date(Date.now() - 30 * 24 * 3600_000),
    ]);
  }

  private async ended(objects: StoredObject[], before: Date): Promise<Map<string, boolean>> {
    const urls = objects.map(({ place }) => mediaUrl(place));
    const rows = await this.database.query<{ url: string; ended: boolean }[]>(USES, [urls, before]);
    return new Map(rows.map(({ url, ended }) => [url, ended]));
  }

  private async mayGo({ place, storedAt }: StoredObject, ended: Map<string, boolean>): Promise<boolean> {
    const known = ended.get(mediaUrl(place));
    if (known === undefined) return Date.now() - storedAt.getTime() > UNSPOKEN_MS;
    return known && (await this.links.keys(linkedKey(place.object))).length === 0;
  }
}
