/** A message from alice on XMPP to bob on Matrix, for tests. */
import {
  pathOf,
  addressOf,
  directConversation,
  eventId,
  network,
  plainText,
  type MessageEvent,
} from '../src/index.js';

const alice = addressOf(network('xmpp'), 'alice@example.org');
const bob = addressOf(network('matrix'), '@bob:example.org');

export function aMessage(text = 'hello', over: Partial<MessageEvent> = {}): MessageEvent {
  return {
    specversion: '1.0',
    id: eventId(network('xmpp'), 'message', text),
    source: '/network/xmpp',
    type: 'im.hutong.message.v1',
    time: '2026-11-22T12:00:00.000Z',
    subject: directConversation(alice, bob),
    datacontenttype: 'application/json',
    path: pathOf(network('xmpp')),
    data: {
      from: { address: alice },
      to: bob,
      sentAt: '2026-11-22T12:00:00.000Z',
      content: { body: plainText(text) },
    },
    ...over,
  };
}
