/** Makes the parts that take part in the calls of one network, and joins them with the rest of the kit. */
import type { BusConnection } from '#bus';
import { PHRASES, type CanonicalAddresses, type Capabilities, type Network } from '#protocol';
import { runInBackground, sleep, type Log } from '#service';
import type { AnyAdapter } from '../adapter.contract.js';
import type { AdapterHub } from '../adapter-hub.js';
import type { EventWriter } from '../event-writer.js';
import type { NamedDelivery } from '../profiles/named-delivery.js';
import type { RemoteProfiles } from '../profiles/remote-profiles.js';
import { CallEvents } from './call-events.js';
import { CallPages } from './call-pages.js';
import { wordsBeside } from './call-words.js';
import type { CallWords, GatewayCall } from './gateway-call.js';
import { GatewayCalls } from './gateway-calls.js';
import { OwnCalls } from './own-calls.js';
import { StoredCalls, type CallBucket } from './stored-calls.js';

export interface CallsOptions {
  network: Network;
  adapter: Pick<AnyAdapter, 'connectivity'>;
  connection: BusConnection;
  bucket: CallBucket;
  capabilities: () => Capabilities;
  canonical: CanonicalAddresses;
  writer: EventWriter;
  hub: () => Pick<AdapterHub, 'submitCall'>;
  delivery: () => Pick<NamedDelivery, 'say'>;
  profiles: { remote: RemoteProfiles };
  instance: string;
  log: Log;
}

/** How often it is looked whether a network that is away is back, should it not say so, ms. */
const LOOK_MS = 60_000;

export interface CallsOfNetwork {
  atGateway: GatewayCalls;
  own: OwnCalls;
  events: CallEvents;
  /** The only process that delivers now is this one. */
  owns(): void;
  /** @param alive the processes that share the network with this one, after every heartbeat */
  sharesWith(alive: readonly string[]): void;
}

export function callsOf(options: CallsOptions): CallsOfNetwork {
  const { network, connection, canonical, writer, instance, log } = options;
  const language = () => options.capabilities().language;
  const store = new StoredCalls(options.bucket);
  const pages = new CallPages({ network, connection, language, log });
  const atGateway = new GatewayCalls({
    store,
    pages,
    submit: (draft) => options.hub().submitCall(draft),
    say: (call, words, stopping) => say(options, call, words, stopping),
    instance,
    log,
  });
  const { remote } = options.profiles;
  let known = '';
  const takeOver = (alive: readonly string[]) =>
    runInBackground('calls of processes that are gone', log, () => atGateway.takeOver(alive));
  return {
    atGateway,
    own: new OwnCalls({ network, canonical, writer, calls: atGateway, store, remote }),
    events: new CallEvents({ network, calls: atGateway, pages, language, log }),
    owns: () => takeOver([instance]),
    sharesWith(alive) {
      if (alive.join() === known) return;
      known = alive.join();
      takeOver(alive);
    },
  };
}

async function say(
  { adapter, delivery, capabilities }: CallsOptions,
  call: GatewayCall,
  what: CallWords,
  stopping: AbortSignal,
): Promise<void> {
  while (!adapter.connectivity.connected && !stopping.aborted) await connected(adapter, stopping);
  if (stopping.aborted) return;
  const words = PHRASES[capabilities().language][what];
  await delivery().say(wordsBeside(call, what, words), { id: call.key });
}

async function connected(
  { connectivity }: Pick<AnyAdapter, 'connectivity'>,
  stopping: AbortSignal,
): Promise<void> {
  const waited = new AbortController();
  await Promise.race([
    connectivity.untilConnected(),
    sleep(LOOK_MS, AbortSignal.any([stopping, waited.signal])),
  ]);
  waited.abort();
}
