/**
 * Reads blocks of attachments for the networks that they were addressed to. The streams are invisible to networks: with a
 * subject of the stream a member could list and read what others send.
 */
import { Injectable } from '@nestjs/common';
import pLimit, { type LimitFunction } from 'p-limit';
import { BinaryReply, BusConnection, MediaGrants, readFromStream } from '#bus';
import { HubError, MEDIA_REPLY, mediaPlace, type MediaRequest, type Network } from '#protocol';
import { isOpen } from '../registry/registry-index.js';
import { RegistryView } from '../registry/registry-view.js';

/** Reads of one network at once, and how many of its requests wait: a network that asks for more delays itself only. */
const AT_ONCE = 2;
const MOST_WAITING = 32;

@Injectable()
export class MediaService {
  private readonly reads = new Map<Network, LimitFunction>();

  constructor(
    private readonly link: BusConnection,
    private readonly registry: RegistryView,
    private readonly grants: MediaGrants,
  ) {}

  /**
   * @param reader the network that asks; the subject of the request names it
   * @throws HubError 36, 65, 91, 107
   */
  async read(request: MediaRequest, reader: Network): Promise<BinaryReply> {
    const { url, grant, part } = request;
    const place = mediaPlace(url);
    const isOwn = place.network === reader;
    const isGranted = isOwn || (grant !== undefined && this.grants.isValid(reader, url, grant));
    // An object of another network gets the same reply without a grant whether it exists or not.
    if (!isGranted || !isOpen(this.registry.current.members.get(reader), new Date()))
      throw new HubError(
        '36',
        `grant: ${reader} may not read this attachment. Send the grant of the event, unchanged`,
      );
    const limit = this.limitOf(reader);
    if (limit.pendingCount >= MOST_WAITING)
      throw new HubError('65', `more than ${AT_ONCE + MOST_WAITING} requests at once: ask again`);
    const found = await limit(() => {
      const { session } = this.link;
      if (!session) throw new HubError('91', 'the bus is away');
      return readFromStream(session, place, part);
    });
    if (!found) throw new HubError('107', 'the attachment is not in the media store');
    const { storedAt, data } = found;
    return new BinaryReply(
      { [MEDIA_REPLY.code]: '00', [MEDIA_REPLY.storedAt]: storedAt.toISOString() },
      data,
    );
  }

  private limitOf(network: Network): LimitFunction {
    const known = this.reads.get(network);
    if (known) return known;
    const limit = pLimit(AT_ONCE);
    this.reads.set(network, limit);
    return limit;
  }
}
