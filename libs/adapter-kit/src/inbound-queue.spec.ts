/** One person's slow lookup holds that person's conversation and no other. Gates instead of clocks: nothing here waits. */
import { HubError } from '#protocol';
import { AcknowledgedInOrder } from './acknowledged-in-order.js';
import { InboundQueue } from './inbound-queue.js';

/** Conversations with a record of what was processed, in order. */
function conversations(queue = new InboundQueue()) {
  const done: string[] = [];
  const say = (who: string, text: string, before: Promise<unknown> = Promise.resolve()) =>
    queue.run(who, async () => {
      await before;
      done.push(`${who} ${text}`);
    });
  return { queue, done, say };
}

const LIMITS = { conversations: 3, perConversation: 2, inputs: 4 };

test('while the lookup of one person takes ten seconds, a thousand messages of others pass, each person’s in order', async () => {
  const { queue, done, say } = conversations();
  const lookup = Promise.withResolvers<void>();
  const slow = [say('slow', '1', lookup.promise), say('slow', '2')];
  const others = Array.from({ length: 100 }, (_, person) => `person ${person}`);
  const sent = others.flatMap((who) => Array.from({ length: 10 }, (_, n) => say(who, String(n))));

  // The lookup ends only after all others have passed: had anybody waited for it, this would not resolve.
  await Promise.all(sent);
  expect(done).toHaveLength(1000);
  for (const who of others)
    expect(done.filter((line) => line.startsWith(`${who} `))).toEqual(
      Array.from({ length: 10 }, (_, n) => `${who} ${n}`),
    );

  lookup.resolve();
  await Promise.all(slow);
  expect(done.slice(1000)).toEqual(['slow 1', 'slow 2']);
  expect(queue.size).toBe(0);
});

test('the next input begins while the one before is being stored', async () => {
  const queue = new InboundQueue();
  const disk = Promise.withResolvers<string>();
  const first = queue.begin('amy', () => ({ stored: disk.promise }));
  await expect(queue.begin('amy', () => ({ stored: Promise.resolve('second') }))).resolves.toBe('second');
  disk.resolve('first');
  await expect(first).resolves.toBe('first');
});

test('an input of two conversations waits for both, and holds both', async () => {
  const { queue, done, say } = conversations();
  const [room, person] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const all = [
    say('room', '1', room.promise),
    say('person', '1', person.promise),
    queue.run(['room', 'person', 'room'], () => void done.push('both')),
    say('room', '2'),
    say('person', '2'),
  ];
  await say('other', '1');
  room.resolve();
  await all[0];
  await say('other', '2');
  person.resolve();
  await Promise.all(all);
  expect(done).toEqual(['other 1', 'room 1', 'other 2', 'person 1', 'both', 'room 2', 'person 2']);
});

describe('after an error', () => {
  test('that is final, the next input of the conversation is processed', async () => {
    const { queue, done, say } = conversations();
    const bad = queue.run('amy', () => Promise.reject(new HubError('30', 'no text')));
    await Promise.all([expect(bad).rejects.toMatchObject({ code: '30' }), say('amy', 'next')]);
    expect(done).toEqual(['amy next']);
  });

  test('after which the network sends again, what waits behind is sent again too and does not overtake', async () => {
    const { queue, done, say } = conversations();
    const bus = Promise.withResolvers<void>();
    const first = queue.run('amy', () => bus.promise);
    const [second, other] = [say('amy', 'second'), queue.run(['amy', 'ben'], () => void done.push('both'))];
    const bens = say('ben', 'mine');
    bus.reject(new HubError('91', 'the bus is away'));
    for (const one of [first, second, other]) await expect(one).rejects.toMatchObject({ code: '91' });
    await bens;
    await say('amy', 'first again');
    expect(done).toEqual(['ben mine', 'amy first again']);
    expect(queue.size).toBe(0);
  });
});

describe('a queue is bounded', () => {
  test('per conversation: one person’s flood is refused with 65, others are not', async () => {
    const { done, say } = conversations(new InboundQueue(LIMITS));
    const lookup = Promise.withResolvers<void>();
    const flood = [say('amy', '1', lookup.promise), say('amy', '2')];
    await expect(say('amy', '3')).rejects.toMatchObject({ code: '65' });
    await say('ben', '1');
    lookup.resolve();
    await Promise.all(flood);
    expect(done).toEqual(['ben 1', 'amy 1', 'amy 2']);
  });

  test.each([
    ['conversations', { ...LIMITS, conversations: 2 }, ['amy', 'ben']],
    ['inputs', LIMITS, ['amy', 'amy', 'ben', 'ben']],
  ])('in all, by %s: what comes then is refused with 91', async (_, limits, waiting) => {
    const { say } = conversations(new InboundQueue(limits));
    const lookup = Promise.withResolvers<void>();
    const all = waiting.map((who, n) => say(who, String(n), lookup.promise));
    await expect(say('eve', '1')).rejects.toMatchObject({ code: '91' });
    lookup.resolve();
    await Promise.all(all);
    await say('eve', '2');
  });

  test('a wire is paused from one half on, and resumed at one quarter', async () => {
    const { queue, say } = conversations(new InboundQueue(LIMITS));
    const [first, second] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const one = say('amy', '1', first.promise);
    expect(queue.full).toBe(false);
    await queue.relief();
    const two = say('ben', '1', second.promise);
    expect(queue.full).toBe(true);
    let resumed = false;
    const relief = queue.relief().then(() => (resumed = true));
    expect(resumed).toBe(false);
    first.resolve();
    await one;
    await relief;
    second.resolve();
    await two;
  });
});

test('acknowledged is only what has nothing unfinished before it, also after the network began again', () => {
  const acknowledged: number[] = [];
  const inputs = new AcknowledgedInOrder<number>((id) => acknowledged.push(id));
  const [one, two, three] = [inputs.begin(1), inputs.begin(2), inputs.begin(3)];
  two();
  three();
  expect(acknowledged).toEqual([]);
  one();
  expect(acknowledged).toEqual([3]);
  const lost = inputs.begin(4);
  inputs.reset();
  const again = inputs.begin(4);
  lost();
  expect(acknowledged).toEqual([3]);
  again();
  expect(acknowledged).toEqual([3, 4]);
});
