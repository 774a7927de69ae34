import 'reflect-metadata';
import { collectProcessMetrics, createLog, readSettings, runProcess } from '#service';
import { startMediaGateway } from './media-gateway.app.js';
import { mediaGatewaySettings } from './media-gateway.config.js';

let log = createLog('media-gateway', 'info');

await runProcess(
  () => log,
  async (onRefusal) => {
    const settings = readSettings(mediaGatewaySettings);
    log = createLog('media-gateway', settings.LOG_LEVEL);
    collectProcessMetrics();
    const app = await startMediaGateway({ settings, log, onRefusal });
    log.info({ http: app.url }, 'started');
    return () => app.close();
  },
);
