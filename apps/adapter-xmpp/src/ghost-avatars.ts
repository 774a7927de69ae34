/** Avatars of ghosts: in their vCard, in their PEP items, and as a hash in their presence. */
import { createHash } from 'node:crypto';
import type { Element } from '@xmpp/component';
import { z } from 'zod';
import type { Hub } from '#adapter-kit';
import type { MediaFile } from '#media';
import { AVATAR_MAX_BYTES, type Address } from '#protocol';
import { NS } from './namespaces.js';
import { ghostItems, photoOf, presencePhoto, vcardPhoto, type Photo } from './profile-elements.js';
import { xml } from '@xmpp/component';
import { LruCache } from '#service';

const MOST_PHOTOS = 200;
const MOST_HASHES = 20_000;

/** As kept in the bucket; base64 takes four bytes for three. */
const Kept = z.object({
  type: z.string().max(100),
  data: z.base64().max(Math.ceil(AVATAR_MAX_BYTES / 3) * 4),
});

export class GhostAvatars {
  private readonly photos = new LruCache<Address, { photo: Photo | undefined }>({ max: MOST_PHOTOS });
  private readonly hashes = new LruCache<Address, { id: string | undefined }>({ max: MOST_HASHES });

  constructor(private readonly memory: Hub['recent']) {}

  /** Resolves when it is kept. @returns the photo, as clients will name it */
  async set(ghost: Address, picture: MediaFile | undefined): Promise<Photo | undefined> {
    const data = (await picture?.bytes())?.toString('base64');
    const photo = photoOf(data, picture?.contentType);
    await this.memory.put(keyOf(ghost), photo ? { type: photo.type, data } : null);
    this.remember(ghost, photo);
    return photo;
  }

  async of(ghost: Address): Promise<Photo | undefined> {
    const known = this.photos.get(ghost);
    if (known) return known.photo;
    const kept = Kept.safeParse(await this.memory.get(keyOf(ghost)));
    const photo = kept.success ? photoOf(kept.data.data, kept.data.type) : undefined;
    this.remember(ghost, photo);
    return photo;
  }

  /** For presence. */
  async hash(ghost: Address): Promise<Element> {
    const known = this.hashes.get(ghost);
    return presencePhoto(known ? known.id : (await this.of(ghost))?.id);
  }

  /** The vCard with the photo in it; anything else as it is. */
  async withPhoto(answer: Element, ghost: Address): Promise<Element> {
    const photo = answer.is('vCard', NS.vcard) ? await this.of(ghost) : undefined;
    if (photo) answer.append(vcardPhoto(photo));
    return answer;
  }

  /** The items of a PEP node. @returns undefined for another query */
  async items(query: Element, ghost: Address, name: string): Promise<Element | undefined> {
    const wanted = query.is('pubsub', NS.pubsub) ? query.getChild('items') : undefined;
    if (!wanted) return undefined;
    const items = ghostItems(wanted.attrs['node'], name, await this.of(ghost));
    return items && xml('pubsub', { xmlns: NS.pubsub }, items);
  }

  private remember(ghost: Address, photo: Photo | undefined): void {
    this.photos.set(ghost, { photo });
    this.hashes.set(ghost, { id: photo?.id });
  }
}

function keyOf(ghost: Address): string {
  return `ghost-avatar.${createHash('sha256').update(ghost).digest('base64url').slice(0, 27)}`;
}
