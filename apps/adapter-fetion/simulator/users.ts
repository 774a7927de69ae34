/** All users of the service: accounts that log in over TCP, and simulated subscribers. */
export interface Message {
  /** Header XI of the protocol. */
  id: string;
  from: User;
  to: User;
  text: string;
  type: string;
  date: Date;
}

/** 0 not confirmed yet, 1 buddies, 2 declined, 3 stranger, 4 banned. */
export type Relation = 0 | 1 | 2 | 3 | 4;

export interface Buddy {
  user: User;
  localName: string;
  lists: string;
  relation: Relation;
}

export type PersonalField = 'n' | 'i' | 'sms' | 's';

/** The changed fields of a presence. Unchanged fields are not sent. */
export interface PresenceChange {
  basic: boolean;
  personal: readonly PersonalField[];
}

/** Receives the events for a user: a TCP session writes frames, a simulated subscriber adds them to the timeline. */
export interface Client {
  message(message: Message): void;
  info(from: User, body: string): void;
  presence(about: User, change: PresenceChange): void;
  request(from: User, words: string): void;
  relation(action: 'add' | 'update' | 'remove', buddy: Buddy): void;
}

/** A message that the service stores until the recipient's client acknowledges it. */
export interface Kept {
  message: Message;
  /** It arrived while the user was offline: delivered without XI. */
  offline: boolean;
}

export interface UserData {
  sid: string;
  userId: number;
  mobile: string;
  nickname: string;
}

export class User implements UserData {
  readonly sid: string;
  readonly userId: number;
  readonly mobile: string;
  readonly uri: string;
  nickname: string;
  /** Set for accounts only: a simulated subscriber cannot log in over TCP. */
  password: string | undefined;
  suspended = false;
  mood = '';
  presence = 400;
  /** The user is online: with a TCP client, or as a simulated subscriber. */
  online = false;
  client: Client | undefined;
  /** The user's phone, which receives SMS; without one the service stores messages for the user. */
  sms: ((message: Message) => void) | undefined;
  smsSent = 0;
  fetionUser = true;
  version = 1;
  readonly buddies = new Map<number, Buddy>();
  readonly blacklist = new Set<User>();
  /** Users who requested to become a buddy, with the texts of their requests. */
  readonly requests = new Map<User, string>();
  /** Not yet sent to a client. */
  waiting: Kept[] = [];
  /** Sent to a client, not acknowledged. Key: headers F, I and Q. */
  unacknowledged = new Map<string, Kept>();

  constructor({ sid, userId, mobile, nickname }: UserData) {
    this.sid = sid;
    this.userId = userId;
    this.mobile = mobile;
    this.nickname = nickname;
    this.uri = `sip:${sid}@fetion.com.cn;p=${(userId % 9000) + 1000}`;
  }

  /** What others see. */
  get basic(): number {
    return this.online ? this.presence : 0;
  }
}

const MOBILE = /^1[3-9]\d{9}$/;
const SID = /^\d{6,10}$/;

export function isMobile(text: string): boolean {
  return MOBILE.test(text);
}

export class Directory {
  private readonly bySid = new Map<string, User>();
  private readonly byMobile = new Map<string, User>();
  private readonly byUserId = new Map<number, User>();

  /** @throws Error for numbers that are in use or invalid in this network */
  enter(user: User): User {
    if (!SID.test(user.sid)) throw new Error(`${user.sid} is no Fetion number`);
    if (!isMobile(user.mobile)) throw new Error(`${user.mobile} is no mobile number`);
    if (this.bySid.has(user.sid) || this.byMobile.has(user.mobile) || this.byUserId.has(user.userId))
      throw new Error(`Fetion number ${user.sid}, mobile ${user.mobile} or user id ${user.userId} is taken`);
    this.bySid.set(user.sid, user);
    this.byMobile.set(user.mobile, user);
    this.byUserId.set(user.userId, user);
    return user;
  }

  get size(): number {
    return this.bySid.size;
  }

  all(): IterableIterator<User> {
    return this.bySid.values();
  }

  sid(sid: string | undefined): User | undefined {
    return this.bySid.get(sid ?? '');
  }

  mobile(mobile: string | undefined): User | undefined {
    return this.byMobile.get(mobile ?? '');
  }

  userId(userId: string | undefined): User | undefined {
    return this.byUserId.get(Number(userId ?? NaN));
  }

  /** By `sip:<sid>@fetion.com.cn;p=n` or `tel:<mobile>`. */
  uri(uri: string | undefined): User | undefined {
    const sid = /^sip:(\d+)@fetion\.com\.cn(?:;.*)?$/.exec(uri ?? '')?.[1];
    return sid === undefined ? this.mobile(telOf(uri)) : this.sid(sid);
  }

  /** Finds a user by Fetion number, mobile number or address. */
  find(who: string): User | undefined {
    return this.uri(who) ?? this.sid(who) ?? this.mobile(who);
  }
}

export function telOf(uri: string | undefined): string | undefined {
  return /^tel:(?:\+?86)?(\d+)$/.exec(uri ?? '')?.[1];
}
