/** Calls of a person in their room with a ghost: they get the link of a call page, and their client stops ringing. */
import type { Hub } from '#adapter-kit';
import { PHRASES, RING_MS, type Network } from '#protocol';
import { LruCache } from '#service';
import { movedToPage, type CallAttempt } from './calls.js';
import type { Ghosts } from './ghosts.js';
import type { MatrixClient } from './matrix.client.js';
import { keyOf } from './notices.js';
import { sentAt, type PortalEvent } from './portal-event.js';
import { person } from './user-ids.js';

/** An invitation that homeservers held longer than this is told in words: nobody waits any more. */
const RINGS_FOR_MS = 2 * RING_MS;

interface RoomCallParts {
  network: Network;
  hub: Hub;
  client: MatrixClient;
  ghosts: Ghosts;
}

export class RoomCalls {
  /** When clients were told to stop ringing, by call. A hang-up after that is their answer. */
  private readonly moved = new LruCache<string, number>({ max: 5000 });

  constructor(private readonly parts: RoomCallParts) {}

  /** @returns false: there is no call page. @throws HubError 91 */
  async begin({ event, portal }: PortalEvent, attempt: CallAttempt): Promise<boolean> {
    if (Date.now() - sentAt(event).getTime() > RINGS_FOR_MS) return false;
    const { hub, client, ghosts, network } = this.parts;
    const native = nativeCall(portal.room, attempt.id);
    const { media } = attempt;
    const from = person(network, portal.user);
    const begun = await hub.calls.begin({ native, from, to: portal.foreign, media });
    if (!begun) return false;
    const ghost = await ghosts.ensure({ address: portal.foreign });
    const { type, content } = movedToPage(attempt);
    await client.send(ghost, portal.room, type, `moved-${begun.call}`, content);
    if (!this.moved.has(native)) this.moved.set(native, Date.now());
    await client.send(ghost, portal.room, 'm.room.message', `call-${begun.call}`, {
      msgtype: 'm.notice',
      body: PHRASES.en.callBegins(media, begun.url),
    });
    return true;
  }

  /** @returns false: no call of theirs is open. @throws HubError 91 */
  async hungUp({ event, portal }: PortalEvent, id: string): Promise<boolean> {
    const native = nativeCall(portal.room, id);
    const moved = this.moved.get(native);
    if (moved !== undefined && sentAt(event).getTime() >= moved) return false;
    return this.parts.hub.calls.hungUp({ native }, person(this.parts.network, portal.user).address);
  }
}

/** The ids of calls are made by clients. */
function nativeCall(room: string, id: string): string {
  return keyOf(`${room} ${id}`);
}
