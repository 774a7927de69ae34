/** Replies to the hub: whether a subscriber of this network exists, and their name; how the pairing of a person stands. */
import {
  HubError,
  type PairAnswer,
  type PairRequest,
  type ResolveAnswer,
  type ResolveRequest,
} from '#protocol';
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

  /** @throws HubError 91 before the adapter has started; the code of the adapter if it has no answer */
  async resolve({ address }: ResolveRequest): Promise<ResolveAnswer> {
    if (!this.started) throw new HubError('91', 'the adapter is starting');
    const { adapter, profiles } = this.started;
    const reply = (await adapter.resolve?.(address)) ?? { code: '00' as const };
    if (reply.code === '14') return { code: '14' };
    if (reply.code !== '00') throw new HubError(reply.code, reply.detail ?? 'the network gave no reason');
    const known = await profiles.known(address);
    const party = reply.party ?? (known.displayName === undefined ? undefined : known);
    // What the network answers now takes precedence over what it reported earlier.
    return { code: '00', ...(party ? { party: { ...known, ...party } } : {}) };
  }

  /** @throws HubError 91 before the adapter has started, 12 where nothing is paired, and whatever the adapter throws */
  async pair(request: PairRequest): Promise<PairAnswer> {
    if (!this.started) throw new HubError('91', 'the adapter is starting');
    const answer = await this.started.adapter.pair?.(request);
    if (!answer) throw new HubError('12', 'nobody pairs a contact on this network');
    return answer;
  }
}
