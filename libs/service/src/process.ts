/** Start and stop of a process: one clear line on a wrong setting, a graceful drain on SIGTERM and SIGINT. */
import { serveMetrics } from './metrics-server.js';
import { SettingsError } from './settings.js';
import type { Log } from './log.js';

/** @param main starts the app and returns how to stop it */
export async function runProcess(log: () => Log, main: () => Promise<() => Promise<void>>): Promise<void> {
  try {
    const metrics = await serveMetrics(log());
    const stop = await main();
    let stopping = false;
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.on(signal, () => {
        if (stopping) return;
        stopping = true;
        log().info({ signal }, 'stopping');
        setTimeout(() => process.exit(1), 10_000).unref();
        metrics?.close();
        void stop().then(
          () => process.exit(0),
          () => process.exit(1),
        );
      });
    }
  } catch (error) {
    if (error instanceof SettingsError) process.stderr.write(`${error.message}\n`);
    else log().fatal({ err: error }, 'could not start');
    process.exit(1);
  }
}
