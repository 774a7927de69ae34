/** Avatars of the open interface: the network sends the id of an upload, and receives the id of an image to download. */
import { createHash } from 'node:crypto';
import type { Hub, NativeAvatar } from '#adapter-kit';
import type { MediaFile } from '#media';
import { HubError } from '#protocol';
import { LruCache } from '#service';
import type { OpenMediaDesk } from './media.js';
import type { OpenEvent } from './open.schema.js';

const MOST_PEOPLE = 20_000;

export class OpenAvatars {
  private readonly ids = new LruCache<string, { id: string | null | undefined }>({ max: MOST_PEOPLE });

  constructor(
    private readonly memory: Hub['recent'],
    private readonly desk: OpenMediaDesk,
  ) {}

  /** Stores the new avatar of a remote person. All later events of that person have it. */
  async show(address: string, picture: MediaFile | undefined): Promise<void> {
    const id = picture ? await this.desk.kept(picture) : null;
    await this.memory.put(keyOf(address), { id });
    this.ids.set(address, { id });
  }

  /** Adds the avatar of its sender to an event, if one is known. */
  async added(event: OpenEvent): Promise<OpenEvent> {
    const avatar = await this.idOf(event.from.id);
    return avatar === undefined ? event : { ...event, from: { ...event.from, avatar } };
  }

  /** The content of an upload. @throws HubError 107 */
  async open(id: string): Promise<AsyncIterable<Uint8Array>> {
    const part = await this.desk.fetched(id).catch((cause: unknown) => {
      throw new HubError('107', 'from.avatar is not one that an upload gave', { cause });
    });
    return this.desk.read(part, 0, part.size - 1);
  }

  private async idOf(address: string): Promise<string | null | undefined> {
    const known = this.ids.get(address);
    if (known) return known.id;
    const kept = (await this.memory.get(keyOf(address))) as { id?: string | null } | undefined;
    this.ids.set(address, { id: kept?.id });
    return kept?.id;
  }
}

export function nativeAvatar(id: string | null): NativeAvatar | null {
  return id === null ? null : { version: id, source: { upload: id } };
}

function keyOf(address: string): string {
  return `open-avatar.${createHash('sha256').update(address).digest('base64url').slice(0, 27)}`;
}
