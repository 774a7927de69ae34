/**
 * A frame that a Fetion server pushes -> the act of a person. Pure. Content in an unknown form becomes words that name it,
 * an unknown frame becomes `unknown`, and only frames that concern the protocol itself become `signalling`.
 */
import { createHash } from 'node:crypto';
import { descendants, readXml, unescapeXml } from '#service';
import { PHRASES, type Availability } from '#protocol';
import { header, type Frame } from './sipc-frame.js';

export type FetionAct =
  | { act: 'message'; id: string; from: string; text: string; sentAt: Date }
  | { act: 'group-message' }
  | { act: 'typing'; from: string }
  | { act: 'nudge'; from: string; id: string }
  | { act: 'events'; events: FetionEvent[] }
  | { act: 'invited' }
  /** Frames without meaning for any person: steps of a call, presence in groups, responses. */
  | { act: 'signalling' }
  | { act: 'unknown'; kind: 'method' | 'info'; why: string };

export type FetionEvent =
  | { event: 'presence'; changes: PresenceChange[] }
  | { event: 'application'; uri: string; userId: string; note: string; id: string }
  | { event: 'relation'; uri: string; userId: string; relation: 'accepted' | 'declined' | 'removed' }
  | { event: 'pushed-out' }
  | { event: 'unknown'; why: string };

/** Parts that are absent did not change. */
export interface PresenceChange {
  userId: string;
  uri?: string;
  nickname?: string;
  mood?: string;
  basic?: number;
}

/** @param account mobile number of the account on whose session the frame came */
export function readFrame(frame: Frame, account: string): FetionAct {
  if (frame.start.kind !== 'request') return { act: 'signalling' };
  switch (frame.start.method) {
    case 'M':
      return readMessage(frame, account);
    case 'IN':
      return readInfo(frame, account);
    case 'BN':
      // Presence in groups (PG) comes under the same method as presence of people.
      return (header(frame, 'N') ?? '').startsWith('PG')
        ? { act: 'signalling' }
        : { act: 'events', events: readEvents(frame.body) };
    case 'I':
      return { act: 'invited' };
    case 'A':
    case 'O':
    case 'B':
      return { act: 'signalling' };
    default:
      return { act: 'unknown', kind: 'method', why: `the method ${frame.start.method} is not known` };
  }
}

/** Two nudges within this time are one. */
const NUDGE_MS = 5000;

function readMessage(frame: Frame, account: string): FetionAct {
  const from = header(frame, 'F') ?? '';
  if (from.startsWith('sip:PG')) return { act: 'group-message' };
  const date = header(frame, 'D') ?? '';
  return {
    act: 'message',
    // Messages from the offline store have no id of their own.
    id: header(frame, 'XI') || offlineId(frame, account, from, date),
    from,
    text: wordsOf(frame),
    sentAt: instantOf(date, Date.now()),
  };
}

const MOST_WORDS = 1000;

/** The text of a message. A body of another type becomes words that name the type, with the text found in it. */
function wordsOf(frame: Frame): string {
  const type = (header(frame, 'C') ?? 'text/plain').split(';')[0]?.trim().toLowerCase() ?? '';
  const encoding = header(frame, 'E') ?? '';
  if (encoding !== '') return notShown(`${type}, ${encoding}`);
  const text = type.startsWith('text/html') ? withoutTags(frame.body) : frame.body;
  return type.startsWith('text/') && text !== '' ? text : notShown(type, text);
}

function notShown(what: string, words = ''): string {
  const said = withoutTags(words)
    .replace(/[\p{Cc}\p{Cf}]+/gu, ' ')
    .trim();
  return PHRASES.zh.notShown(what.slice(0, 60).toWellFormed(), said.slice(0, MOST_WORDS).toWellFormed());
}

const DAY_MS = 24 * 3600_000;

/** The time in the header. An invalid time, or one more than a day in the future, is replaced by the current time. */
function instantOf(date: string, now: number): Date {
  const sent = Date.parse(date);
  return new Date(sent > 0 && sent < now + DAY_MS ? sent : now);
}

/**
 * Messages of the offline store have no id: a digest of recipient, sender, date and body replaces it. Two equal messages
 * of one second count as one (README).
 */
function offlineId(frame: Frame, account: string, from: string, date: string): string {
  const place = date === '' ? `${header(frame, 'I')} ${header(frame, 'Q')}` : '';
  return createHash('sha1').update([account, from, date, place, frame.body].join('|')).digest('hex');
}

