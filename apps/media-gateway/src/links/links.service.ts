/** Finds the attachment behind a link: verifies the signature of its token, reads the record that the switch stored, and opens the file in the media store. */
import { Inject, Injectable } from '@nestjs/common';
import { BucketReader, BusConnection, MediaStore, readDirectly } from '#bus';
import { ApiProblem } from '#http';
import { BUCKETS, linkKey, MediaLink, mediaPlace, readLink } from '#protocol';
import { SETTINGS } from '#service';
import type { MediaGatewaySettings } from '../media-gateway.config.js';

export interface LinkedFile {
  part: MediaLink['part'];
  /** Size in the media store, bytes; the size in the event comes from the sender. */
  size: number;
  /** @param from first byte @param to last byte */
  read(from: number, to: number): AsyncIterable<Buffer>;
}

@Injectable()
export class LinksService {
  private readonly records: BucketReader;
  private readonly store: MediaStore;

  constructor(
    link: BusConnection,
    @Inject(SETTINGS) private readonly settings: MediaGatewaySettings,
  ) {
    this.records = new BucketReader(link, BUCKETS.links, 'single');
    this.store = new MediaStore(link, readDirectly);
  }

  /** @throws ApiProblem not-found: the link is unknown or expired, or the file was deleted; HubError 91: the bus is away */
  async file(token: string): Promise<LinkedFile> {
    const part = await this.partOf(token);
    const place = mediaPlace(part.url);
    const key = Buffer.from(part.seal.key, 'base64url');
    const info = await this.store.info(place);
    if (!info) throw gone('the file is no longer there');
    return { part, size: info.size, read: (from, to) => this.store.read(place, key, from, to) };
  }

  private async partOf(token: string): Promise<MediaLink['part']> {
    const known = readLink(this.settings.MEDIA_LINK_KEY, token);
    if (!known) throw gone('no such link');
    if (known.expired) throw gone('the link has expired');
    const link = MediaLink.safeParse(await this.records.get(linkKey(known.id)));
    if (!link.success) throw gone('the link has expired');
    return link.data.part;
  }
}

function gone(detail: string): ApiProblem {
  return new ApiProblem('not-found', detail);
}
