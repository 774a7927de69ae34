import { settled } from '#service';

/**
 * Keeps the order of a network's events without waiting until each is stored. An event that needs no lookup is published at
 * once, and the bus keeps the order; an event that needs a lookup of another message holds back the later ones.
 */
export class LookupBarrier {
  private barrier: Promise<unknown> = Promise.resolve();

  run<T>(looksSomethingUp: boolean, work: () => Promise<T>): Promise<T> {
    const done = this.barrier.then(work);
    if (looksSomethingUp) this.barrier = settled(done);
    return done;
  }
}
