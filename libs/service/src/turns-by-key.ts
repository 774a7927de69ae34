/**
 * Runs work of one key sequentially, in the order of the calls; work of different keys runs in parallel. It holds a key only
 * while its work is unfinished, so whoever bounds the work in progress bounds it. Input of a network goes through `hub.inbound`.
 */
export class TurnsByKey {
  private readonly last = new Map<string, Promise<unknown>>();

  /** @returns what the work returns or throws. A failure does not stop later work. */
  run<T>(key: string, work: () => Promise<T>): Promise<T> {
    const done = (this.last.get(key) ?? Promise.resolve()).then(work, work);
    this.last.set(key, done);
    return done.finally(() => {
      if (this.last.get(key) === done) this.last.delete(key);
    });
  }

  /** Number of keys with unfinished work. */
  get size(): number {
    return this.last.size;
  }
}
