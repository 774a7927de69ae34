/**
 * Serves blocks of attachments to the networks that they were addressed to. The streams are invisible to networks: with a
 * subject of the stream a member could list and read what others send.
 */
import pLimit, { type LimitFunction } from 'p-limit';
import { headers, type Msg } from '@nats-io/transport-node';
import { readFromStream, type BusConnection, type BusSession, type MediaGrants } from '#bus';
import {
  ANY,
  parseJson,
  MEDIA_REPLY,
  mediaPlace,
  MediaRequest,
  networkInSubject,
  subjects,
  type Network,
  type ResultCode,
} from '#protocol';
import { guarded } from '#service';
import { isOpen } from './registry-index.js';
import type { RegistryView } from './registry-view.js';

/** Reads of one network at once, and how many of its requests wait: a network that asks for more slows itself only. */
const AT_ONCE = 2;
const MOST_WAITING = 32;

export class MediaService {
  private readonly reads = new Map<Network, LimitFunction>();

  private constructor(
    private readonly registry: RegistryView,
    private readonly grants: MediaGrants,
  ) {}

  static async on(link: BusConnection, registry: RegistryView, grants: MediaGrants): Promise<void> {
    const service = new MediaService(registry, grants);
    await link.onSession((session) => {
      session.nc.subscribe(subjects.control('media', ANY), {
        queue: 'answer',
        callback: guarded('media service', link.log, (error: Error | null, message: Msg) => {
          if (!error) return service.serve(session, message);
        }),
      });
    });
  }

  private async serve(session: BusSession, message: Msg): Promise<void> {
    const reader = networkInSubject(message.subject);
    const request = MediaRequest.safeParse(parseJson(message.data));
    if (!request.success) return respond(message, '30');
    const { url, grant, part } = request.data;
    const place = mediaPlace(url);
    const isOwn = place.network === reader;
    const isGranted = isOwn || (grant !== undefined && this.grants.isValid(reader, url, grant));
    // A foreign object without a grant is answered alike whether it exists or not.
    if (!isGranted || !isOpen(this.registry.current.members.get(reader), new Date()))
      return respond(message, '36');
    const limit = this.limitOf(reader);
    if (limit.pendingCount >= MOST_WAITING) return respond(message, '65');
    const found = await limit(() => readFromStream(session, place, part));
    if (session.ended.aborted) return;
    if (!found) return respond(message, '107');
    respond(message, '00', found.storedAt, found.data);
  }

  private limitOf(network: Network): LimitFunction {
    const known = this.reads.get(network);
    if (known) return known;
    const limit = pLimit(AT_ONCE);
    this.reads.set(network, limit);
    return limit;
  }
}

function respond(message: Msg, code: ResultCode, storedAt?: Date, data?: Uint8Array): void {
  const head = headers();
  head.set(MEDIA_REPLY.code, code);
  if (storedAt) head.set(MEDIA_REPLY.storedAt, storedAt.toISOString());
  message.respond(data, { headers: head });
}
