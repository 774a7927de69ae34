/** Events of the certifier's people, as the switch would hand them to the network. Pure. */
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

/** Another one at every run, so that a run proves nothing by what an earlier one left. */
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

/** In the form in which the switch would give it. What it would not give at all stays as it is: the adapter has the last word. */
export function asTheSwitchWould(event: MessageEvent, capabilities: Capabilities): MessageEvent {
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

export function callOf(id: EventId, between: Between, now = new Date()): DurableEvent {
  const { from, to } = between;
  return {
    ...common(id, between, now),
    type: 'im.hutong.call.v1',
    data: { from, to, action: 'invite', url: 'https://example.org/certification-call' },
  };
}