function readInfo(frame: Frame, account: string): FetionAct {
  const from = header(frame, 'F') ?? '';
  const document = readXml(frame.body);
  const [state] = descendants(document, 'state');
  const period = Math.floor(Date.now() / NUDGE_MS);
  if (state?.text === 'input') return { act: 'typing', from };
  if (state?.text === 'nudge') return { act: 'nudge', from, id: `nudge ${account} ${from} ${period}` };
  const said = { act: 'message' as const, from, sentAt: new Date() };
  if (state?.text === 'fetion-show')
    return { ...said, id: `show ${account} ${from} ${period}`, text: notShown('fetion-show') };
  const [file] = descendants(document, 'file');
  if (document?.name === 'share-content' && file) {
    const { name = '', id = document.attributes['id'] ?? frame.body } = file.attributes;
    const offer = createHash('sha1').update(`${account} ${from} ${id}`).digest('hex');
    return { ...said, id: `offer ${offer}`, text: PHRASES.zh.media('file', name.slice(0, 255), '106') };
  }
  const what = document ? `<${document.name}> of state "${state?.text ?? ''}"` : 'a body that is no XML';
  return { act: 'unknown', kind: 'info', why: `IN with ${what} is not known`.slice(0, 200) };
}

/** Events about the account itself: its mailbox, and steps of calls to which it was invited. */
const SERVICE_NEWS = new Set(['MobileMailBoxChanged', 'UserEntered', 'UserLeft', 'UserFailed']);

function readEvents(body: string): FetionEvent[] {
  const events = descendants(readXml(body), 'event');
  if (events.length === 0) return [{ event: 'unknown', why: 'a push without readable events' }];
  return events.flatMap((event): FetionEvent[] => {
    const type = event.attributes['type'] ?? '';
    switch (type) {
      case 'PresenceChanged':
        return [{ event: 'presence', changes: descendants(event, 'c').map(readPresence) }];
      case 'AddBuddyApplication':
        return readApplications(event);
      case 'SyncUserInfo':
        return descendants(event, 'buddy').flatMap(({ attributes }) => readRelation(attributes));
      case 'deregistered':
        return [{ event: 'pushed-out' }];
      default:
        return SERVICE_NEWS.has(type)
          ? []
          : [{ event: 'unknown', why: `an event of type "${type.slice(0, 60)}" is not known` }];
    }
  });
}

function readApplications(event: ReturnType<typeof descendants>[number]): FetionEvent[] {
  const applications = descendants(event, 'application');
  if (applications.length === 0) return [{ event: 'unknown', why: 'a contact request that names nobody' }];
  return applications.map(({ attributes: { uri = '', desc = '', time = '', 'user-id': userId = '' } }) => ({
    event: 'application' as const,
    uri,
    userId,
    note: desc,
    id: `${userId} ${time}`,
  }));
}

function readPresence({
  attributes: { id = '' },
  children,
}: ReturnType<typeof descendants>[number]): PresenceChange {
  const p = children.find(({ name }) => name === 'p')?.attributes ?? {};
  const pr = bestDevice(children.filter(({ name }) => name === 'pr').map(({ attributes }) => attributes));
  return {
    userId: id,
    ...(p['su'] ? { uri: p['su'] } : {}),
    ...(p['n'] ? { nickname: p['n'] } : {}),
    ...(p['i'] === undefined ? {} : { mood: p['i'] }),
    ...(pr['b'] !== undefined && /^-?\d+$/.test(pr['b']) ? { basic: Number(pr['b']) } : {}),
  };
}

/** A person has one presence for each device. Shows the most available one. */
function bestDevice(devices: Record<string, string>[]): Record<string, string> {
  const [best = {}] = [...devices].sort((one, other) => Number(other['b'] ?? 0) - Number(one['b'] ?? 0));
  return best;
}

function readRelation(attributes: Record<string, string>): FetionEvent[] {
  const { action, uri = '', 'user-id': userId = '', 'relation-status': status } = attributes;
  if (action === 'remove') return [{ event: 'relation', uri, userId, relation: 'removed' }];
  if (status === '1') return [{ event: 'relation', uri, userId, relation: 'accepted' }];
  if (status === '2') return [{ event: 'relation', uri, userId, relation: 'declined' }];
  return [];
}

/** `<Font Face="..." Size="..">Hello &lt;3</Font>` -> Hello <3 */
export function withoutTags(fragment: string): string {
  return unescapeXml(fragment.replace(/<br\s*\/?>/gi, '\n').replace(/<[^>]*>/g, ''));
}

/** Basic presence (protocol notes of Fetion clients): 400 online, 300 right back, 100 away ... 0 offline or hidden. */
export function availabilityOf(basic: number): Availability {
  if (basic === 600 || basic === 800) return 'dnd';
  if (basic === 400 || basic === 499) return 'available';
  if ([100, 150, 300, 500, 850].includes(basic)) return 'away';
  return basic <= 0 ? 'offline' : 'unknown';
}
