/** Makes links to attachments and stores what each of them leads to. The media gateway reads it. */
import { Inject, Injectable } from '@nestjs/common';
import { Bucket, BusConnection, MediaGrants, OrderedPublisher } from '#bus';
import {
  BUCKETS,
  checkedBody,
  HubError,
  linkedKey,
  linkId,
  linkKey,
  MediaLink,
  mediaPlace,
  signLink,
  type LinkAnswer,
  type LinkRequest,
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

  /**
   * @param reader the network that asks; the subject of the request names it
   * @throws HubError 30, 36
   */
  async make({ event, part }: LinkRequest, reader: Network): Promise<LinkAnswer> {
    const { MEDIA_LINK_URL: baseUrl, MEDIA_LINK_KEY: secret, MEDIA_LINK_HOURS: hours } = this.settings;
    if (!isOpen(this.registry.current.members.get(reader), new Date()))
      throw new HubError('36', `${reader} is not live and gets no links`);
    if (baseUrl === undefined || secret === undefined) return { code: '00' };
    const record = checkedBody(MediaLink, { part });
    const { url, grant } = record.part;
    // Without a grant, a network that learned the name of an attachment could have the hub read it for them.
    if (
      mediaPlace(url).network !== reader &&
      (grant === undefined || !this.grants.isValid(reader, url, grant))
    )
      throw new HubError(
        '36',
        `part: the attachment was not addressed to ${reader}. Send the part as it is in the event, with its grant`,
      );
    const id = linkId(event, url);
    await this.records.put(linkKey(id), record);
    await this.records.put(linkedKey(mediaPlace(url).object, id), true);
    const token = signLink(secret, id, new Date(Date.now() + hours * HOUR_MS));
    return { code: '00', url: `${baseUrl.replace(/\/$/, '')}/m/${token}` };
  }
}
