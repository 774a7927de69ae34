/**
 * One app of a process that hosts several, started and stopped like a process of its own, so that the same loop restarts it
 * (kept-child.ts). An uncaught exception still ends the whole process, and the supervisor restarts it.
 */
import { runInBackground, type Log, type StartRefused } from '#service';
import type { KeptChild, Startable } from './kept-child.js';

interface Running {
  stop(): Promise<void>;
}

/** @param refuse called later when the app must not go on */
export type Host = (refuse: (why: StartRefused) => void) => Promise<Running>;

export class HostedApp implements Startable {
  readonly spec: { name: string };
  readonly pid = process.pid;
  private hosted: Running | undefined;
  private stopping = false;

  constructor(
    name: string,
    private readonly host: Host,
    private readonly log: Log,
    private readonly onEnd: (why: string) => void,
  ) {
    this.spec = { name };
  }

  get running(): boolean {
    return this.hosted !== undefined;
  }

  /** An app that was stopped while it started is stopped when it has started. @throws what the app throws */
  async start(): Promise<void> {
    this.stopping = false;
    const hosted = await this.host((why) =>
      runInBackground('stop of a refused app', this.log, () => this.end(why.message)),
    );
    if (this.wasStopped()) await hosted.stop();
    else this.hosted = hosted;
  }

  async stop(): Promise<void> {
    this.stopping = true;
    const { hosted } = this;
    this.hosted = undefined;
    await hosted?.stop();
  }

  private wasStopped(): boolean {
    return this.stopping;
  }

  private async end(why: string): Promise<void> {
    if (!this.running) return;
    try {
      await this.stop();
    } finally {
      this.onEnd(why);
    }
  }
}

/**
 * Starts each app of the process and keeps it running. Does not wait for the first starts: one that waits for the bus must
 * not prevent an orderly stop of the others.
 * @returns stops all of them
 */
export function keepAll(apps: readonly KeptChild<HostedApp>[], log: Log): () => Promise<void> {
  for (const app of apps) runInBackground('start of an app', log, () => app.keep());
  return async () => {
    await Promise.all(apps.map((app) => app.stop()));
  };
}
