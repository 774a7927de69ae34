/** An adapter that computes a conversation or a partition wrongly is told what is expected, and its event goes no further. */
import {
  addressOf,
  ALL_LANES,
  conversationId,
  direct,
  group,
  laneOf,
  network,
  type ConversationId,
  type HubEvent,
  type Lane,
} from '#protocol';
import { alice, bob, context, message, receipt, typing } from '../../../../test/support/switch-events.js';
import { checkConversation } from './check-conversation.js';
import { decide } from './decide.js';
import type { StepContext } from './step.js';

const friends = addressOf(network('matrix'), '!friends:example.org');
const carol = addressOf(network('matrix'), '@carol:example.org');
const right = conversationId(direct(alice, bob));

function published(event: HubEvent, used: Lane = laneOf(event.subject)): StepContext {
  return context({ partition: { used: String(used), expected: laneOf(event.subject) } });
}

/** The event in another conversation, and in the partition of that one. */
function inConversation(subject: ConversationId, event: HubEvent = message()): HubEvent {
  return { ...event, subject };
}

function toGroup(subject = conversationId(group(friends))): HubEvent {
  const event = message({ subject });
  return { ...event, data: { ...event.data, to: friends } };
}

test.each<[string, HubEvent]>([
  ['a message between two people', message()],
  [
    'the same from the other side',
    { ...message(), data: { ...message().data, from: { address: bob }, to: alice } },
  ],
  ['a receipt', receipt()],
  ['a message to a group', toGroup()],
])('%s passes, the first time and later', (_, event) => {
  for (const time of [1, 2])
    expect([time, checkConversation(event, published(event)).verdict]).toEqual([time, 'pass']);
});

test('an ephemeral event has no partition', () => {
  expect(checkConversation(typing(), context()).verdict).toBe('pass');
  expect(
    checkConversation(inConversation('direct:aaaaaaaa' as ConversationId, typing()), context()),
  ).toMatchObject({
    code: '30',
  });
});

test.each<[string, HubEvent, string]>([
  ['another pair of people', inConversation(conversationId(direct(alice, carol))), right],
  [
    'an order of its own of the two',
    inConversation('direct:unsortedunsortedunsorted000' as ConversationId),
    right,
  ],
  [
    'a group that it is not addressed to',
    inConversation(conversationId(group(friends))),
    conversationId(group(bob)),
  ],
  ['a pair, although the event is for a group', toGroup(right), conversationId(direct(alice, friends))],
])('a conversation that belongs to %s is refused', (_, event, expected) => {
  const refusal = checkConversation(event, published(event));
  expect(refusal).toMatchObject({
    verdict: 'end',
    code: '30',
    detail: expect.stringMatching(
      `^subject: expected ${expected}, got ${event.subject}\\..*docs/adapters\\.md`,
    ) as string,
  });
  // A refusal is not remembered as right.
  expect(checkConversation(event, published(event))).toEqual(refusal);
});

test.each(ALL_LANES.filter((lane) => lane !== laneOf(right)))(
  'partition %s of another conversation is refused',
  (lane) => {
    expect(checkConversation(message(), published(message(), lane))).toMatchObject({
      code: '30',
      detail: expect.stringMatching(
        `^partition: expected ${laneOf(right)}, got ${lane}\\..*docs/adapters\\.md`,
      ) as string,
    });
  },
);

test('a subject without a partition is refused', () => {
  expect(checkConversation(message(), published(message(), NaN as Lane))).toMatchObject({
    code: '30',
    detail: expect.stringContaining('got NaN') as string,
  });
});

test('the switch refuses it before it is counted or forwarded', () => {
  const event = message({ subject: conversationId(direct(alice, carol)) });
  const counted: HubEvent[] = [];
  const limits = { reserve: (one: HubEvent) => void counted.push(one) };
  expect(decide(event, context({ limits }))).toMatchObject({ verdict: 'end', code: '30', event });
  expect(decide(message(), context({ limits }))).toMatchObject({ verdict: 'forward' });
  expect(counted).toEqual([message()]);
});

test('the subject names the event in place of its partition', () => {
  const [event, another] = [message(), 'another-event'];
  const expected = laneOf(event.subject);
  const on = (used: string) => checkConversation(event, context({ partition: { used, expected } }));
  expect(on(event.id)).toMatchObject({ verdict: 'pass' });
  expect(on(another)).toMatchObject({ code: '30', detail: expect.stringContaining(another) as string });
});
