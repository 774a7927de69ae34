/** The calls that people of this network begin, as adapters report them (`hub.calls`). */
import {
  EventId,
  networkOf,
  type Address,
  type CallMedia,
  type CanonicalAddresses,
  type Network,
  type Party,
} from '#protocol';
import { inCanonicalForm } from '../canonical-drafts.js';
import type { EventWriter } from '../event-writer.js';
import type { RemoteProfiles } from '../profiles/remote-profiles.js';
import { nameForPage } from './call-words.js';
import type { GatewayCalls } from './gateway-calls.js';
import type { StoredCalls } from './stored-calls.js';

export interface OwnCallsOptions {
  network: Network;
  canonical: CanonicalAddresses;
  writer: Pick<EventWriter, 'callId'>;
  calls: Pick<GatewayCalls, 'open' | 'find' | 'end'>;
  store: Pick<StoredCalls, 'linkOf' | 'keepLink'>;
  remote: Pick<RemoteProfiles, 'party'>;
}

/** A call of a person of this network, as their app names it. */
export interface NativeCall {
  /** Identity of the native call: the same call has the same one. */
  native: string;
  from: Party;
  to: Address;
  media: CallMedia;
}

export interface Begun {
  /** Id of the call. */
  call: EventId;
  /** The join link: the call begins when the caller opens it. */
  url: string;
}

/** What a person hangs up: the call that they began, or one that they know by the words about it (`AboutCall.id`, `Begun.call`). */
export type HungUp = { native: string } | { about: string };

export class OwnCalls {
  constructor(private readonly options: OwnCallsOptions) {}

  /**
   * A person calls somebody in their own app. Show them the join link in words (PHRASES.callBegins), and let their app stop
   * ringing: the invitation is submitted when they have opened the page. The same native call gives the same link.
   * @returns undefined: there is no call page, or the person has too many calls. Submit the attempt in words (PHRASES.call)
   * @throws HubError 30 as `hub.canonical`, 91
   */
  async begin(native: NativeCall): Promise<Begun | undefined> {
    const { network, canonical, writer, calls, store, remote } = this.options;
    const { from, to, media } = inCanonicalForm(native, canonical);
    if (networkOf(from.address) !== network) return undefined;
    const call = writer.callId({ native: native.native, action: 'invite' });
    const before = await store.linkOf(call);
    if (before !== undefined) return { call, url: before };
    const peerName = nameForPage(await remote.party({ address: to }));
    const [person, peer] = [from.address, to];
    const about = { side: 'caller', call, key: call, native: native.native, person, peer, media } as const;
    const opened = await calls.open({ ...about, state: 'waiting' }, peerName);
    if (!opened) return undefined;
    await store.keepLink(opened);
    return { call, url: opened.url };
  }

  /**
   * The person ended or refused a call in their own app, not on the page.
   * @returns false: nothing happens, since it is over or not their call. @throws HubError 30 as `hub.canonical`, 91
   */
  async hungUp(of: HungUp, by: Address): Promise<boolean> {
    const { canonical, writer, calls } = this.options;
    const person = canonical.of(by);
    const key =
      'native' in of
        ? writer.callId({ native: of.native, action: 'invite' })
        : EventId.safeParse(of.about).data;
    if (key === undefined) return false;
    for (const side of ['caller', 'callee'] as const) {
      const call = await calls.find(side, key);
      if (call?.person !== person || call.ending) continue;
      await calls.end(call, 'hung-up');
      return true;
    }
    return false;
  }
}
