import 'reflect-metadata';
import { collectProcessMetrics, createLog, readSettings, runProcess } from '#service';
import { wallClock } from './core/clock.js';
import { startConsole } from './console.app.js';
import { consoleSettings } from './console.config.js';

let log = createLog('console', 'info');

await runProcess(
  () => log,
  async (refuse) => {
    const settings = readSettings(consoleSettings);
    log = createLog('console', settings.LOG_LEVEL);
    collectProcessMetrics();
    const app = await startConsole(settings, log, wallClock, refuse);
    log.info({ http: app.url }, 'started');
    return () => app.close();
  },
);
