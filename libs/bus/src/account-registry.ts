/**
 * Publishes accounts to nats-server, over the system account. A server stores them on its disk and passes them to the other
 * servers of its cluster. Publishing an unchanged account has no effect.
 */
import type { Msg } from '@nats-io/transport-node';
import { z } from 'zod';
import { HubError, parseJson, type Network } from '#protocol';
import { guarded, type Log } from '#service';
import { MEMBER_LIMITS, type AccountState } from './bus-accounts.js';
import type { BusAuthority } from './bus-authority.js';
import { BusConnection, type BusConnectionOptions, type BusSession } from './bus-connection.js';

const Answer = z.object({
  data: z.object({ code: z.number() }).optional(),
  error: z.object({ description: z.string() }).optional(),
});
/** The fields that this file reads of nats-server's account statistics. */
const Statistics = z.object({
  data: z.object({
    account_statz: z.array(
      z.object({ name: z.string(), received: z.object({ msgs: z.number(), bytes: z.number() }) }),
    ),
  }),
});

export interface LiveConnection {
  /** Id of the server. */
  server: string;
  /** Number of the connection on that server. */
  cid: number;
}

/** Connections of one account to one server of the cluster. */
const Connections = z.object({
  server: z.object({ id: z.string() }),
  data: z.object({ connections: z.array(z.object({ cid: z.number() })) }).optional(),
});

export interface AccountTraffic {
  /** Name of the account: the slug of its network. */
  account: string;
  messages: number;
  bytes: number;
}

const ANSWER_MS = 5000;
/** Time for the servers of a cluster to answer one after another, ms. */
const ALL_ANSWER_MS = 500;

export class AccountRegistry {
  private constructor(
    private readonly authority: BusAuthority,
    private readonly connection: BusConnection,
  ) {}

  static async open(
    authority: BusAuthority,
    server: Pick<BusConnectionOptions, 'url' | 'tls'>,
    log: Log,
  ): Promise<AccountRegistry> {
    const creds = await authority.systemCredentials('accounts');
    return new AccountRegistry(
      authority,
      await BusConnection.open({ ...server, creds, name: 'accounts' }, log),
    );
  }

  /**
   * Creates or changes the account of a network. When this resolves, connections that the new state does not allow are cut.
   * @throws HubError 91 when the server does not confirm it
   */
  async publish(network: Network, state: AccountState): Promise<void> {
    const claims = await this.authority.networkClaims(network, state);
    const reply = await this.nc
      .request('$SYS.REQ.CLAIMS.UPDATE', claims, { timeout: ANSWER_MS })
      .catch((cause: unknown) => {
        throw new HubError('91', `the bus did not confirm the account of ${network}: try again`, { cause });
      });
    const answer = Answer.safeParse(parseJson(reply.data));
    if (answer.data?.data?.code !== 200)
      throw new HubError(
        '91',
        `the bus refused the account of ${network}: ${answer.data?.error?.description ?? 'unknown answer'}`,
      );
  }

  /** Live connections of a network, on all servers. @throws HubError 91 when the bus is away */
  async connectionsOf(network: Network): Promise<LiveConnection[]> {
    const account = this.authority.accountKey(network);
    const replies = await this.nc.requestMany(
      '$SYS.REQ.SERVER.PING.CONNZ',
      JSON.stringify({ acc: account, limit: MEMBER_LIMITS.conn }),
      { strategy: 'stall', stall: ALL_ANSWER_MS, maxWait: ANSWER_MS },
    );
    const live: LiveConnection[] = [];
    for await (const reply of replies) {
      const { server, data } = Connections.parse(parseJson(reply.data));
      for (const { cid } of data?.connections ?? []) live.push({ server: server.id, cid });
    }
    return live;
  }

  /** Cuts connections. The credentials stay valid, so that an adapter can connect again at once. @throws HubError 91 when the bus is away */
  async cut(connections: readonly LiveConnection[]): Promise<void> {
    const { nc } = this;
    await Promise.all(
      connections.map(({ server, cid }) =>
        nc.request(`$SYS.REQ.SERVER.${server}.KICK`, JSON.stringify({ cid }), { timeout: ANSWER_MS }),
      ),
    );
  }

  private get nc(): BusSession['nc'] {
    const { session } = this.connection;
    if (!session) throw new HubError('91', 'the bus is away: try again');
    return session.nc;
  }

  /** Calls back at each connection to an account and each end of one, with the advisory of nats-server (JSON). */
  async onConnection(note: (advisory: Uint8Array) => Promise<void>): Promise<void> {
    await this.connection.onSession(({ nc }) => {
      for (const event of ['CONNECT', 'DISCONNECT'])
        nc.subscribe(`$SYS.ACCOUNT.*.${event}`, {
          callback: guarded(
            'connection advisory',
            this.connection.log,
            (error: Error | null, message: Msg) => {
              if (!error) return note(message.data);
            },
          ),
        });
    });
  }

  /** What every account has published since the server started. undefined: the bus is away. For one server, not a cluster. */
  async traffic(): Promise<AccountTraffic[] | undefined> {
    const reply = await this.connection.session?.nc.request('$SYS.REQ.ACCOUNT.PING.STATZ', '', {
      timeout: ANSWER_MS,
    });
    const statistics = Statistics.safeParse(reply && parseJson(reply.data));
    return statistics.data?.data.account_statz.map(({ name, received }) => ({
      account: name,
      messages: received.msgs,
      bytes: received.bytes,
    }));
  }

  close(): Promise<void> {
    return this.connection.close();
  }
}
