/** Requests of a logged-in client: one handler for each event name (header N). */
import { buddyResults, contactInfo, personal, reasonResults, smsFrequency } from './bodies.js';
import type { Captchas } from './captcha.js';
import type { Faults } from './faults.js';
import type { LoginKey } from './login-secrets.js';
import type { Roster, Wish } from './roster.js';
import { CODE, type Router, type Way } from './router.js';
import type { Session } from './session.js';
import { type Frame, header, type Header } from './sipc-frame.js';
import type { Buddy, Directory, User } from './users.js';
import { type Element, first, readXml, xml } from './xml.js';

export interface Context {
  directory: Directory;
  roster: Roster;
  router: Router;
  faults: Faults;
  captchas: Captchas;
  key: LoginKey;
  /** Seconds that a registration lasts. */
  expires: number;
}

interface Answer {
  code: number;
  body?: string;
}

type Service = (user: User, args: Element | undefined, context: Context) => Answer;

const OK: Answer = { code: 200, body: xml('results', {}) };

const SERVICES: Record<string, Service> = {
  GetContactInfoV4: (_, args, { directory }) => {
    const found = named(first(args, 'contact'), directory);
    return found ? { code: 200, body: xml('results', {}, contactInfo(found)) } : { code: 404 };
  },
  AddBuddyV4: addBuddy,
  HandleContactRequestV4: handleRequest,
  DeleteBuddyV4: (user, args, { directory, roster }) => {
    const other = named(first(args, 'buddy'), directory);
    return { code: other ? roster.remove(user, other) : 404 };
  },
  SetContactInfoV4: setContact,
  SetPresenceV4: (user, args, { roster }) => {
    const value = first(args, 'basic')?.at['value'] ?? '';
    if (!/^-?\d{1,4}$/.test(value)) return { code: 400 };
    roster.change(user, { presence: Number(value) });
    return OK;
  },
  SetUserInfoV4: setUserInfo,
  ApplySubscribe: () => OK,
  CreateBuddyList: () => OK,
  SetBuddyListInfo: () => OK,
  DeleteBuddyList: () => OK,
  PGGetGroupList: () => ({ code: 200, body: xml('results', {}, xml('group-list', { version: 0 })) }),
  PGGetGroupInfo: noGroups,
  PGGetGroupMembers: noGroups,
};

export function answer(session: Session, user: User, method: string, frame: Frame, context: Context): void {
  const to = header(frame, 'T') ?? '';
  if (method === 'M') message(session, user, frame, context);
  else if (method === 'S') serve(session, user, frame, context);
  else if (method === 'SUB') subscribe(session, frame, context);
  else if (method === 'IN') session.reply(frame, context.router.info(user, to, frame.body));
  else if (method === 'O' || method === 'B') session.reply(frame, CODE.ok);
  // A is an acknowledgement. An invitation (I) and StartChat get 405: chats on a separate socket are not
  // simulated, and clients do not need them.
  else if (method !== 'A') session.reply(frame, 405);
}

function message(session: Session, user: User, frame: Frame, { router, faults }: Context): void {
  const fate = faults.fateOfMessage();
  if (fate === 'lost') return;
  if (typeof fate === 'number') return session.reply(frame, fate);
  const way = wayOf(header(frame, 'N'));
  if (!way) return session.reply(frame, 400);
  const sent = router.send(user, header(frame, 'T') ?? '', frame.body, way, header(frame, 'C'));
  if (fate === 'no reply') return;
  if (sent.code === CODE.ok && sent.message) {
    const { date, id, to } = sent.message;
    const headers: Header[] = [
      ['T', to.uri],
      ['D', date.toUTCString()],
      ['XI', id],
    ];
    return session.reply(frame, CODE.ok, headers);
  }
  const counted = sent.code === CODE.sms && way !== 'CatMsg' ? xml('results', {}, smsFrequency(user)) : '';
  session.reply(frame, sent.code, [], sent.reason === undefined ? counted : reasonResults(sent.reason));
}

function wayOf(name: string | undefined): Way | undefined {
  return (['CatMsg', 'SendCatSMS', 'SendDirectCatSMS'] as const).find((way) => way === (name ?? 'CatMsg'));
}

function serve(session: Session, user: User, frame: Frame, context: Context): void {
  const name = header(frame, 'N') ?? '';
  const service = Object.hasOwn(SERVICES, name) ? SERVICES[name] : undefined;
  if (!service) return session.reply(frame, 405);
  const { code, body = '' } = service(user, readXml(frame.body), context);
  session.reply(frame, code, [], body);
}

function subscribe(session: Session, frame: Frame, { roster }: Context): void {
  const name = header(frame, 'N');
  session.reply(frame, name === 'PresenceV4' || name?.startsWith('PG') ? CODE.ok : 405);
  if (name === 'PresenceV4') session.subscribe(roster);
}

function noGroups(): Answer {
  return { code: 200, body: xml('results', {}, xml('groups', {})) };
}

function named(element: Element | undefined, directory: Directory): User | undefined {
  const { uri, 'user-id': userId } = element?.at ?? {};
  return userId ? directory.userId(userId) : directory.uri(uri);
}

function wishOf({ at }: Element): Wish {
  return {
    ...(at['local-name'] !== undefined && { localName: at['local-name'] }),
    ...(at['buddy-lists'] !== undefined && { lists: at['buddy-lists'] }),
    ...(at['desc'] !== undefined && { words: at['desc'] }),
  };
}

/** A repeated AddBuddyV4 gets 521 as the code of the response and of the buddy, because clients read either. */
function addBuddy(user: User, args: Element | undefined, { directory, roster }: Context): Answer {
  const element = first(args, 'buddy');
  const target = named(element, directory);
  if (!element || !target) return { code: 404 };
  return withBuddy(user, target, roster.add(user, target, wishOf(element)));
}

function handleRequest(user: User, args: Element | undefined, { directory, roster }: Context): Answer {
  const element = first(args, 'buddy');
  const asker = named(element, directory);
  if (!element || !asker) return { code: 404 };
  return withBuddy(user, asker, roster.answer(user, asker, element.at['result'] === '1', wishOf(element)));
}

function withBuddy(owner: User, other: User, code: number): Answer {
  const buddy = owner.buddies.get(other.userId);
  return buddy ? { code, body: buddyResults(owner, buddy, code) } : { code };
}

function setContact(user: User, args: Element | undefined, { directory }: Context): Answer {
  const element = first(args, 'contact');
  const other = named(element, directory);
  const buddy: Buddy | undefined = other && user.buddies.get(other.userId);
  if (!element || !buddy) return { code: 404 };
  const { localName, lists } = wishOf(element);
  user.buddies.set(buddy.user.userId, {
    ...buddy,
    localName: localName ?? buddy.localName,
    lists: lists ?? buddy.lists,
  });
  return OK;
}

function setUserInfo(user: User, args: Element | undefined, { roster }: Context): Answer {
  const { nickname, impresa, 'sms-online-status': sms } = first(args, 'personal')?.at ?? {};
  roster.change(user, {
    ...(nickname !== undefined && { nickname }),
    ...(impresa !== undefined && { mood: impresa }),
    // No simulated subscriber has the phone of an account: an SMS to it is discarded.
    ...(sms !== undefined && { sms: /^0*\./.test(sms) ? null : () => undefined }),
  });
  return { code: 200, body: xml('results', {}, xml('userinfo', {}, personal(user))) };
}
