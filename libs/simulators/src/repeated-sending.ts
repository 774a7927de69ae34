/** What a simulated platform sends to the adapter, again until it is acknowledged: in order for each key, side by side for different ones. */
import { pause } from './pause.js';
import type { Faults } from './platform/faults.js';
import { SendingQueues } from './sending-queues.js';

export class RepeatedSending {
  private readonly queues = new SendingQueues();
  private readonly closing = new AbortController();
  private held: (() => void)[] | undefined;

  constructor(
    protected readonly faults: Faults,
    private readonly repetition: {
      /** In all. */
      attempts: number;
      /** Time until the next one, ms. */
      retryMs: number;
    },
  ) {}

  /** Aborted when the simulator closes. */
  protected get signal(): AbortSignal {
    return this.closing.signal;
  }

  /** @param send one attempt, counted from 1. @returns whether it was acknowledged; it was not either when it throws */
  protected queue(key: string, send: (attempt: number) => Promise<boolean>): void {
    this.queues.add(key, () => this.deliver(send));
  }

  /** Until `release` nothing is sent; then all of it, in the order that `sorted` gives. */
  hold(): void {
    this.held = [];
  }

  release(sorted: <T>(held: T[]) => T[] = (held) => held): void {
    const held = this.held ?? [];
    this.held = undefined;
    for (const go of sorted(held)) go();
  }

  /** Resolves when everything so far is acknowledged or given up. */
  idle(): Promise<void> {
    return this.queues.idle();
  }

  async close(): Promise<void> {
    this.closing.abort();
    this.release();
    await this.idle();
  }

  private async deliver(send: (attempt: number) => Promise<boolean>): Promise<void> {
    if (this.held) await new Promise<void>((resolve) => this.held?.push(resolve));
    const { attempts, retryMs } = this.repetition;
    for (let attempt = 1; attempt <= attempts && !this.signal.aborted; attempt++) {
      if (await isTaken(send, attempt)) {
        // The acknowledgement is lost.
        if (this.faults.takeDuplicate()) await isTaken(send, attempt + 1);
        return;
      }
      if (attempt < attempts) await pause(retryMs, this.signal);
    }
  }
}

async function isTaken(send: (attempt: number) => Promise<boolean>, attempt: number): Promise<boolean> {
  try {
    return await send(attempt);
  } catch {
    // No connection, no answer in time, or one that is not understood.
    return false;
  }
}
