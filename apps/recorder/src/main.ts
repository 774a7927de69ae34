import 'reflect-metadata';
import { collectProcessMetrics, createLog, readSettings, runProcess } from '#service';
import { startRecorder } from './recorder.app.js';
import { recorderSettings } from './recorder.config.js';

let log = createLog('recorder', 'info');

await runProcess(
  () => log,
  async (onRefusal) => {
    const settings = readSettings(recorderSettings);
    log = createLog('recorder', settings.LOG_LEVEL);
    collectProcessMetrics();
    const app = await startRecorder({ settings, log, onRefusal });
    log.info({ http: app.url }, 'started');
    return () => app.close();
  },
);
