/** What a Fetion server pushes -> what somebody did. Pure. */
import { createHash } from 'node:crypto';
import { descendants, readXml, unescapeXml } from '#service';
import type { Availability } from '#protocol';
import { header, type Frame } from './sipc-frame.js';

export type FetionAct =
  | { act: 'message'; id: string; from: string; text: string; sentAt: Date }
  | { act: 'group-message' }
  | { act: 'typing'; from: string }
  | { act: 'nudge'; from: string; id: string }
  | { act: 'events'; events: FetionEvent[] }
  | { act: 'invited' }
  | { act: 'nothing' };

export type FetionEvent =
  | { event: 'presence'; changes: PresenceChange[] }
  | { event: 'application'; uri: string; userId: string; note: string; id: string }
  | { event: 'relation'; uri: string; userId: string; relation: 'accepted' | 'declined' | 'removed' }
  | { event: 'pushed-out' };

/** Parts that are absent did not change. */
export interface PresenceChange {
  userId: string;
  uri?: string;
  nickname?: string;
  mood?: string;
  basic?: number;
}

/** @param account on whose session it came in */
export function readFrame(frame: Frame, account: string): FetionAct {
  if (frame.start.kind !== 'request') return { act: 'nothing' };
  switch (frame.start.method) {
    case 'M':
      return readMessage(frame, account);
    case 'IN':
      return readInfo(frame, account);
    case 'BN':
      // Groups (PG) push presence under the same name as people do.
      return (header(frame, 'N') ?? '').startsWith('PG')
        ? { act: 'nothing' }
        : { act: 'events', events: readEvents(frame.body) };
    case 'I':
      return { act: 'invited' };
    default:
      return { act: 'nothing' };
  }
}

/** Two nudges within this time are one. */
const NUDGE_MS = 5000;

function readMessage(frame: Frame, account: string): FetionAct {
  const from = header(frame, 'F') ?? '';
  if (from.startsWith('sip:PG')) return { act: 'group-message' };
  const date = header(frame, 'D') ?? '';
  const sent = Date.parse(date);
  const isHtml = (header(frame, 'C') ?? '').startsWith('text/html');
  return {
    act: 'message',
    // Messages from the offline store have no id of their own.
    id: header(frame, 'XI') || offlineId(frame, account, from, date),
    from,
    text: isHtml ? withoutTags(frame.body) : frame.body,
    sentAt: Number.isNaN(sent) ? new Date() : new Date(sent),
  };
}

/**
 * Messages of the offline store carry no id: recipient, sender, date and body stand for one. The same words twice in one
 * second are taken for one (README).
 */
function offlineId(frame: Frame, account: string, from: string, date: string): string {
  const place = date === '' ? `${header(frame, 'I')} ${header(frame, 'Q')}` : '';
  return createHash('sha1').update([account, from, date, place, frame.body].join('|')).digest('hex');
}

function readInfo(frame: Frame, account: string): FetionAct {
  const from = header(frame, 'F') ?? '';
  const [state] = descendants(readXml(frame.body), 'state');
  if (state?.text === 'input') return { act: 'typing', from };
  if (state?.text === 'nudge')
    return { act: 'nudge', from, id: `nudge ${account} ${from} ${Math.floor(Date.now() / NUDGE_MS)}` };
  return { act: 'nothing' };
}

function readEvents(body: string): FetionEvent[] {
  return descendants(readXml(body), 'event').flatMap((event): FetionEvent[] => {
    switch (event.attributes['type']) {
      case 'PresenceChanged':
        return [{ event: 'presence', changes: descendants(event, 'c').map(readPresence) }];
      case 'AddBuddyApplication':
        return descendants(event, 'application').map(
          ({ attributes: { uri = '', desc = '', time = '', 'user-id': userId = '' } }) => ({
            event: 'application' as const,
            uri,
            userId,
            note: desc,
            id: `${userId} ${time}`,
          }),
        );
      case 'SyncUserInfo':
        return descendants(event, 'buddy').flatMap(({ attributes }) => readRelation(attributes));
      case 'deregistered':
        return [{ event: 'pushed-out' }];
      default:
        return [];
    }
  });
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

/** A person has a device each: he is where he is most present. */
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
