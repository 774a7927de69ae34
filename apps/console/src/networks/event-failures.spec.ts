/** Failed events of each network, as the replies to its heartbeats count them. */
import {
  addressOf,
  directConversation,
  eventId,
  EventFailures,
  network,
  type DeadLetter,
  type Network,
  type Outcome,
  type ResultCode,
} from '#protocol';
import type { ConsoleBus } from '../core/console-bus.js';
import { EventFailuresBoard } from './event-failures.js';

const [north, south] = [network('north'), network('south')];
const AT = '2026-11-28T12:00:00.000Z';

function refused(name: string, code: ResultCode, detail?: string, from: Network = north): Uint8Array {
  const [ann, bob] = [addressOf(from, 'ann'), addressOf(south, 'bob')];
  const outcome: Outcome = {
    event: eventId(from, 'message', name),
    conversation: directConversation(ann, bob),
    kind: 'message',
    by: 'switch',
    stage: code === '08' ? 'stored' : 'failed',
    code,
    ...(detail === undefined ? {} : { detail }),
    from: { address: ann },
    to: bob,
    at: AT,
  };
  return Buffer.from(JSON.stringify(outcome));
}

function deadLetter(seq: number, detail: string, of: Network = north): Uint8Array {
  const letter: DeadLetter = {
    subject: `hub.in.${of}.0`,
    seq,
    reason: '30',
    detail,
    network: of,
    attempts: 1,
    at: AT,
    size: 0,
    payload: '',
  };
  return Buffer.from(JSON.stringify(letter));
}

function board(...signedOn: Network[]): EventFailuresBoard {
  const made = new EventFailuresBoard({} as ConsoleBus);
  for (const one of signedOn) made.restart(one);
  return made;
}

test('a refusal is counted for the network of the sender, with its code, reason, event and time', () => {
  const counts = board(north, south);
  counts.readOutcome(refused('one', '57', 'The source network north is not certified.'));
  counts.readOutcome(refused('two', '14'));
  expect(counts.of(north).refused).toEqual({
    count: 2,
    last: {
      code: '14',
      text: expect.stringContaining('Compare the address with the spelling of that network') as string,
      event: eventId(north, 'message', 'two'),
      at: AT,
    },
  });
  expect(counts.of(south).refused).toEqual({ count: 0 });
});

test('the text is the reason of this event and what the table says of the code', () => {
  const counts = board(north);
  counts.readOutcome(refused('one', '57', 'The source network north is not certified.'));
  expect(counts.of(north).refused.last?.text).toMatch(
    /^The source network north is not certified\. .*Propose an agreement/,
  );
});

test('a dead letter is counted for its network, whoever wrote it', () => {
  const counts = board(north, south);
  counts.readDeadLetter(deadLetter(1, 'event: type: Invalid input'));
  expect(counts.of(north).deadLettered).toMatchObject({
    count: 1,
    last: { code: '30', text: expect.stringContaining('event: type: Invalid input') as string },
  });
  expect(counts.of(north).deadLettered.last).not.toHaveProperty('event');
  expect(counts.of(south).deadLettered).toEqual({ count: 0 });
});

test('what is published again is counted once; what is stored for later is no failure', () => {
  const counts = board(north);
  for (const _ of [1, 2]) {
    counts.readOutcome(refused('one', '14'));
    counts.readDeadLetter(deadLetter(7, 'the same'));
  }
  counts.readOutcome(refused('later', '08'));
  expect([counts.of(north).refused.count, counts.of(north).deadLettered.count]).toEqual([1, 1]);
});

test('nothing is counted for a network that is not signed on, and a sign-on starts again at zero', () => {
  const counts = board();
  counts.readOutcome(refused('one', '14'));
  expect(counts.of(north).refused).toEqual({ count: 0 });
  counts.readOutcome(refused('two', '14'));
  expect(counts.of(north).refused.count).toBe(1);
  counts.restart(north);
  expect(counts.of(north).refused).toEqual({ count: 0 });
});

test('the counts keep the bounds of the schema, whatever the reason is', () => {
  const counts = board(north);
  counts.readOutcome(refused('one', '30', 'x'.repeat(1000)));
  counts.readDeadLetter(deadLetter(1, 'y'.repeat(500)));
  counts.readDeadLetter(Buffer.from('no dead letter'));
  expect(EventFailures.parse(counts.of(north))).toEqual(counts.of(north));
});
