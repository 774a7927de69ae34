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

export function readFrame(frame: Frame): FetionAct {
  if (frame.start.kind !== 'request') return { act: 'nothing' };
  switch (frame.start.method) {
    case 'M':
      return readMessage(frame);
    case 'IN':
      return readInfo(frame);
    case 'BN':
      return { act: 'events', events: readEvents(frame.body) };
    case 'I':
      return { act: 'invited' };
    default:
      return { act: 'nothing' };
  }
}

function readMessage(frame: Frame): FetionAct {
  const from = header(frame, 'F') ?? '';
  if (from.startsWith('sip:PG')) return { act: 'group-message' };
  const date = header(frame, 'D') ?? '';
  const sent = Date.parse(date);
  const isHtml = (header(frame, 'C') ?? '').startsWith('text/html');
  return {
    act: 'message',
    // Messages from the offline store have no id of their own.
    id: header(frame, 'XI') ?? createHash('sha1').update(`${from}|${date}|${frame.body}`).digest('hex'),
    from,
    text: isHtml ? withoutTags(frame.body) : frame.body,
    sentAt: Number.isNaN(sent) ? new Date() : new Date(sent),
  };
}

function readInfo(frame: Frame): FetionAct {
  const from = header(frame, 'F') ?? '';
  const [state] = descendants(readXml(frame.body), 'state');
  if (state?.text === 'input') return { act: 'typing', from };
  if (state?.text === 'nudge')
    return { act: 'nudge', from, id: `nudge ${header(frame, 'I')} ${header(frame, 'Q')} ${Date.now()}` };
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
  const pr = children.find(({ name }) => name === 'pr')?.attributes ?? {};
  return {
    userId: id,
    ...(p['su'] ? { uri: p['su'] } : {}),
    ...(p['n'] ? { nickname: p['n'] } : {}),
    ...(p['i'] === undefined ? {} : { mood: p['i'] }),
    ...(pr['b'] !== undefined && /^-?\d+$/.test(pr['b']) ? { basic: Number(pr['b']) } : {}),
  };
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
