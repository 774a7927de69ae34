/** Work of one key runs one after the other, in the order of the calls; work of other keys runs beside it. */
export class TurnsByKey {
  private readonly last = new Map<string, Promise<unknown>>();

  /** @returns what the work returns or throws. What fails stops nothing behind it. */
  run<T>(key: string, work: () => Promise<T>): Promise<T> {
    const done = (this.last.get(key) ?? Promise.resolve()).then(work, work);
    this.last.set(key, done);
    return done.finally(() => {
      if (this.last.get(key) === done) this.last.delete(key);
    });
  }

  /** Keys whose work is not done. */
  get size(): number {
    return this.last.size;
  }
}
