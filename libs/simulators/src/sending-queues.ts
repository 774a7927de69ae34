/** What a simulated platform sends to the adapter: in order for each person, side by side for different people. */
import { inBackground } from './in-background.js';

export class SendingQueues {
  private readonly last = new Map<string, Promise<void>>();

  /** @param send ends when the adapter has taken it, or when the platform has given up */
  add(person: string, send: () => Promise<void>): void {
    const done = (this.last.get(person) ?? Promise.resolve()).then(send, send).finally(() => {
      if (this.last.get(person) === done) this.last.delete(person);
    });
    this.last.set(person, done);
    inBackground('sending to the adapter', () => done);
  }

  /** Resolves when nothing waits any more. */
  async idle(): Promise<void> {
    while (this.last.size > 0) await Promise.allSettled(this.last.values());
  }
}
