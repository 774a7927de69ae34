/** Makes links to attachments and stores what each of them leads to. The media gateway reads it. */
import { Inject, Injectable } from '@nestjs/common';
import { Bucket, BusConnection, MediaGrants, OrderedPublisher } from '#bus';
import {
  BUCKETS,
  linkedKey,
  linkId,
  linkKey,
  LinkRequest,
  MediaLink,
  mediaPlace,
  signLink,
  type LinkReply,
  type Network,
} from '#protocol';
import { SETTINGS } from '#service';
import { isOpen } from '../registry/registry-index.js';
import { RegistryView } from '../registry/registry-view.js';
import type { SwitchSettings } from '../switch.config.js';

const HOUR_MS = 3600_000;

@Injectable()
export class LinksService {
  private readonly records: Bucket;

  constructor(
    link: BusConnection,
    publisher: OrderedPublisher,
    private readonly registry: RegistryView,
    private readonly grants: MediaGrants,
    @Inject(SETTINGS) private readonly settings: SwitchSettings,
  ) {
    this.records = new Bucket(link, publisher, BUCKETS.links);
  }

  /** @param reader the network that asks; the subject of the request names it */
  async make(body: unknown, reader: Network): Promise<LinkReply> {
    const { MEDIA_LINK_URL: baseUrl, MEDIA_LINK_KEY: secret, MEDIA_LINK_HOURS: hours } = this.settings;
    if (!isOpen(this.registry.current.members.get(reader), new Date())) return { code: '36' };
    if (baseUrl === undefined || secret === undefined) return { code: '00', detail: 'links are not set up' };
    const request = LinkRequest.safeParse(body);
    const record = MediaLink.safeParse({ part: request.data?.part });
    if (!request.success || !record.success)
      return { code: '30', detail: 'expected an event and its attachment' };
    const { url, grant } = record.data.part;
    // Without a grant, a network that learned the name of an attachment could have the hub read it for them.
    if (
      mediaPlace(url).network !== reader &&
      (grant === undefined || !this.grants.isValid(reader, url, grant))
    )
      return { code: '36', detail: 'the attachment was not addressed to this network' };
    const id = linkId(request.data.event, url);
    await this.records.put(linkKey(id), record.data);
    await this.records.put(linkedKey(mediaPlace(url).object, id), true);
    const token = signLink(secret, id, new Date(Date.now() + hours * HOUR_MS));
    return { code: '00', url: `${baseUrl.replace(/\/$/, '')}/m/${token}` };
  }
}
