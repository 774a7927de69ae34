/**
 * Keeps one process running. One loop at a time restarts it, with growing delays; after ten attempts in a row that
 * failed, the loop stops and logs the reason, and the rest of the installation continues without the process.
 */
import type { Child, Say } from '#engines';
import { backoff } from '#service/retry';

export interface Clock {
  /** ms */
  now(): number;
  /** Resolves early when the supervisor stops. */
  sleep(ms: number): Promise<void>;
}

/** Operations of a child process that the supervisor needs. */
export type Startable = Pick<Child, 'start' | 'stop' | 'running' | 'pid'> & {
  readonly spec: Pick<Child['spec'], 'name'>;
};

export const MOST_ATTEMPTS = 10;
/** After this running time a start counts as successful: the restart delay begins at its minimum again. */
export const STEADY_MS = 60_000;
const FIRST_DELAY_MS = 500;
/** Including the jitter of 20 %, at most one minute. */
const MOST_DELAY_MS = 50_000;

export class KeptChild<C extends Startable> {
  readonly child: C;
  /** Set while the process is being started. If it ends in this time, only `start` reports that. */
  private starting = true;
  private startedAt = 0;
  /** Attempts in a row that failed, or whose process ended before the start counted as successful. */
  private failures = 0;
  private stopped = false;

  constructor(
    make: (onCrash: (how: string) => void) => C,
    private readonly clock: Clock,
    private readonly say: Say,
    private readonly onStarted: (child: C) => void,
  ) {
    this.child = make((how) => this.ended(how));
  }

  /** The first start, of a process without which the installation cannot run. @throws the error of the child */
  async start(): Promise<void> {
    await this.startOnce();
    this.starting = false;
  }

  /** Like `start`, but a failed first start is also repeated in the background. Resolves after the first attempt. */
  async keep(): Promise<void> {
    try {
      await this.start();
    } catch (error) {
      if (!this.stopped) this.restartInBackground((error as Error).message);
    }
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.child.stop();
  }

  private ended(how: string): void {
    if (this.starting || this.stopped) return;
    this.starting = true;
    if (this.clock.now() - this.startedAt >= STEADY_MS) this.failures = 0;
    this.restartInBackground(how);
  }

  private restartInBackground(why: string): void {
    this.revive(why).catch((error: unknown) => this.giveUp((error as Error).message));
  }

  private async revive(how: string): Promise<void> {
    const { name } = this.child.spec;
    let why = how;
    for (;;) {
      if (++this.failures > MOST_ATTEMPTS) return this.giveUp(why);
      this.say(`${name} ended (${why}); starting it again, attempt ${this.failures} of ${MOST_ATTEMPTS}`);
      await this.clock.sleep(backoff(this.failures, FIRST_DELAY_MS, MOST_DELAY_MS));
      if (this.stopped) return;
      try {
        await this.startOnce();
        this.starting = false;
        return;
      } catch (error) {
        if (this.stopped) return;
        why = (error as Error).message;
      }
    }
  }

  private async startOnce(): Promise<void> {
    await this.child.start();
    // The process answered its health check, and ended before the answer was received here.
    if (!this.child.running) throw new Error('ended as soon as it was ready');
    this.startedAt = this.clock.now();
    this.onStarted(this.child);
  }

  /** `starting` stays set, so that nothing restarts it. */
  private giveUp(why: string): void {
    this.say(`${this.child.spec.name}: given up: ${why}`);
  }
}
