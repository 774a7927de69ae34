/** Ghosts inside XMPP: their JIDs, the names that were too long to be exact, and how they are called. */
import { nativeOf, shownName, type Address, type Party } from '#protocol';
import type { Hub } from '#adapter-kit';
import { LruCache } from '#service';
import { GhostAvatars } from './ghost-avatars.js';
import { addressOfGhostJid, ghostJid } from './jids.js';

const RESOURCE = 'hutong';

export class Ghosts {
  private readonly names = new LruCache<Address, string>({ max: 20_000 });

  readonly avatars: GhostAvatars;

  constructor(
    private readonly hub: Hub,
    private readonly componentDomain: string,
  ) {
    this.avatars = new GhostAvatars(hub.recent);
  }

  async jidOf(address: Address): Promise<string> {
    const { jid, digest } = ghostJid(address, this.componentDomain);
    if (digest !== undefined) await this.hub.rememberGhost(digest, address);
    return jid;
  }

  /**
   * As the one client that a ghost has: Gajim and others show presence and typing of a resource only (RFC 6121 §4.2).
   * Subscriptions are between bare JIDs.
   */
  async fullJidOf(address: Address): Promise<string> {
    return `${await this.jidOf(address)}/${RESOURCE}`;
  }

  /** @throws HubError 14 for a JID that does not stand for a person */
  async addressOf(jid: string): Promise<Address> {
    const found = addressOfGhostJid(jid, this.componentDomain);
    // People type JIDs of ghosts, and spell the person behind one in their own way.
    return 'address' in found ? this.hub.canonical(found.address) : this.hub.rememberedGhost(found.digest);
  }

  /** Stores the display name of a person. It is shown with their network, and never used as an identity. */
  nameOf({ address, displayName }: Party): string {
    if (displayName !== undefined) this.names.set(address, displayName);
    return shownName(address, this.names.get(address), nativeOf(address));
  }
}
