/** A hub of which one answer waits until the test says so, and which records what is submitted. */
import type { Hub } from '#adapter-kit';
import { wordsOf } from '#protocol';

export class SlowReads {
  /** Words of submitted messages, in the order of the calls. */
  readonly submitted: string[] = [];
  /** Calls that answer with a promise, so far. */
  calls = 0;
  private held: number | undefined;
  private readonly reached = Promise.withResolvers<void>();
  private readonly gate = Promise.withResolvers<void>();

  /** @returns the hub with every call counted; none waits until `hold` says which */
  of(hub: Hub): Hub {
    const { memory, recent, submitMessage } = hub;
    return {
      ...this.counted(hub),
      inbound: hub.inbound,
      memory: this.counted(memory),
      recent: this.counted(recent),
      submitMessage: this.slow((draft: Parameters<typeof submitMessage>[0]) => {
        this.submitted.push(wordsOf(draft.content.body));
        return submitMessage(draft);
      }),
    } as Hub;
  }

  /** The answer to the call with this number from now on waits for `open`. @returns when the call was made */
  hold(number: number): Promise<void> {
    this.held = this.calls + number;
    return this.reached.promise;
  }

  open(): void {
    this.gate.resolve();
  }

  private counted<Parts extends object>(parts: Parts): Parts {
    const entries: [string, unknown][] = Object.entries(parts);
    return Object.fromEntries(
      entries.map(([name, part]) => [
        name,
        typeof part === 'function' ? this.slow(part as (...args: never[]) => unknown) : part,
      ]),
    ) as Parts;
  }

  private slow<Args extends never[]>(work: (...args: Args) => unknown): (...args: Args) => unknown {
    return (...args) => {
      const answer = work(...args);
      if (!(answer instanceof Promise)) return answer;
      if (++this.calls !== this.held) return answer;
      this.reached.resolve();
      return this.gate.promise.then(() => answer);
    };
  }
}
