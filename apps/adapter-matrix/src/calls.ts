/**
 * Calls. One between two people (m.call.*) is an attempt that can go on on a call page; MatrixRTC (MSC4143, MSC4075, MSC3401) and
 * the conference widget become words. Pure.
 */
import { PHRASES, type CallMedia } from '#protocol';
import { asObject, stringAt, type Fields } from './extensible-events.js';
import { contentBefore, type MatrixEvent } from './matrix.events.js';

const RING = new Set([
  'm.rtc.notification',
  'org.matrix.msc4075.rtc.notification',
  'm.call.notify',
  'org.matrix.msc4075.call.notify',
]);
/** State events that list who is in a call. */
const IN_CALL = new Set([
  'm.rtc.member',
  'org.matrix.msc4143.rtc.member',
  'm.call.member',
  'org.matrix.msc3401.call.member',
  'm.call',
  'org.matrix.msc3401.call',
]);
const WIDGET = new Set(['im.vector.modular.widgets', 'm.widget']);
const HOST = /^(?=.{1,253}$)[a-z0-9-]+(\.[a-z0-9-]+)+$/i;

/** A person calls the ghost of the room. */
export interface CallAttempt {
  id: string;
  media: CallMedia;
  /** If it gets no call page. */
  words: string;
  /** COMPAT(clients before Matrix 1.7): version 0 of calls has no rejection, only the end of a call. */
  version: 0 | 1;
}

/** The beginning of a call, in words or as an attempt; its end by the person; or `part` of a call whose beginning was delivered before. */
export type CallSign = { words: string } | { attempt: CallAttempt } | { ended: string } | 'part';

const LONGEST_ID = 255;

/** @returns undefined for an event that is not about a call */
export function readCall(event: MatrixEvent): CallSign | undefined {
  const { type, content } = event;
  if (type === 'm.call.invite') return readInvite(content);
  if (type === 'm.call.hangup' || type === 'm.call.reject') {
    const ended = callIdOf(content);
    return ended === undefined ? 'part' : { ended };
  }
  if (RING.has(type)) return { words: PHRASES.en.call(kindOf(content), undefined) };
  if (IN_CALL.has(type)) return begins(event) ? { words: PHRASES.en.call(undefined, undefined) } : 'part';
  if (WIDGET.has(type)) return readWidget(event);
  return /^(m\.call\.|m\.rtc\.|org\.matrix\.(msc3401|msc4075|msc4143)\.)/.test(type) ? 'part' : undefined;
}

function readInvite(content: Fields): CallSign {
  const kind = kindOf(content);
  const words = PHRASES.en.call(kind, undefined);
  const id = callIdOf(content);
  if (id === undefined) return { words };
  const { version } = content;
  return { attempt: { id, media: kind ?? 'voice', words, version: version === 0 ? 0 : 1 } };
}

function callIdOf(content: Fields): string | undefined {
  const id = stringAt(content, ['call_id']);
  return id && id.length <= LONGEST_ID && id.isWellFormed() ? id : undefined;
}

/** The client of the caller stops ringing: the call goes on on a page. */
export function movedToPage({ id, version }: CallAttempt): { type: string; content: Fields } {
  return version === 0
    ? { type: 'm.call.hangup', content: { call_id: id, version: 0 } }
    : { type: 'm.call.reject', content: { call_id: id, party_id: 'hutong', version: '1' } };
}

/** Users who are not in the call have empty content, or content without memberships. */
function begins(event: MatrixEvent): boolean {
  const isIn = (content: Fields | undefined) => {
    if (!content || Object.keys(content).length === 0) return false;
    const { memberships } = content;
    return !Array.isArray(memberships) || memberships.length > 0;
  };
  return isIn(event.content) && !isIn(contentBefore(event));
}

function kindOf(content: Fields): 'voice' | 'video' | undefined {
  const offer = asObject(content['offer']);
  const sdp = offer && stringAt(offer, ['sdp']);
  if (sdp !== undefined) return /^m=video /m.test(sdp) ? 'video' : 'voice';
  const intent = stringAt(content, ['m.call.intent', 'intent']);
  return intent === 'audio' ? 'voice' : intent === 'video' ? 'video' : undefined;
}

function readWidget({ content }: MatrixEvent): CallSign | undefined {
  if (stringAt(content, ['type']) !== 'jitsi') return undefined;
  const data = asObject(content['data']) ?? {};
  const [host, room] = [stringAt(data, ['domain']), stringAt(data, ['conferenceId'])];
  const link = host && room && HOST.test(host) ? `https://${host}/${encodeURIComponent(room)}` : undefined;
  return { words: PHRASES.en.call('video', link) };
}
