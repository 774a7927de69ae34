/** Calls, as words: m.call.*, MatrixRTC (MSC4143, MSC4075, MSC3401) and the conference widget. Pure. */
import { PHRASES } from '#protocol';
import { asObject, stringAt, type Fields } from './extensible-events.js';
import { contentBefore, type MatrixEvent } from './matrix.events.js';

const RING = new Set([
  'm.call.invite',
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

/** The beginning of a call, in words; or `part` of a call whose beginning was delivered before. */
export type CallSign = { words: string } | 'part';

/** @returns undefined for an event that is not about a call */
export function readCall(event: MatrixEvent): CallSign | undefined {
  const { type, content } = event;
  if (RING.has(type)) return { words: PHRASES.en.call(kindOf(content), undefined) };
  if (IN_CALL.has(type)) return begins(event) ? { words: PHRASES.en.call(undefined, undefined) } : 'part';
  if (WIDGET.has(type)) return readWidget(event);
  return /^(m\.call\.|m\.rtc\.|org\.matrix\.(msc3401|msc4075|msc4143)\.)/.test(type) ? 'part' : undefined;
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
