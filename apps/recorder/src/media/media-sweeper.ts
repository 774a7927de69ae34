/**
 * Deletes attachments before their age limit: those that were delivered to all recipients and have no link, and those that
 * no event ever named (left by a crash). The age limit of the stream deletes the rest.
 */
import { Inject, Injectable } from '@nestjs/common';
import { BucketReader, BusConnection, keepMedia, MediaStore, type BusSession, type StoredObject } from '#bus';
import { BUCKETS, linkedKey, mediaUrl } from '#protocol';
import { type Log, LOG, metrics, PeriodicWorker, SETTINGS } from '#service';
import type { RecorderSettings } from '../recorder.config.js';
import { MediaUseRepository } from './media-use.repository.js';

const HOUR_MS = 3600_000;
/**
 * Age after which an attachment that no event names is deleted: its message was never sent. Until then the message may wait
 * behind a slow one, or the trace may be behind.
 */
const UNNAMED_MS = 24 * HOUR_MS;
/** Uses are deleted after this time, which is the longest age limit of an attachment. */
const USES_KEPT_MS = 30 * 24 * HOUR_MS;

@Injectable()
export class MediaSweeper extends PeriodicWorker {
  private readonly store: MediaStore;
  private readonly links: BucketReader;
  /** Time after its last use at which an attachment may be deleted, in ms; also the interval between two rounds. */
  private readonly graceMs: number;

  constructor(
    private readonly link: BusConnection,
    private readonly uses: MediaUseRepository,
    @Inject(SETTINGS) private readonly settings: RecorderSettings,
    @Inject(LOG) log: Log,
  ) {
    super(settings.MEDIA_SWEEP_SECONDS * 1000, 'media swept', log);
    this.graceMs = settings.MEDIA_SWEEP_SECONDS * 1000;
    this.store = new MediaStore(link);
    this.links = new BucketReader(link, BUCKETS.links);
  }

  override async onApplicationBootstrap(): Promise<void> {
    await this.link.onSession((session) => this.setLimits(session));
    await super.onApplicationBootstrap();
  }

  async round(): Promise<void> {
    // Streams of newly admitted networks were created with the default limits.
    if (this.link.session) await this.setLimits(this.link.session);
    const before = new Date(Date.now() - this.graceMs);
    const old = (await this.store.objects()).filter(({ storedAt }) => storedAt < before);
    const ended = await this.uses.ended(
      old.map(({ place }) => mediaUrl(place)),
      before,
    );
    for (const object of old) {
      if (!(await this.mayGo(object, ended))) continue;
      await this.store.remove(object);
      metrics.mediaRemoved.inc({ network: object.place.network });
    }
    await this.uses.forgetBefore(new Date(Date.now() - USES_KEPT_MS));
  }

  private setLimits(session: BusSession): Promise<void> {
    const { MEDIA_HOURS: hours, MEDIA_STORE_GB: gigabytes } = this.settings;
    return keepMedia(session, hours, gigabytes);
  }

  private async mayGo({ place, storedAt }: StoredObject, ended: Map<string, boolean>): Promise<boolean> {
    const known = ended.get(mediaUrl(place));
    if (known === undefined) return Date.now() - storedAt.getTime() > UNNAMED_MS;
    return known && (await this.links.keys(linkedKey(place.object))).length === 0;
  }
}
