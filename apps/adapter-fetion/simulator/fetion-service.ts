/** The Fetion service on the local machine, with simulated subscribers. */
import type { SimulatedNetwork } from '#simulators';
import { Captchas } from './captcha.js';
import { Faults } from './faults.js';
import { LoginKey } from './login-secrets.js';
import { Navigation } from './navigation.js';
import type { Context } from './requests.js';
import { Roster } from './roster.js';
import { Router } from './router.js';
import { SipcServer } from './sipc-server.js';
import { Subscriber } from './subscriber.js';
import { Directory, isMobile, type Relation, User, type UserData } from './users.js';

/** An account of the operator, with which an adapter logs in. */
export interface FetionAccount extends UserData {
  password: string;
}

export interface AccountWish extends Partial<FetionAccount> {
  /** Answers the sign-in with 433. */
  suspended?: boolean;
  /** Its phone takes SMS while it is offline; otherwise its messages wait in the service. */
  sms?: boolean;
}

export interface FetionOptions {
  httpPort?: number;
  sipcPort?: number;
  accounts?: readonly AccountWish[];
  /** Seconds that a registration lasts. */
  expires?: number;
}

/** First numbers that the service assigns if the caller gives none. */
const FIRST = {
  account: { sid: 700000001, userId: 390000001, mobile: 13900000001 },
  person: { sid: 793400001, userId: 222500001 },
};

export class FetionService implements SimulatedNetwork {
  readonly name = 'fetion';
  readonly faults: Faults;
  private readonly directory = new Directory();
  private readonly roster = new Roster();
  private readonly subscribers = new Map<User, Subscriber>();
  private readonly next = structuredClone(FIRST);
  private readonly router: Router;
  private readonly sipc: SipcServer;
  private readonly navigation: Navigation;

  private constructor({ expires = 600, accounts = [] }: FetionOptions) {
    const { directory, roster } = this;
    const captchas = new Captchas();
    this.router = new Router(directory, (mobile) => this.strangerPhone(mobile));
    this.faults = new Faults(() => this.sipc);
    const { router, faults } = this;
    const context: Context = { directory, roster, router, faults, captchas, key: new LoginKey(), expires };
    this.sipc = new SipcServer(context);
    this.navigation = new Navigation(directory, captchas, faults, () => `127.0.0.1:${this.sipcPort}`);
    for (const wish of accounts) this.account(wish);
  }

  static async open(options: FetionOptions = {}): Promise<FetionService> {
    const service = new FetionService(options);
    await service.sipc.listen(options.sipcPort ?? 0);
    try {
      await service.navigation.listen(options.httpPort ?? 0);
    } catch (error) {
      await service.sipc.close();
      throw error;
    }
    return service;
  }

  /** For the bootstrap: append /nav/getsystemconfig.aspx. */
  get httpUrl(): string {
    return this.navigation.url;
  }

  get sipcPort(): number {
    return this.sipc.port;
  }

  /** @throws Error when one of the numbers is taken */
  account(wish: AccountWish = {}): FetionAccount {
    const data = { ...this.freeNumbers(), password: 'password', ...wish };
    const user = new User({ ...data, nickname: wish.nickname ?? data.sid });
    user.password = data.password;
    user.suspended = wish.suspended ?? false;
    if (wish.sms) user.sms = () => undefined;
    this.directory.enter(user);
    const { sid, userId, mobile, nickname } = user;
    return { sid, userId, mobile, nickname, password: data.password };
  }

  /** Finds or makes a subscriber by mobile number; finds an existing one also by Fetion number. */
  person(native: string): Subscriber {
    const known = this.directory.find(native);
    if (known) return this.subscriberOf(known);
    if (!isMobile(native)) throw new Error(`${native} is no mobile number`);
    while (
      this.directory.sid(String(this.next.person.sid)) ||
      this.directory.userId(String(this.next.person.userId))
    )
      this.step(this.next.person);
    const { sid, userId } = this.next.person;
    this.step(this.next.person);
    const user = this.directory.enter(
      new User({ sid: String(sid), userId, mobile: native, nickname: native }),
    );
    return this.enter(user);
  }

  people(): Subscriber[] {
    return [...this.subscribers.values()];
  }

  /** Sids of the operator's accounts that are logged in now. */
  connectedAccounts(): string[] {
    return this.sipc.connected();
  }

  nicknameOf(who: string): string | undefined {
    return this.directory.find(who)?.nickname;
  }

  moodOf(who: string): string | undefined {
    return this.directory.find(who)?.mood;
  }

  /** Fetion's number, as buddies see it. */
  presenceOf(who: string): number | undefined {
    return this.directory.find(who)?.basic;
  }

  relation(owner: string, other: string): Relation | undefined {
    return this.known(owner).buddies.get(this.known(other).userId)?.relation;
  }

  /** Stored messages for a user: not yet delivered to a client, or not acknowledged. */
  keptFor(who: string): { waiting: number; unacknowledged: number } {
    const { waiting, unacknowledged } = this.known(who);
    return { waiting: waiting.length, unacknowledged: unacknowledged.size };
  }

  /** Changes the nickname of a user. */
  rename(who: string, nickname: string): void {
    this.roster.change(this.known(who), { nickname });
  }

  /** Makes two users buddies without a request, for the setup of a test. */
  befriend(one: string, other: string): void {
    this.roster.befriend(this.known(one), this.known(other));
  }

  block(owner: string, other: string, on = true): void {
    this.roster.block(this.known(owner), this.known(other), on);
  }

  async close(): Promise<void> {
    await Promise.all([this.sipc.close(), this.navigation.close()]);
  }

  private known(who: string): User {
    const user = this.directory.find(who);
    if (!user) throw new Error(`nobody here has the number ${who}`);
    return user;
  }

  private subscriberOf(user: User): Subscriber {
    const subscriber = this.subscribers.get(user);
    if (!subscriber) throw new Error(`${user.sid} is an account that logs in, nobody to be played here`);
    return subscriber;
  }

  /** The subscriber of a mobile number that receives SMS but was never registered with Fetion. */
  private strangerPhone(mobile: string): User {
    const { user } = this.person(mobile);
    user.online = false;
    user.fetionUser = false;
    return user;
  }

  private enter(user: User): Subscriber {
    const { directory, roster, router } = this;
    const subscriber = new Subscriber(user, { directory, roster, router });
    this.subscribers.set(user, subscriber);
    return subscriber;
  }

  private freeNumbers(): Omit<UserData, 'nickname'> {
    const { account } = this.next;
    const taken = () =>
      this.directory.sid(String(account.sid)) ??
      this.directory.userId(String(account.userId)) ??
      this.directory.mobile(String(account.mobile));
    while (taken()) {
      this.step(account);
      account.mobile++;
    }
    return { sid: String(account.sid), userId: account.userId, mobile: String(account.mobile) };
  }

  private step(numbers: { sid: number; userId: number }): void {
    numbers.sid++;
    numbers.userId++;
  }
}
