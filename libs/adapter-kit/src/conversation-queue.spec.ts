import type { BusMessage } from '#bus';
import type { DurableEvent } from '#protocol';
import { ConversationQueue, type Held } from './conversation-queue.js';

function held(seq: number): Held {
  const message = {
    seq,
    ack: () => undefined,
    retry: () => undefined,
    working: () => undefined,
  } as unknown as BusMessage;
  return { message, event: { id: `event-${seq}` } as unknown as DurableEvent };
}

describe('the queue of a conversation', () => {
  test('gives one at a time, in the order of the stream, whatever the order of arrival', () => {
    const queue = new ConversationQueue();
    for (const seq of [3, 1, 2]) queue.add(held(seq));
    expect([queue.next(), queue.next(), queue.next()].map((one) => one?.message.seq)).toEqual([1, 2, 3]);
  });

  test('gives nothing while one is being delivered', () => {
    const queue = new ConversationQueue();
    queue.add(held(1));
    queue.busy = true;
    expect(queue.next()).toBeUndefined();
  });

  test('lets nothing pass one that was put back, until it comes again', () => {
    const queue = new ConversationQueue();
    queue.add(held(2));
    queue.waitFor(1);
    expect(queue.next()).toBeUndefined();
    queue.add(held(1));
    expect(queue.next()?.message.seq).toBe(1);
    expect(queue.next()?.message.seq).toBe(2);
  });

  test('a second delivery of the same replaces the first', () => {
    const queue = new ConversationQueue();
    queue.add(held(1));
    const again = held(1);
    queue.add(again);
    expect(queue.length).toBe(1);
    expect(queue.next()).toBe(again);
  });

  test('is idle only when nothing waits, is awaited or being delivered', () => {
    const queue = new ConversationQueue();
    expect(queue.idle).toBe(true);
    queue.waitFor(7);
    expect(queue.idle).toBe(false);
    queue.forgetWaiting();
    expect(queue.idle).toBe(true);
  });
});
