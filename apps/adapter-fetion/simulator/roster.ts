/** Buddy relations, and notification of changes. Used by TCP sessions and by simulated subscribers. */
import type { Buddy, PersonalField, PresenceChange, User } from './users.js';

export interface Wish {
  localName?: string;
  lists?: string;
  words?: string;
}

/** The fields of their own account that users can change. */
export interface Change {
  online?: boolean;
  presence?: number;
  nickname?: string;
  mood?: string;
  sms?: User['sms'] | null;
  fetionUser?: boolean;
}

export class Roster {
  /** @returns 200; 521 if they are buddies already; 403 if the other user has blocked the requester */
  add(owner: User, target: User, wish: Wish = {}): number {
    const had = owner.buddies.get(target.userId);
    if (owner === target || target.blacklist.has(owner)) return 403;
    if (had && had.relation !== 2) return 521;
    const buddy = this.enter(owner, target, 0, wish);
    if (owner.requests.delete(target) || target.buddies.get(owner.userId)?.relation === 1) {
      // Both have requested each other: no confirmation is needed.
      this.settle(target, owner);
      buddy.relation = 1;
      this.tellRelation(owner, 'update', buddy);
      this.introduce(owner, target);
    } else {
      target.requests.set(owner, wish.words ?? '');
      target.client?.request(owner, wish.words ?? '');
    }
    return 200;
  }

  /** @returns 200, or 404 without a request from the other user */
  answer(owner: User, asker: User, yes: boolean, wish: Wish = {}): number {
    if (!owner.requests.delete(asker)) return 404;
    const asked = asker.buddies.get(owner.userId);
    if (asked) {
      asked.relation = yes ? 1 : 2;
      this.tellRelation(asker, 'update', asked);
    }
    if (yes) {
      this.enter(owner, asker, 1, wish);
      this.introduce(owner, asker);
    }
    return 200;
  }

  /** Ends the relation for both users. @returns 200, or 404 if they were not buddies */
  remove(owner: User, other: User): number {
    if (!owner.buddies.delete(other.userId)) return 404;
    owner.version++;
    other.requests.delete(owner);
    const mirrored = other.buddies.get(owner.userId);
    if (mirrored) {
      other.buddies.delete(owner.userId);
      this.tellRelation(other, 'remove', { ...mirrored, relation: 3 });
    }
    return 200;
  }

  /** Makes two users buddies without a request, for the setup of a test. */
  befriend(one: User, other: User): void {
    one.requests.delete(other);
    other.requests.delete(one);
    this.settle(one, other);
    this.settle(other, one);
    this.introduce(one, other);
  }

  block(owner: User, other: User, on: boolean): void {
    if (on) owner.blacklist.add(other);
    else owner.blacklist.delete(other);
    const buddy = owner.buddies.get(other.userId);
    if (!buddy) return;
    const mutual = other.buddies.has(owner.userId);
    buddy.relation = on ? 4 : mutual ? 1 : 3;
    this.tellRelation(owner, 'update', buddy);
  }

  /** Sends buddies only the fields that have changed. */
  change(user: User, change: Change): void {
    const before = { basic: user.basic, n: user.nickname, i: user.mood, sms: !!user.sms, s: user.fetionUser };
    user.online = change.online ?? user.online;
    user.presence = change.presence ?? user.presence;
    user.nickname = change.nickname ?? user.nickname;
    user.mood = change.mood ?? user.mood;
    user.fetionUser = change.fetionUser ?? user.fetionUser;
    if (change.sms !== undefined) user.sms = change.sms ?? undefined;
    const after = { n: user.nickname, i: user.mood, sms: !!user.sms, s: user.fetionUser };
    const fields: PersonalField[] = ['n', 'i', 'sms', 's'];
    const personal = fields.filter((field) => before[field] !== after[field]);
    const basic = before.basic !== user.basic;
    if (personal.length) user.version++;
    if (basic || personal.length) this.announce(user, { basic, personal });
  }

  /** Users whose presence this user can see. */
  visibleTo(user: User): User[] {
    return [...user.buddies.values()].map(({ user: buddy }) => buddy).filter((buddy) => sees(user, buddy));
  }

  private announce(user: User, change: PresenceChange): void {
    for (const { user: buddy } of user.buddies.values())
      if (sees(buddy, user)) buddy.client?.presence(user, change);
  }

  private introduce(one: User, other: User): void {
    const all: PresenceChange = { basic: true, personal: ['n', 'i', 'sms', 's'] };
    one.client?.presence(other, all);
    other.client?.presence(one, all);
  }

  private settle(owner: User, other: User): void {
    const action = owner.buddies.has(other.userId) ? 'update' : 'add';
    this.tellRelation(owner, action, this.enter(owner, other, 1));
  }

  private enter(owner: User, other: User, relation: Buddy['relation'], wish: Wish = {}): Buddy {
    const had = owner.buddies.get(other.userId);
    const localName = wish.localName ?? had?.localName ?? '';
    const buddy: Buddy = { user: other, localName, lists: wish.lists ?? had?.lists ?? '1', relation };
    owner.buddies.set(other.userId, buddy);
    owner.version++;
    return buddy;
  }

  private tellRelation(user: User, action: 'add' | 'update' | 'remove', buddy: Buddy): void {
    user.version++;
    user.client?.relation(action, buddy);
  }
}

function sees(watcher: User, user: User): boolean {
  return (
    watcher.buddies.get(user.userId)?.relation === 1 &&
    user.buddies.get(watcher.userId)?.relation === 1 &&
    !user.blacklist.has(watcher)
  );
}
