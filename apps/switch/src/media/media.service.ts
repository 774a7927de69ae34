/**
 * Reads blocks of attachments for the networks that they were addressed to. The streams are invisible to networks: with a
 * subject of the stream a member could list and read what others send.
 */
import { Injectable } from '@nestjs/common';
import pLimit, { type LimitFunction } from 'p-limit';
import { BinaryReply, BusConnection, MediaGrants, readFromStream } from '#bus';
import { HubError, MEDIA_REPLY, mediaPlace, MediaRequest, type Network, type ResultCode } from '#protocol';
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

  /** @param reader the network that asks; the subject of the request names it */
  async read(body: unknown, reader: Network): Promise<BinaryReply> {
    const request = MediaRequest.safeParse(body);
    if (!request.success) return replyOf('30');
    const { url, grant, part } = request.data;
    const place = mediaPlace(url);
    const isOwn = place.network === reader;
    const isGranted = isOwn || (grant !== undefined && this.grants.isValid(reader, url, grant));
    // An object of another network gets the same reply without a grant whether it exists or not.
    if (!isGranted || !isOpen(this.registry.current.members.get(reader), new Date())) return replyOf('36');
    const limit = this.limitOf(reader);
    if (limit.pendingCount >= MOST_WAITING) return replyOf('65');
    const found = await limit(() => {
      const { session } = this.link;
      if (!session) throw new HubError('91', 'the bus is away');
      return readFromStream(session, place, part);
    });
    return found ? replyOf('00', found.storedAt, found.data) : replyOf('107');
  }

  private limitOf(network: Network): LimitFunction {
    const known = this.reads.get(network);
    if (known) return known;
    const limit = pLimit(AT_ONCE);
    this.reads.set(network, limit);
    return limit;
  }
}

function replyOf(code: ResultCode, storedAt?: Date, data?: Uint8Array): BinaryReply {
  return new BinaryReply(
    {
      [MEDIA_REPLY.code]: code,
      ...(storedAt ? { [MEDIA_REPLY.storedAt]: storedAt.toISOString() } : {}),
    },
    data,
  );
}
