/** Names and avatars: of people of the homeserver, from profiles and membership events, and of ghosts. */
import type { MediaFile } from '#media';
import type { Hub, NativeAvatar, NativeProfile } from '#adapter-kit';
import { nativeOf, type Address, type Network, type Party } from '#protocol';
import type { Ghosts } from './ghosts.js';
import type { MatrixClient } from './matrix.client.js';
import type { MatrixMedia } from './media.js';
import { localpart, subscriberAddress } from './user-ids.js';

/** The part of a profile that is read, as the homeserver or a membership event has it; anything else in it is ignored. */
interface MatrixProfile {
  displayname?: unknown;
  avatar_url?: unknown;
}

export class Profiles {
  constructor(
    private readonly client: MatrixClient,
    private readonly media: MatrixMedia,
    private readonly ghosts: () => Ghosts,
  ) {}

  async of(address: Address): Promise<NativeProfile> {
    const user = nativeOf(address);
    // Hidden or unknown: the first part of the user id is shown as the name.
    return readProfile(user, (await this.client.profile(user)) ?? {});
  }

  async show(party: Party, picture: MediaFile | undefined): Promise<void> {
    const ghost = await this.ghosts().ensure(party);
    const url = picture ? await this.media.upload(ghost, picture) : '';
    await this.client.as(ghost, 'PUT', `/profile/${encodeURIComponent(ghost)}/avatar_url`, {
      avatar_url: url,
    });
  }
}

/** A membership event of somebody who is in the room: the homeserver sends one for each change of the profile. */
export function learnMember(hub: Hub, network: Network, user: string, content: unknown): void {
  if (typeof content !== 'object' || content === null) return;
  hub.learn(subscriberAddress(network, user), readProfile(user, content));
}

export function readProfile(user: string, { displayname, avatar_url: url }: MatrixProfile): NativeProfile {
  const avatar: NativeAvatar | null =
    typeof url === 'string' && url.startsWith('mxc://') ? { version: url, source: { mxc: url } } : null;
  return {
    displayName: typeof displayname === 'string' && displayname !== '' ? displayname : null,
    fallbackName: localpart(user),
    avatar,
  };
}
