import { settled } from '#service';

/**
 * Events of a network, in its order and without waiting for each to be stored: what names no other message is on its way to
 * the bus at once, and the bus keeps the order; what must first find another message holds back those behind it.
 */
export class LookupBarrier {
  private barrier: Promise<unknown> = Promise.resolve();

  run<T>(looksSomethingUp: boolean, work: () => Promise<T>): Promise<T> {
    const done = this.barrier.then(work);
    if (looksSomethingUp) this.barrier = settled(done);
    return done;
  }
}
