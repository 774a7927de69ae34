/** Starts and stops a process: one line for a wrong setting, a graceful stop on SIGTERM and SIGINT. */
import { metrics } from './metrics.js';
import { helpIfAsked } from './help-option.js';
import { serveMetrics } from './metrics-server.js';
import { SettingsError } from './settings.js';
import { described } from './background.js';
import type { Log } from './log.js';

/**
 * The environment does not allow the process to run; the text says why, and what the operator must do. Thrown at the start,
 * or passed to `refuse` later.
 */
export class StartRefused extends Error {
  override readonly name = 'StartRefused';
}

const HELP = `A process of Hutong. It takes no arguments: its settings are environment variables, listed in
docs/generated/settings.md. It logs to standard output, runs until SIGTERM, and then stops in order.
`;

/** Ends the process, with the text on stderr. */
export type Refuse = (why: StartRefused) => void;

function refuse(why: Error): never {
  process.stderr.write(`${why.message}\n`);
  process.exit(1);
}

/** @param main starts the app and returns how to stop it */
export async function runProcess(
  log: () => Log,
  main: (refuse: Refuse) => Promise<() => Promise<void>>,
): Promise<void> {
  helpIfAsked(HELP);
  catchUnhandled(log);
  try {
    const served = await serveMetrics(log());
    const stop = await main(refuse);
    let stopping = false;
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.on(signal, () => {
        if (stopping) return;
        stopping = true;
        log().info({ signal }, 'stopping');
        setTimeout(() => process.exit(1), 10_000).unref();
        served?.close();
        stop()
          .then(() => process.exit(0))
          .catch((error: unknown) => {
            log().fatal(described(error), 'not stopped in order');
            process.exit(1);
          });
      });
    }
  } catch (error) {
    if (error instanceof SettingsError || error instanceof StartRefused) refuse(error);
    log().fatal({ err: error }, 'could not start');
    process.exit(1);
  }
}

/**
 * Last resort; no code may rely on it. An unhandled rejection is a fault of the program: it is logged and counted, and the
 * process continues. An uncaught exception is logged and ends the process, as Node does.
 */
export function catchUnhandled(log: () => Log, events: Pick<NodeJS.Process, 'on'> = process): void {
  events.on('unhandledRejection', (error) => {
    metrics.backgroundFailures.inc({ task: 'unhandled rejection' });
    log().fatal(described(error), 'unhandled rejection: a fault of the program');
  });
  events.on('uncaughtExceptionMonitor', (error) => {
    metrics.backgroundFailures.inc({ task: 'uncaught exception' });
    log().fatal(described(error), 'uncaught exception: the process ends');
  });
}
