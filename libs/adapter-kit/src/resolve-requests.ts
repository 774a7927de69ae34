/** Replies to the switch: whether a subscriber of this network exists, and their name. */
import { HubError, type ResolveReply, type ResolveRequest } from '#protocol';
import type { AnyAdapter } from './adapter.contract.js';
import type { OwnProfiles } from './profiles/own-profiles.js';

interface Started {
  adapter: AnyAdapter;
  profiles: OwnProfiles;
}

export class ResolveRequests {
  private started: Started | undefined;

  /** From now on requests are answered: the adapter has started. */
  begin(started: Started): void {
    this.started = started;
  }

  /** @throws HubError 91 before the adapter has started */
  async resolve({ address }: ResolveRequest): Promise<ResolveReply> {
    if (!this.started) throw new HubError('91', 'the adapter is starting');
    const { adapter, profiles } = this.started;
    const reply = (await adapter.resolve?.(address)) ?? { code: '00' as const };
    if (reply.code !== '00') return reply;
    const known = await profiles.known(address);
    const party = reply.party ?? (known.displayName === undefined ? undefined : known);
    // What the network answers now takes precedence over what it reported earlier.
    return { ...reply, ...(party ? { party: { ...known, ...party } } : {}) };
  }
}
