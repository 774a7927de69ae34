/** `main` of a process that hosts several apps: each has its own loop, which restarts it after it ended or did not start. */
import { collectProcessMetrics, runProcess, sleep, type Log } from '#service';
import { HostedApp, keepAll, type Host } from './hosted-app.js';
import { KeptChild } from './kept-child.js';

export interface Hosted {
  name: string;
  /** Of the app, in lines of the log about it. */
  label: Record<string, string>;
  host: Host;
  /** Of the app. */
  log: Log;
}

/** @param log of the process */
export async function runHosted(log: Log, apps: readonly Hosted[]): Promise<void> {
  const stopping = new AbortController();
  const clock = { now: () => Date.now(), sleep: (ms: number) => sleep(ms, stopping.signal) };
  const kept = apps.map(
    ({ name, label, host, log: own }) =>
      new KeptChild(
        (onEnd) => new HostedApp(name, host, own, onEnd),
        clock,
        (text) => log.error(label, text),
        () => log.info(label, `${name} runs`),
      ),
  );
  await runProcess(
    () => log,
    () => {
      collectProcessMetrics();
      const stop = keepAll(kept, log);
      return Promise.resolve(() => {
        stopping.abort();
        return stop();
      });
    },
  );
}
