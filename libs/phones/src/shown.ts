/** What a client has shown, in the order in which its person saw it. Watchers are told after every entry. */
import type { Seen } from '#adapter-contract';

export class Shown {
  /** Grows while the client runs: clients live as long as a test, or as a phone is open on the wall. */
  readonly entries: Seen[] = [];
  private readonly watchers = new Set<() => void>();

  add(seen: Seen): void {
    this.entries.push(seen);
    for (const watcher of this.watchers) watcher();
  }

  /** @returns a function that ends it */
  readonly watch = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  };
}
