/** Events of the test people, in the form in which the switch sends them to a network. Pure functions. */
import {
  pathOf,
  CERTIFY,
  directConversation,
  eventId,
  plainText,
  type Address,
  type Capabilities,
  type Content,
  type DurableEvent,
  type EventId,
  type MessageEvent,
  type Network,
  type Party,
  type TypingEvent,
} from '#protocol';
import { degradeMessage } from '#degradation';

export interface Between {
  from: Party;
  to: Address;
  network: Network;
}

const EXPIRES_AFTER_MS = 48 * 3600 * 1000;

function common(id: EventId, { from, to, network }: Between, now: Date) {
  return {
    specversion: '1.0' as const,
    id,
    source: `/network/${CERTIFY}`,
    time: now.toISOString(),
    subject: directConversation(from.address, to),
    datacontenttype: 'application/json' as const,
    path: pathOf(CERTIFY, network),
    expirytime: new Date(now.getTime() + EXPIRES_AFTER_MS).toISOString(),
  };
}

/** An id that differs in every run, so that events of an earlier run do not count. */
export function idOf(run: string, kind: string, n: number): EventId {
  return eventId(CERTIFY, kind, `${run}:${n}`);
}

export function messageOf(id: EventId, between: Between, content: Content, now = new Date()): MessageEvent {
  const { from, to } = between;
  return {
    ...common(id, between, now),
    type: 'im.hutong.message.v1',
    data: { from, to, sentAt: now.toISOString(), content, requestStatus: ['delivered', 'read'] },
  };
}

export function textOf(id: EventId, between: Between, text: string): MessageEvent {
  return messageOf(id, between, { body: plainText(text) });
}

/** The event as the switch passes it on. An event that the switch would refuse stays unchanged, so that the adapter refuses it. */
export function asTheSwitchWould(event: MessageEvent, capabilities: Capabilities): MessageEvent {
  if (capabilities.degrades) return event;
  const degraded = degradeMessage(event, capabilities, 'switch');
  return degraded.verdict === 'pass' ? degraded.event : event;
}

export function readReceiptOf(
  id: EventId,
  between: Between,
  messages: EventId[],
  now = new Date(),
): DurableEvent {
  const { from, to } = between;
  const at = now.toISOString();
  return {
    ...common(id, between, now),
    type: 'im.hutong.receipt.v1',
    data: { from, to, status: 'read', messages, upTo: true, basis: 'user-device', at },
  };
}

export function typingOf(id: EventId, between: Between, now = new Date()): TypingEvent {
  const { from, to } = between;
  return {
    ...common(id, between, now),
    type: 'im.hutong.typing.v1',
    data: { from, to, state: 'composing', ttlMs: 5000 },
  };
}

export function groupOf(id: EventId, between: Between, title: string, now = new Date()): DurableEvent {
  const { from, to } = between;
  return {
    ...common(id, between, now),
    type: 'im.hutong.group.v1',
    data: { from, to, action: 'create', members: [from.address, to], title },
  };
}

/** RFC 8866, with addresses for documentation (RFC 5737): nobody answers there. */
const OFFER = [
  'v=0',
  'o=- 1 1 IN IP4 192.0.2.1',
  's=-',
  'c=IN IP4 192.0.2.1',
  't=0 0',
  'm=audio 49170 RTP/AVP 0',
  'a=rtpmap:0 PCMU/8000',
  '',
].join('\r\n');

export function callOf(id: EventId, between: Between, now = new Date()): DurableEvent {
  const { from, to } = between;
  return {
    ...common(id, between, now),
    type: 'im.hutong.call.v1',
    data: { from, to, action: 'invite', media: 'voice', session: OFFER },
  };
}

/** The caller gives up. @param call id of the invitation */
export function giveUpOf(id: EventId, call: EventId, between: Between, now = new Date()): DurableEvent {
  const { from, to } = between;
  return {
    ...common(id, between, now),
    type: 'im.hutong.call.v1',
    data: { from, to, action: 'cancelled', call, media: 'voice' },
  };
}
