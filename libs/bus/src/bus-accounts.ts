/**
 * What each account of the bus offers and uses, in NATS's own terms. The hub's account owns every stream and bucket and
 * exports single subjects of them as services; each network has an account of its own that imports the subjects with its
 * own slug in them, and nothing else. Replies pass through mapped subjects, so that the server never publishes for a
 * network outside that network's account (docs/decisions/0011-one-account-per-network.md).
 */
import type { Account, Export, Import } from '@nats-io/jwt';
import {
  adapterConsumers,
  ANY,
  correlationBucket,
  inStream,
  mediaSubject,
  MEMBER_API,
  networkBucket,
  STREAMS,
  subjects,
  waitingBucket,
  type Network,
} from '#protocol';

export const UNLIMITED = {
  subs: -1,
  data: -1,
  payload: -1,
  conn: -1,
  leaf: -1,
  imports: -1,
  exports: -1,
  wildcards: true,
  mem_storage: -1,
  disk_storage: -1,
  streams: -1,
  consumer: -1,
} as const;

export const NO_STORAGE = { mem_storage: 0, disk_storage: 0, streams: 0, consumer: 0 } as const;

/** Limits of a network's account. A payload is at most one attachment block (256 KiB) or one event, with headers. */
export const MEMBER_LIMITS = {
  ...UNLIMITED,
  ...NO_STORAGE,
  conn: 40,
  subs: 2000,
  payload: 320 * 1024,
  leaf: 0,
  exports: 0,
} as const;

/** The JetStream API as the hub's account has it. */
export const HUB_API = '$JS.API';

/** API calls by which a network reads its consumers, its own buckets, events and outcomes: call, subject, kind of response. */
function apiCalls(network: Network | typeof ANY): [call: string, response: Export['response_type']][] {
  const buckets = network === ANY ? [ANY] : bucketsOf(network).map((bucket) => `KV_${bucket}`);
  return [
    ...consumersOf(network).flatMap((durable): [string, Export['response_type']][] => [
      [`CONSUMER.MSG.NEXT.${STREAMS.out}.${durable}`, 'Stream'],
      [`CONSUMER.INFO.${STREAMS.out}.${durable}`, 'Singleton'],
      [`CONSUMER.RESET.${STREAMS.out}.${durable}`, 'Singleton'],
      [`CONSUMER.UNPIN.${STREAMS.out}.${durable}`, 'Singleton'],
    ]),
    ...buckets.flatMap((stream): [string, Export['response_type']][] => [
      [`STREAM.INFO.${stream}`, 'Singleton'],
      [`STREAM.MSG.GET.${stream}`, 'Singleton'],
    ]),
    [ownOutcomesCall(network), 'Singleton'],
    // What is exported for buckets covers it.
    ...(network === ANY ? [] : [[ownEventsCall(network), 'Singleton'] as [string, Export['response_type']]]),
  ];
}

/** The API call by which a network reads events that it has sent. */
export function ownEventsCall(network: Network): string {
  return `STREAM.MSG.GET.${inStream(network)}`;
}

/** The API call by which a network reads outcomes that it has published: the subject that is read is part of the call. */
export function ownOutcomesCall(network: Network | typeof ANY): string {
  return `DIRECT.GET.${STREAMS.report}.${subjects.delivered(network, ANY, ANY)}`;
}

/** Subjects to which a network publishes, with a reply or without. */
function publications(network: Network | typeof ANY): string[] {
  return [
    subjects.in(network, ANY),
    subjects.report(network),
    subjects.delivered(network, ANY, ANY),
    subjects.dead(network),
    mediaSubject({ network, object: ANY }, ANY),
    subjects.signalIn(network),
    subjects.control(ANY, network),
    subjects.answer(network, ANY),
    ...consumersOf(network).map((durable) => `$JS.ACK.${STREAMS.out}.${durable}.>`),
    ...(network === ANY ? ['$KV.*.>'] : bucketsOf(network).map((bucket) => `$KV.${bucket}.>`)),
  ];
}

/** Subjects to which a network subscribes. */
function deliveries(network: Network | typeof ANY): string[] {
  return [subjects.signalOut(network), subjects.ask(ANY, network)];
}

function consumersOf(network: Network | typeof ANY): string[] {
  return network === ANY ? [ANY] : adapterConsumers(network);
}

function bucketsOf(network: Network): string[] {
  return [networkBucket(network), correlationBucket(network), waitingBucket(network)];
}

/** The same for all networks. Which account imports what is decided by the operator key, which signs all accounts. */
export function hubExports(): Export[] {
  const service = (subject: string, response_type: Export['response_type'] = 'Singleton'): Export => ({
    name: subject,
    subject,
    type: 'service',
    ...(response_type ? { response_type } : {}),
  });
  return [
    ...publications(ANY).map((subject) => service(subject)),
    ...apiCalls(ANY).map(([call, response]) => service(`${HUB_API}.${call}`, response)),
    ...deliveries(ANY).map((subject): Export => ({ name: subject, subject, type: 'stream' })),
  ];
}

/** @param hub public key of the hub's account */
export function networkImports(network: Network, hub: string): Import[] {
  const from = (subject: string, type: Import['type']): Import => ({
    name: subject,
    subject,
    account: hub,
    type,
  });
  return [
    ...publications(network).map((subject) => from(subject, 'service')),
    ...apiCalls(network).map(([call]) => ({
      ...from(`${HUB_API}.${call}`, 'service'),
      local_subject: `${MEMBER_API}.${call}`,
    })),
    ...deliveries(network).map((subject) => from(subject, 'stream')),
  ];
}

/** Whether an account accepts connections, and which of its users were revoked. */
export interface AccountState {
  /** false: the network is suspended, has left, or is not yet approved. Live connections are closed. */
  isOpen: boolean;
  /** Key: public key of a revoked user. Value: when it was revoked, seconds since 1970. Live connections are closed. */
  revoked: Readonly<Record<string, number>>;
}

export function networkAccount(
  network: Network,
  hub: string,
  { isOpen, revoked }: AccountState,
): Partial<Account> {
  return {
    limits: { ...MEMBER_LIMITS, conn: isOpen ? MEMBER_LIMITS.conn : 0 },
    imports: networkImports(network, hub),
    revocations: { ...revoked },
  };
}

/**
 * Permissions of a network's user, inside its own account. The account is the security boundary. With these permissions the
 * server also reports a wrong subject to the adapter, instead of leaving the request unanswered. They name consumers by a
 * wildcard: the credentials would be too long for the first line of a connection otherwise.
 */
export function memberPermissions(network: Network): { pub: { allow: string[] }; sub: { allow: string[] } } {
  return {
    pub: {
      allow: brief([...publications(network), ...apiCalls(network).map(([call]) => `${MEMBER_API}.${call}`)]),
    },
    sub: { allow: ['_INBOX.>', ...deliveries(network)] },
  };
}

/** Each consumer of HUB_OUT replaced by a wildcard, without repetitions. */
function brief(subjects: string[]): string[] {
  return [
    ...new Set(
      subjects.map((subject) => subject.replace(new RegExp(`(\\.${STREAMS.out})\\.[^.]+`), `$1.${ANY}`)),
    ),
  ];
}
