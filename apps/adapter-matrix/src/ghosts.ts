/** Ghosts inside Matrix: registered when first needed, named after the person and their network. */
import { HubError, nativeOf, shownName, type Address, type Party } from '#protocol';
import type { Hub } from '#adapter-kit';
import { LruCache } from '#service';
import type { MatrixClient } from './matrix.client.js';
import { addressOfGhostId, ghostUserId } from './user-ids.js';

export class Ghosts {
  /** The display name that was set last: only a change is sent to the homeserver. */
  private readonly named = new LruCache<string, string>({ max: 20_000 });
  private readonly pending = new Map<string, Promise<void>>();

  constructor(
    private readonly hub: Hub,
    private readonly client: MatrixClient,
    private readonly serverName: string,
  ) {}

  /** The ghost's user id; it exists when this resolves. */
  async ensure(party: Party): Promise<string> {
    const { userId, digest } = ghostUserId(party.address, this.serverName);
    const name = shownName(party.address, party.displayName, nativeOf(party.address));
    const known = this.named.get(userId);
    if (known !== undefined && (party.displayName === undefined || known === name)) return userId;
    const before = this.pending.get(userId);
    const work =
      before ??
      this.create(userId, digest, party.address, name, party.displayName !== undefined).finally(() =>
        this.pending.delete(userId),
      );
    this.pending.set(userId, work);
    await work;
    return userId;
  }

  /** Throws 14 for what is no ghost of ours, or a second ghost of one person under another spelling of their id. */
  async addressOf(userId: string): Promise<Address> {
    const found = addressOfGhostId(userId, this.serverName);
    if ('digest' in found) return this.hub.rememberedGhost(found.digest);
    const address = this.hub.canonical(found.address);
    const { userId: only } = ghostUserId(address, this.serverName);
    if (only !== userId) throw new HubError('14', `this person is ${only}`);
    return address;
  }

  private async create(
    userId: string,
    digest: string | undefined,
    address: Address,
    name: string,
    nameIsGiven: boolean,
  ): Promise<void> {
    const key = `name.${Buffer.from(userId).toString('base64url')}`;
    const stored = (await this.hub.memory.get(key)) as string | undefined;
    if (stored === undefined) {
      if (digest !== undefined) await this.hub.rememberGhost(digest, address);
      await this.client.ensureUser(userId);
    }
    const wanted = stored === undefined || nameIsGiven ? name : stored;
    if (stored !== wanted) {
      await this.client.as(userId, 'PUT', `/profile/${encodeURIComponent(userId)}/displayname`, {
        displayname: wanted,
      });
      await this.hub.memory.put(key, wanted);
    }
    this.named.set(userId, wanted);
  }
}
