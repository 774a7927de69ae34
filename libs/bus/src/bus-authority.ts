/**
 * Who may do what on the bus, in NATS's own terms: an operator, one account, and a user per process whose JWT carries
 * its permissions. A network's credentials reach only its own subjects, consumer and buckets (promise 8).
 */
import {
  createAccount,
  createOperator,
  createUser,
  encodeAccount,
  encodeOperator,
  encodeUser,
  fmtCreds,
  fromSeed,
  type KeyPair,
} from '@nats-io/jwt';
import {
  mediaSubject,
  subjects,
  ANY,
  consumers,
  correlationBucket,
  networkBucket,
  STREAMS,
  waitingBucket,
  type Network,
} from '#protocol';

import { storageExports, storageImports } from './storage-check.js';

/** Kept secret by whoever runs the bus: seeds of the operator, of the hub's account and of the system account. */
export interface AuthoritySeeds {
  operator: string;
  account: string;
  system: string;
}

const decoder = new TextDecoder();

function pair(seed: string): KeyPair {
  return fromSeed(new TextEncoder().encode(seed));
}

export class BusAuthority {
  constructor(readonly seeds: AuthoritySeeds) {}

  static create(): BusAuthority {
    const seed = (keys: KeyPair) => decoder.decode(keys.getSeed());
    return new BusAuthority({
      operator: seed(createOperator()),
      account: seed(createAccount()),
      system: seed(createAccount()),
    });
  }

  /** The lines of nats-server.conf that make the server trust this authority. */
  async serverConfig(): Promise<string> {
    const operator = pair(this.seeds.operator);
    const account = pair(this.seeds.account);
    const system = pair(this.seeds.system);
    const operatorJwt = await encodeOperator('hutong', operator, { system_account: system.getPublicKey() });
    const unlimited = {
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
    };
    const accountJwt = await encodeAccount(
      'hub',
      account,
      { limits: unlimited, imports: await storageImports(system, account.getPublicKey()) },
      { signer: operator },
    );
    const noStorage = { mem_storage: 0, disk_storage: 0, streams: 0, consumer: 0 };
    const systemJwt = await encodeAccount(
      'SYS',
      system,
      { limits: { ...unlimited, ...noStorage }, exports: storageExports() },
      { signer: operator },
    );
    return [
      `operator: ${operatorJwt}`,
      `system_account: ${system.getPublicKey()}`,
      'resolver: MEMORY',
      `resolver_preload: { ${account.getPublicKey()}: ${accountJwt}, ${system.getPublicKey()}: ${systemJwt} }`,
    ].join('\n');
  }

  /** Credentials of the switch and the console: the whole of the hub's account. */
  hubCredentials(name: string): Promise<string> {
    return this.issue(name, {});
  }

  /** Credentials of one network's adapter. */
  networkCredentials(network: Network): Promise<string> {
    return this.issue(`adapter-${network}`, networkPermissions(network));
  }

  private async issue(name: string, permissions: object): Promise<string> {
    const user = createUser();
    const jwt = await encodeUser(name, user, pair(this.seeds.account), permissions);
    return decoder.decode(fmtCreds(jwt, user));
  }
}

export function inboxPrefix(network: Network): string {
  return `_INBOX_${network}`;
}

/**
 * No right to create a consumer, and none to direct gets: with either, the server sends a network's own words with its own
 * rights to any subject that the network names (decision 0011). What is left answers in the server's own JSON.
 */
export function networkPermissions(network: Network): {
  pub: { allow: string[] };
  sub: { allow: string[] };
  resp: { max: number; ttl: number };
} {
  const consumer = `${STREAMS.out}.${consumers.adapter(network)}`;
  const ownBucket = (bucket: string) => [
    `$KV.${bucket}.>`,
    `$JS.API.STREAM.INFO.KV_${bucket}`,
    `$JS.API.STREAM.MSG.GET.KV_${bucket}`,
  ];
  return {
    pub: {
      allow: [
        subjects.in(network, ANY),
        subjects.report(network),
        subjects.dead(network),
        mediaSubject({ network, object: ANY }, ANY),
        // Sealed: what an object says is for those only to whom its key was sent.
        `$JS.API.STREAM.MSG.GET.${STREAMS.media}`,
        subjects.signalIn(network),
        subjects.control(ANY, network),
        `$JS.API.CONSUMER.INFO.${consumer}`,
        `$JS.API.CONSUMER.MSG.NEXT.${consumer}`,
        `$JS.API.CONSUMER.RESET.${consumer}`,
        `$JS.API.CONSUMER.UNPIN.${consumer}`,
        `$JS.ACK.${consumer}.>`,
        ...ownBucket(networkBucket(network)),
        ...ownBucket(correlationBucket(network)),
        ...ownBucket(waitingBucket(network)),
      ],
    },
    sub: { allow: [`${inboxPrefix(network)}.>`, subjects.signalOut(network), subjects.ask(ANY, network)] },
    resp: { max: 1, ttl: 30_000_000_000 },
  };
}
