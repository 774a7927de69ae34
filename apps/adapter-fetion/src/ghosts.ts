/**
 * Ghosts on Fetion: accounts that the operator grants. Each is given to a foreign person at first contact, for good,
 * and named after him; every account that is given away keeps its session, so that it can be written to.
 */
import { nativeOf, shownName, type Address, type Party } from '#protocol';
import type { Hub } from '#adapter-kit';
import { runInBackground, sleep, tolerate } from '#service';
import type { FetionConnection } from './fetion.connection.js';
import { setNickname } from './request-bodies.js';
import type { Account } from './sign-in.js';

export interface Ghost {
  mobile: string;
  foreign: Address;
  session: FetionConnection;
  setName(): Promise<void>;
}

/** So many logins at once at the start. */
const LOGINS_AT_ONCE = 50;
const LOGIN_MS = 5000;

export class Ghosts {
  private readonly byForeign = new Map<Address, Ghost>();
  private readonly byMobile = new Map<string, Ghost>();
  private readonly taken = new Set<string>();
  private readonly pending = new Map<Address, Promise<Ghost | undefined>>();
  private readonly names = new Map<string, string>();
  constructor(
    private readonly hub: Hub,
    private readonly pool: Account[],
    private readonly open: (account: Account, foreign: Address) => FetionConnection,
  ) {}

  /** Every account given away before: known before anybody may be given another one. */
  async load(): Promise<void> {
    const granted = new Map(this.pool.map((account) => [account.mobile, account]));
    for (const key of await this.hub.memory.keys('ghost-account.>')) {
      const account = granted.get(key.slice('ghost-account.'.length));
      const foreign = (await this.hub.memory.get(key)) as Address | undefined;
      if (account && foreign) this.add(account, foreign);
    }
  }

  /** Some at a time, so that many thousand do not all call at once. */
  async logIn(): Promise<void> {
    const sessions = this.all().map(({ session }) => session);
    for (let at = 0; at < sessions.length; at += LOGINS_AT_ONCE) {
      const some = sessions.slice(at, at + LOGINS_AT_ONCE);
      for (const session of some) runInBackground('Fetion session', this.hub.log, () => session.run());
      await Promise.race([Promise.all(some.map((session) => upOrDown(session))), sleep(LOGIN_MS)]);
    }
  }

  find(foreign: Address): Ghost | undefined {
    return this.byForeign.get(foreign);
  }

  withMobile(mobile: string): Ghost | undefined {
    return this.byMobile.get(mobile);
  }

  all(): Ghost[] {
    return [...this.byMobile.values()];
  }

  /** undefined: the pool is used up. */
  async ensure(party: Party): Promise<Ghost | undefined> {
    const { address } = party;
    const before = this.pending.get(address);
    const work =
      before ??
      (this.byForeign.has(address)
        ? Promise.resolve(this.byForeign.get(address))
        : this.assign(address).finally(() => this.pending.delete(address)));
    if (!before && !this.byForeign.has(address)) this.pending.set(address, work);
    const ghost = await work;
    if (ghost) this.name(ghost, party);
    return ghost;
  }

  async stop(): Promise<void> {
    await Promise.all(this.all().map(({ session }) => session.stop()));
  }

  private async assign(foreign: Address): Promise<Ghost | undefined> {
    const account = this.pool.find(({ mobile }) => !this.taken.has(mobile));
    if (!account) {
      this.hub.log.error('every granted Fetion account is given away: grant more in FETION_ACCOUNTS');
      return undefined;
    }
    this.taken.add(account.mobile);
    await this.hub.memory.put(`ghost-account.${account.mobile}`, foreign);
    const ghost = this.add(account, foreign);
    runInBackground('Fetion session', this.hub.log, () => ghost.session.run());
    return ghost;
  }

  private add(account: Account, foreign: Address): Ghost {
    const session = this.open(account, foreign);
    const ghost: Ghost = {
      mobile: account.mobile,
      foreign,
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
    this.byForeign.set(foreign, ghost);
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
