/** Ghosts inside XMPP: their JIDs, the names that were too long to be exact, and how they are called. */
import { LRUCache } from 'lru-cache';
import { HubError, nativeOf, shownName, type Address, type Party } from '#protocol';
import type { Hub } from '#adapter-kit';
import { addressOfGhostJid, ghostJid } from './jids.js';

export class Ghosts {
  private readonly remembered = new Set<string>();
  private readonly names = new LRUCache<Address, string>({ max: 20_000 });

  constructor(
    private readonly hub: Hub,
    private readonly componentDomain: string,
  ) {}

  async jidOf(address: Address): Promise<string> {
    const { jid, digest } = ghostJid(address, this.componentDomain);
    if (digest !== undefined && !this.remembered.has(digest)) {
      await this.hub.memory.put(`ghost.${digest}`, address);
      this.remembered.add(digest);
    }
    return jid;
  }

  /** Throws 14 for a JID that names nobody. */
  async addressOf(jid: string): Promise<Address> {
    const found = addressOfGhostJid(jid, this.componentDomain);
    if ('address' in found) return found.address;
    const address = (await this.hub.memory.get(`ghost.${found.digest}`)) as Address | undefined;
    if (!address) throw new HubError('14', 'nobody of that name has been here');
    return address;
  }

  /** Remembers how the person calls himself; shown with his network, never used as an identity. */
  nameOf({ address, displayName }: Party): string {
    if (displayName !== undefined) this.names.set(address, displayName);
    return shownName(address, this.names.get(address), nativeOf(address));
  }
}
