/** People of other networks as a phone sees them: their URI and their name. */
import type { Hub } from '#adapter-kit';
import { nativeOf, shownName, type Address, type Party } from '#protocol';
import { LruCache } from '#service';
import type { Uris } from './uris.js';

export class Ghosts {
  private readonly names = new LruCache<Address, string>({ max: 20_000 });

  constructor(
    private readonly hub: Pick<Hub, 'rememberGhost'>,
    private readonly uris: Uris,
  ) {}

  async uriOf(address: Address): Promise<string> {
    const { uri, digest } = this.uris.ghost(address);
    if (digest !== undefined) await this.hub.rememberGhost(digest, address);
    return uri;
  }

  /** Keeps the display name of a person. It is shown with their network, and is never an identity. */
  nameOf({ address, displayName }: Party): string {
    if (displayName !== undefined) this.names.set(address, displayName);
    return shownName(address, this.names.get(address), nativeOf(address));
  }
}
