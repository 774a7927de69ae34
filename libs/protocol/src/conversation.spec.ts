import fc from 'fast-check';
import { addressOf, network, type Address } from './address.js';
import {
  Conversation,
  conversationId,
  conversationKind,
  conversationOf,
  direct,
  directConversation,
  group,
  isInItsConversation,
  recipientIn,
  subjectWith,
  withAddresses,
} from './conversation.js';
import { ConversationId, laneOf } from './ids.js';

const alice = 'im:alice%40example.org@xmpp' as Address;
const bob = 'im:%40bob%3Aexample.org@matrix' as Address;
const room = 'im:42@rooms' as Address;

/** In the streams, buckets and tables of every installation: these values never change. */
const STORED: [Conversation, id: string, lane: number][] = [
  [direct(alice, bob), 'direct:l0FYtnRZGx_IJs-jRcVlVGM3y9M', 1],
  [
    direct('im:%2B8613900139000@fetion' as Address, 'im:o_r-1@wechat' as Address),
    'direct:OlyuBqRJ8qrDpdgLdgeV4aW9b12',
    2,
  ],
  [group(room), 'group:xMWJ7HOa28uhezxVrSjFaeT5WLB', 2],
  [group('im:%40team%3Aexample.org@matrix' as Address), 'group:bODlww6iwi56BxokD0GKtyMgspg', 0],
];

test.each(STORED)('%j has its id and partition', (conversation, id, lane) => {
  expect(conversationId(conversation)).toBe(id);
  expect(laneOf(conversationId(conversation))).toBe(lane);
  expect(ConversationId.safeParse(id).success).toBe(true);
  expect(Conversation.parse(conversation)).toEqual(conversation);
});

test('a direct conversation is the same from both sides, and never a group', () => {
  const local = fc.string({ minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(local, local, (one, other) => {
      const [a, b] = [addressOf(network('xmpp'), one), addressOf(network('matrix'), other)];
      expect(direct(a, b)).toEqual(direct(b, a));
      expect(directConversation(a, b)).toBe(directConversation(b, a));
      expect(conversationKind(directConversation(a, b))).toBe('direct');
      expect(conversationId(group(a)).slice(6)).not.toBe(directConversation(a, a).slice(7));
    }),
  );
});

test('an event in a group is addressed to the group, whoever wrote it', () => {
  const subject = conversationId(group(room));
  for (const author of [alice, bob]) {
    const event = { subject, data: { from: { address: author }, to: room } };
    expect(conversationOf(event)).toEqual(group(room));
    expect(isInItsConversation(event)).toBe(true);
    expect(isInItsConversation({ ...event, data: { ...event.data, to: bob } })).toBe(false);
  }
});

test('an event is not in the conversation of other people', () => {
  const event = { subject: directConversation(alice, bob), data: { from: { address: bob }, to: alice } };
  expect(isInItsConversation(event)).toBe(true);
  expect(isInItsConversation({ ...event, data: { ...event.data, to: room } })).toBe(false);
});

test('the recipient is the other person, or the group', () => {
  expect(recipientIn(direct(alice, bob), alice)).toBe(bob);
  expect(recipientIn(direct(alice, bob), bob)).toBe(alice);
  expect(recipientIn(direct(alice, alice), alice)).toBe(alice);
  expect(recipientIn(group(room), alice)).toBe(room);
});

test('another spelling of an address is another conversation, unless the id did not follow from the addresses', () => {
  const shouted = 'im:ALICE%40example.org@xmpp' as Address;
  const respelt = (address: Address) => (address === shouted ? alice : address);
  expect(withAddresses(direct(shouted, bob), respelt)).toEqual(direct(alice, bob));
  expect(withAddresses(group(shouted), respelt)).toEqual(group(alice));
  const event = { subject: directConversation(shouted, bob), data: { from: { address: shouted }, to: bob } };
  expect(subjectWith(event, alice, bob)).toBe(directConversation(alice, bob));
  const inRoom = { subject: conversationId(group(room)), data: { from: { address: shouted }, to: room } };
  expect(subjectWith(inRoom, alice, room)).toBe(inRoom.subject);
  const elsewhere = { ...event, subject: directConversation(bob, room) };
  expect(subjectWith(elsewhere, alice, bob)).toBe(elsewhere.subject);
});

test('no other kind of conversation has an id', () => {
  for (const text of [
    'direct:short',
    'group:',
    'call:xMWJ7HOa28uhezxVrSjFaeT5WLB',
    `direct:${'x'.repeat(65)}`,
  ])
    expect(ConversationId.safeParse(text).success).toBe(false);
});
