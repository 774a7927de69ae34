/**
 * Ghosts on Fetion: accounts that the operator grants. At first contact the adapter assigns one to a remote person, for
 * good, and sets its nickname to their name. Every assigned account keeps a session, so that people can write to it.
 */
import { nativeOf, shownName, type Address, type Party } from '#protocol';
import type { Hub } from '#adapter-kit';
import { runInBackground, sleep, tolerate } from '#service';
import type { FetionConnection } from './fetion.connection.js';
import { setNickname } from './request-bodies.js';
import type { Account } from './sign-in.js';

export interface Ghost {
  mobile: string;
  remote: Address;
  session: FetionConnection;
  setName(): Promise<void>;
}

/** Logins that run at the same time after the start. */
const LOGINS_AT_ONCE = 50;
const LOGIN_MS = 5000;

export class Ghosts {
  private readonly byRemote = new Map<Address, Ghost>();
  private readonly byMobile = new Map<string, Ghost>();
  private readonly taken = new Set<string>();
  private readonly pending = new Map<Address, Promise<Ghost | undefined>>();
  private readonly names = new Map<string, string>();
  constructor(
    private readonly hub: Hub,
    private readonly pool: Account[],
    private readonly open: (account: Account, remote: Address) => FetionConnection,
  ) {}

  /** Reads the assignments of earlier processes. Must end before the first `ensure`, which could assign an account twice. */
  async load(): Promise<void> {
    const granted = new Map(this.pool.map((account) => [account.mobile, account]));
    for (const key of await this.hub.memory.keys('ghost-account.>')) {
      const account = granted.get(key.slice('ghost-account.'.length));
      const remote = (await this.hub.memory.get(key)) as Address | undefined;
      if (account && remote) this.add(account, remote);
    }
  }

  /** Logs in `LOGINS_AT_ONCE` at a time, so that thousands of accounts do not overload the server. */
  async logIn(): Promise<void> {
    const sessions = this.all().map(({ session }) => session);
    for (let at = 0; at < sessions.length; at += LOGINS_AT_ONCE) {
      const some = sessions.slice(at, at + LOGINS_AT_ONCE);
      for (const session of some) runInBackground('Fetion session', this.hub.log, () => session.run());
      await Promise.race([Promise.all(some.map((session) => upOrDown(session))), sleep(LOGIN_MS)]);
    }
  }

  find(remote: Address): Ghost | undefined {
    return this.byRemote.get(remote);
  }

  withMobile(mobile: string): Ghost | undefined {
    return this.byMobile.get(mobile);
  }

  all(): Ghost[] {
    return [...this.byMobile.values()];
  }

  /** @returns undefined when every granted account is assigned */
  async ensure(party: Party): Promise<Ghost | undefined> {
    const { address } = party;
    const before = this.pending.get(address);
    const work =
      before ??
      (this.byRemote.has(address)
        ? Promise.resolve(this.byRemote.get(address))
        : this.assign(address).finally(() => this.pending.delete(address)));
    if (!before && !this.byRemote.has(address)) this.pending.set(address, work);
    const ghost = await work;
    if (ghost) this.name(ghost, party);
    return ghost;
  }

  async stop(): Promise<void> {
    await Promise.all(this.all().map(({ session }) => session.stop()));
  }

  private async assign(remote: Address): Promise<Ghost | undefined> {
    const account = this.pool.find(({ mobile }) => !this.taken.has(mobile));
    if (!account) {
      this.hub.log.error('every granted Fetion account is assigned: grant more in FETION_ACCOUNTS');
      return undefined;
    }
    this.taken.add(account.mobile);
    await this.hub.memory.put(`ghost-account.${account.mobile}`, remote);
    const ghost = this.add(account, remote);
    runInBackground('Fetion session', this.hub.log, () => ghost.session.run());
    return ghost;
  }

  private add(account: Account, remote: Address): Ghost {
    const session = this.open(account, remote);
    const ghost: Ghost = {
      mobile: account.mobile,
      remote,
      session,
      setName: async () => {
        const name = this.names.get(account.mobile);
        if (name !== undefined)
          await tolerate('name of a ghost', this.hub.log, () =>
            session.service('SetUserInfoV4', setNickname(name)),
          );
      },
    };
    this.taken.add(account.mobile);
    this.byRemote.set(remote, ghost);
    this.byMobile.set(account.mobile, ghost);
    return ghost;
  }

  private name(ghost: Ghost, { address, displayName }: Party): void {
    const known = this.names.get(ghost.mobile);
    if (known !== undefined && displayName === undefined) return;
    const name = shownName(address, displayName, nativeOf(address));
    if (known === name) return;
    this.names.set(ghost.mobile, name);
    if (ghost.session.connected) runInBackground('name of a ghost', this.hub.log, () => ghost.setName());
  }
}

function upOrDown(session: FetionConnection): Promise<void> {
  return new Promise((resolve) => {
    session.once('up', resolve);
    session.once('down', resolve);
  });
}
