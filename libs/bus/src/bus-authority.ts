/**
 * Who may connect to the bus, in NATS's operator mode: the operator signs accounts, each account signs its users. The hub
 * has one account, the server's system account serves administration, and every network has an account of its own
 * (bus-accounts.ts). The holder of the seeds can create any account and user: only the console has them.
 */
import { createHmac } from 'node:crypto';
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
  type User,
} from '@nats-io/jwt';
import { fromPublic, Prefix } from '@nats-io/nkeys';
import { Codec } from '@nats-io/nkeys/lib/codec.js';
import type { Network } from '#protocol';
import {
  hubExports,
  memberPermissions,
  networkAccount,
  NO_STORAGE,
  UNLIMITED,
  type AccountState,
} from './bus-accounts.js';
import './ed25519.js';
import {
  MEDIA_GATEWAY_ACCOUNT,
  mediaGatewayAccount,
  mediaGatewayExports,
  mediaGatewayImports,
  mediaGatewayPermissions,
} from './media-gateway-account.js';
import { storageExports, storageImports } from './storage-account.js';

/** Secret seeds of the operator, of the hub's account and of the system account. */
export interface AuthoritySeeds {
  operator: string;
  account: string;
  system: string;
}

/** Issued credentials. They are shown once; the hub stores only the public key. */
export interface IssuedCredentials {
  /** Content of a NATS credentials file. */
  credentials: string;
  /** Names the user, for listing and revocation. */
  publicKey: string;
  expiresAt: Date;
}

const DAY_MS = 24 * 3600_000;
export const CREDENTIALS_DAYS = 90;

/** When credentials that are issued now expire. */
export function credentialsExpiry(): Date {
  return new Date(Date.now() + CREDENTIALS_DAYS * DAY_MS);
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

  /**
   * The lines of nats-server.conf that make the server trust this authority.
   * @param accountsFolder where the server stores the accounts that are published to it
   */
  async serverConfig(accountsFolder: string): Promise<string> {
    const operator = pair(this.seeds.operator);
    const account = pair(this.seeds.account);
    const system = pair(this.seeds.system);
    const operatorJwt = await encodeOperator('hutong', operator, { system_account: system.getPublicKey() });
    const hub = {
      limits: UNLIMITED,
      exports: [...hubExports(), ...mediaGatewayExports()],
      imports: [
        ...(await storageImports(system, account.getPublicKey())),
        ...mediaGatewayImports(this.mediaGateway.getPublicKey()),
      ],
    };
    const accountJwt = await encodeAccount('hub', account, hub, { signer: operator });
    const server = { limits: { ...UNLIMITED, ...NO_STORAGE }, exports: storageExports() };
    const systemJwt = await encodeAccount('SYS', system, server, { signer: operator });
    const gateway = this.mediaGateway;
    const gatewayJwt = await encodeAccount(
      MEDIA_GATEWAY_ACCOUNT,
      gateway,
      mediaGatewayAccount(account.getPublicKey()),
      { signer: operator },
    );
    const preloaded = [
      [account, accountJwt],
      [system, systemJwt],
      [gateway, gatewayJwt],
    ] as const;
    return [
      `operator: ${operatorJwt}`,
      `system_account: ${system.getPublicKey()}`,
      `resolver: { type: full, dir: "${accountsFolder}", allow_delete: true, interval: "2m" }`,
      `resolver_preload: { ${preloaded.map(([keys, jwt]) => `${keys.getPublicKey()}: ${jwt}`).join(', ')} }`,
    ].join('\n');
  }

  /** Credentials of switch, console, recorder or clearing: everything in the hub's account. */
  hubCredentials(name: string): Promise<string> {
    return issue(name, pair(this.seeds.account));
  }

  /** Credentials of the media gateway, which faces the internet. Its account can read links and the attachments behind them, and nothing else. */
  mediaGatewayCredentials(): Promise<string> {
    return issue('media-gateway', this.mediaGateway, mediaGatewayPermissions());
  }

  /** Credentials of the console's second connection, over which it publishes accounts. */
  systemCredentials(name: string): Promise<string> {
    return issue(name, pair(this.seeds.system));
  }

  /** The account JWT of a network, which the server expects. */
  networkClaims(network: Network, state: AccountState): Promise<string> {
    const hub = pair(this.seeds.account).getPublicKey();
    const account = this.accountOf(network);
    const operator = pair(this.seeds.operator);
    return encodeAccount(network, account, networkAccount(network, hub, state), { signer: operator });
  }

  /** Public key of the account of a network. */
  accountKey(network: Network): string {
    return this.accountOf(network).getPublicKey();
  }

  /** Credentials of one network's adapter. */
  async networkCredentials(
    network: Network,
    expiresAt: Date = credentialsExpiry(),
  ): Promise<IssuedCredentials> {
    const user = createUser();
    const jwt = await this.memberJwt(network, user, expiresAt);
    return { credentials: decoder.decode(fmtCreds(jwt, user)), publicKey: user.getPublicKey(), expiresAt };
  }

  /** Issues credentials for a key pair that the adapter generated. @param publicKey public key of its user @returns the user JWT */
  renewedCredentials(network: Network, publicKey: string, expiresAt: Date): Promise<string> {
    return this.memberJwt(network, fromPublic(publicKey), expiresAt);
  }

  private memberJwt(network: Network, user: KeyPair, expiresAt: Date): Promise<string> {
    const exp = Math.floor(expiresAt.getTime() / 1000);
    return encodeUser(`adapter-${network}`, user, this.accountOf(network), memberPermissions(network), {
      exp,
    });
  }

  private accountOf(network: Network): KeyPair {
    return this.derived(`account of ${network}`);
  }

  private get mediaGateway(): KeyPair {
    return this.derived(`account ${MEDIA_GATEWAY_ACCOUNT}`);
  }

  /** Derived from the operator's seed, so that no further secret must be stored and restored for each account. */
  private derived(what: string): KeyPair {
    const secret = createHmac('sha256', this.seeds.account).update(what).digest();
    return fromSeed(Codec.encodeSeed(Prefix.Account, new Uint8Array(secret)));
  }
}

/** @param permissions absent: everything in the account */
async function issue(name: string, account: KeyPair, permissions: Partial<User> = {}): Promise<string> {
  const user = createUser();
  return decoder.decode(fmtCreds(await encodeUser(name, user, account, permissions), user));
}
