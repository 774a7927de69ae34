/** Words about a call, as messages of the other person. Pure, except for the time. */
import {
  directConversation,
  eventId,
  nativeOf,
  networkOf,
  pathOf,
  plainText,
  shownName,
  type CallEvent,
  type MessageEvent,
  type Party,
} from '#protocol';
import type { GatewayCall } from './gateway-call.js';

/** How the call page names the other person. */
export function nameForPage({ address, displayName }: Party): string {
  return shownName(address, displayName, nativeOf(address));
}

/** In place of a call event, in the order of its conversation. */
export function wordsInPlace({ data, ...event }: CallEvent, words: string): MessageEvent {
  const { from, to } = data;
  const content = { body: plainText(words) };
  return { ...event, type: 'im.hutong.message.v1', data: { from, to, sentAt: event.time, content } };
}

/** That no event brings. @param what the same for the same words about a call */
export function wordsBeside(
  { key, person, peer }: Pick<GatewayCall, 'key' | 'person' | 'peer'>,
  what: string,
  words: string,
): MessageEvent {
  const [own, theirs] = [networkOf(person), networkOf(peer)];
  const now = new Date().toISOString();
  return {
    specversion: '1.0',
    id: eventId(own, 'words of a call', `${key} ${what}`),
    source: `/network/${theirs}`,
    type: 'im.hutong.message.v1',
    time: now,
    subject: directConversation(person, peer),
    datacontenttype: 'application/json',
    path: pathOf(theirs, own),
    data: { from: { address: peer }, to: person, sentAt: now, content: { body: plainText(words) } },
  };
}
