/** Alice of XMPP writes to Bob of Matrix, at noon: what the tests of the pipeline begin with. */
import {
  pathOf,
  addressOf,
  ANY_NETWORK,
  directConversation,
  eventId,
  FEATURES,
  network,
  plainText,
  TRAFFIC_CLASSES,
  type Agreement,
  type Capabilities,
  type Member,
  type MessageEvent,
  type ReceiptEvent,
  type Registry,
  type TypingEvent,
} from '#protocol';
import type { DecisionContext } from '../../apps/switch/src/pipeline/decide.js';
import { RegistryIndex } from '../../apps/switch/src/registry/registry-index.js';

const [xmpp, matrix] = [network('xmpp'), network('matrix')];
export const alice = addressOf(xmpp, 'alice@example.org');
export const bob = addressOf(matrix, '@bob:example.org');
const NOON = '2026-11-22T12:00:00Z';
export const full: Capabilities = {
  version: '1',
  language: 'en',
  features: Object.fromEntries(FEATURES.map((feature) => [feature, 2])) as Capabilities['features'],
  limits: {},
};

const envelope = {
  specversion: '1.0' as const,
  source: '/network/xmpp',
  time: NOON,
  subject: directConversation(alice, bob),
  datacontenttype: 'application/json' as const,
  path: pathOf(xmpp),
};
const between = { from: { address: alice }, to: bob };

export function message(over: Partial<MessageEvent> = {}): MessageEvent {
  return {
    ...envelope,
    id: eventId(xmpp, 'message', '1'),
    type: 'im.hutong.message.v1',
    data: { ...between, sentAt: NOON, content: { body: plainText('hi') } },
    ...over,
  };
}

export function receipt(): ReceiptEvent {
  const { id } = message();
  return {
    ...envelope,
    id: eventId(xmpp, 'receipt', '1'),
    type: 'im.hutong.receipt.v1',
    data: { ...between, status: 'read', messages: [id], upTo: false, basis: 'user-device', at: NOON },
  };
}

export function typing(): TypingEvent {
  return {
    ...envelope,
    id: eventId(xmpp, 'typing', '1'),
    type: 'im.hutong.typing.v1',
    data: { ...between, state: 'composing', ttlMs: 5000 },
  };
}

export function context(over: Partial<DecisionContext> = {}): DecisionContext {
  const members: Member[] = [xmpp, matrix].map((one) => ({
    network: one,
    name: one,
    status: 'live',
    capabilities: full,
  }));
  return {
    source: xmpp,
    registry: registryOf(members),
    seen: { has: () => false },
    consents: new Map(),
    absences: { of: () => undefined, waiting: () => 0 },
    limits: { reserve: () => undefined },
    acceptedAt: new Date(NOON),
    now: new Date(NOON),
    ...over,
  };
}

/** Everybody has agreed on everything, unless the test says otherwise. */
export function registryOf(members: Member[], over: Partial<Registry> = {}): RegistryIndex {
  const everybody: Agreement = {
    id: 'everybody',
    from: ANY_NETWORK,
    to: ANY_NETWORK,
    classes: [...TRAFFIC_CLASSES],
    validFrom: '2026-01-01T00:00:00Z',
  };
  return RegistryIndex.of({ version: 1, members, agreements: [everybody], ...over });
}
