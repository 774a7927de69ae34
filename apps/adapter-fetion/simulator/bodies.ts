/** The XML that the service sends. */
import type { Buddy, PersonalField, PresenceChange, User } from './users.js';
import { xml } from './xml.js';

export function loginResults(user: User, credential: string, ip: string): string {
  const buddies = [...user.buddies.values()].map(listed);
  const blocked = [...user.blacklist].map(({ userId, uri }) => xml('k', { i: userId, u: uri }));
  const contacts = xml(
    'contact-list',
    { version: user.version },
    xml('buddy-lists', {}, xml('buddy-list', { id: 1, name: '我的好友' })),
    xml('buddies', {}, ...buddies),
    xml('chat-friends', {}),
    xml('blacklist', {}, ...blocked),
  );
  const time = new Date().toUTCString();
  return xml(
    'results',
    {},
    xml('client', { 'public-ip': ip, 'login-place': '', 'last-login-ip': ip, 'last-login-time': time }),
    xml(
      'user-info',
      {},
      personal(user),
      xml('custom-config', { type: 'PC', version: 0 }),
      contacts,
      ...rest(user),
    ),
    credentials(credential),
  );
}

export function credentials(credential: string): string {
  const kernel = xml('credential', { domain: 'fetion.com.cn', c: credential });
  return xml('credentials', { kernel: credential }, kernel);
}

function rest(user: User): string[] {
  const limit = xml('quota-limit', {}, xml('limit', { name: 'max-buddies', value: 20_000 }));
  return [
    xml('score', { value: 0, level: 0 }),
    xml('services', {}),
    xml('quotas', {}, limit, xml('quota-frequency', {}, smsFrequency(user))),
  ];
}

export function smsFrequency(user: User): string {
  const count = user.smsSent;
  return xml('frequency', {
    name: 'send-sms',
    'day-limit': 100_000,
    'day-count': count,
    'month-limit': 1_000_000,
    'month-count': count,
  });
}

export function personal(user: User): string {
  return xml('personal', {
    version: user.version,
    'user-id': user.userId,
    sid: user.sid,
    'mobile-no': user.mobile,
    uri: user.uri,
    name: '',
    nickname: user.nickname,
    gender: 0,
    impresa: user.mood,
    carrier: 'CMCC',
    'carrier-status': 0,
    'carrier-region': 'CN.bj.10.',
    'sms-online-status': smsStatus(user),
  });
}

export function contactInfo(user: User): string {
  return xml('contact', {
    uri: user.uri,
    'user-id': user.userId,
    sid: user.sid,
    'mobile-no': user.mobile,
    'basic-service-status': user.fetionUser ? 1 : 0,
    carrier: 'CMCC',
    'carrier-status': 0,
    nickname: user.nickname,
    impresa: user.mood,
    'portrait-crc': 0,
    'carrier-region': 'CN.bj.10.',
    gender: 0,
    'score-level': 0,
  });
}

/** The buddy element in the response to a client's request about that buddy. */
export function buddyResults(owner: User, buddy: Buddy, code: number): string {
  const one = xml('buddy', {
    'user-id': buddy.user.userId,
    uri: buddy.user.uri,
    'local-name': buddy.localName,
    'buddy-lists': buddy.lists,
    'relation-status': buddy.relation,
    'status-code': code,
  });
  return xml('results', {}, xml('contacts', { version: owner.version }, xml('buddies', {}, one)));
}

export function reasonResults(text: string): string {
  return xml('results', {}, xml('reason', { text, tips: '' }));
}

export function event(type: string, ...inner: string[]): string {
  return xml('events', {}, xml('event', { type }, ...inner));
}

export function presenceChanged(contacts: readonly string[]): string {
  return event('PresenceChanged', xml('contacts', {}, ...contacts));
}

/** Complete presence of a person of whom this client has no presence yet. */
export function wholePresence(user: User): string {
  const whole = xml('p', {
    v: user.version,
    sid: user.sid,
    su: user.uri,
    m: user.mobile,
    c: 'CMCC',
    cs: 0,
    s: user.fetionUser ? 1 : 0,
    l: 0,
    svc: '',
    n: user.nickname,
    i: user.mood,
    p: 0,
    sms: smsStatus(user),
    sp: 0,
    sh: 0,
  });
  return xml('c', { id: user.userId }, whole, basic(user));
}

/** Only the changed fields, as the real service sent them: a client has to merge. */
export function partialPresence(user: User, change: PresenceChange): string {
  const value = (field: PersonalField, text: string | number) =>
    change.personal.includes(field) ? text : undefined;
  const part = xml('p', {
    v: user.version,
    n: value('n', user.nickname),
    i: value('i', user.mood),
    sms: value('sms', smsStatus(user)),
    s: value('s', user.fetionUser ? 1 : 0),
  });
  const parts = [...(change.personal.length ? [part] : []), ...(change.basic ? [basic(user)] : [])];
  return xml('c', { id: user.userId }, ...parts);
}

export function application(from: User, words: string): string {
  const time = new Date().toISOString().slice(0, 19).replace('T', ' ');
  const at = { uri: from.uri, desc: words, type: 0, time, 'addbuddy-phrase-id': 0, 'user-id': from.userId };
  return event('AddBuddyApplication', xml('application', at));
}

export function syncBuddy(owner: User, action: string, buddy: Buddy): string {
  const { userId, uri } = buddy.user;
  const at = { action, 'user-id': userId, uri, 'relation-status': buddy.relation };
  const buddies = xml('buddies', {}, xml('buddy', at));
  return event(
    'SyncUserInfo',
    xml('user-info', {}, xml('contact-list', { version: owner.version }, buddies)),
  );
}

function basic(user: User): string {
  return xml('pr', { di: `SIM${user.userId}`, b: user.basic, d: '', dt: user.online ? 'PC' : '', dc: 0 });
}

function listed({ user, localName, lists, relation }: Buddy): string {
  return xml('b', {
    i: user.userId,
    u: user.uri,
    n: localName,
    l: lists,
    f: 0,
    r: relation,
    o: 0,
    p: 'identity=1;',
  });
}

function smsStatus(user: User): string {
  return user.sms ? '365.0:0:0' : '0.0:0:0';
}
