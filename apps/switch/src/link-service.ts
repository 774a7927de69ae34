/** Makes links to media for networks that can only show words. The media gateway serves them. */
import { answer, Bucket, type BusConnection, type MediaGrants, type OrderedPublisher } from '#bus';
import {
  subjects,
  ANY,
  BUCKETS,
  linkedKey,
  linkId,
  linkKey,
  LinkRequest,
  MediaLink,
  mediaPlace,
  networkInSubject,
  signLink,
  toHubError,
  type LinkReply,
} from '#protocol';
import { isOpen } from './registry-index.js';
import type { RegistryView } from './registry-view.js';

export interface LinkOptions {
  /** Where subscribers reach the media gateway; undefined: no links are made. */
  baseUrl: string | undefined;
  secret: string | undefined;
  hours: number;
}

const HOUR_MS = 3600_000;

export async function serveLinks(
  link: BusConnection,
  publisher: OrderedPublisher,
  registry: RegistryView,
  grants: MediaGrants,
  { baseUrl, secret, hours }: LinkOptions,
): Promise<void> {
  const links = new Bucket(link, publisher, BUCKETS.links);
  await answer(
    link,
    subjects.control('link', ANY),
    async (body, subject): Promise<LinkReply> => {
      if (!isOpen(registry.current.members.get(networkInSubject(subject)), new Date())) return { code: '36' };
      if (baseUrl === undefined || secret === undefined)
        return { code: '00', detail: 'links are not set up' };
      const request = LinkRequest.safeParse(body);
      const record = MediaLink.safeParse({ part: request.data?.part });
      if (!request.success || !record.success)
        return { code: '30', detail: 'expected an event and its medium' };
      const { url, grant } = record.data.part;
      const reader = networkInSubject(subject);
      // Otherwise a network that learned a name could have the hub read the attachment for it.
      if (mediaPlace(url).network !== reader && (grant === undefined || !grants.isValid(reader, url, grant)))
        return { code: '36', detail: 'the attachment was not addressed to this network' };
      const id = linkId(request.data.event, url);
      await links.put(linkKey(id), record.data);
      await links.put(linkedKey(mediaPlace(url).object, id), true);
      const token = signLink(secret, id, new Date(Date.now() + hours * HOUR_MS));
      return { code: '00', url: `${baseUrl.replace(/\/$/, '')}/m/${token}` };
    },
    (error): LinkReply => ({ code: toHubError(error).code, detail: toHubError(error).detail }),
  );
}
