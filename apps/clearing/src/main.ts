import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { BusConnection } from '#bus';
import { BusRequests } from '#bus-transport';
import {
  collectProcessMetrics,
  createLog,
  fastifyHttpOptions,
  nestLog,
  readSettings,
  runProcess,
} from '#service';
import { clearingSettings } from './clearing.config.js';
import { ClearingModule } from './clearing.module.js';

let log = createLog('clearing', 'info');

await runProcess(
  () => log,
  async (onRefusal) => {
    const settings = readSettings(clearingSettings);
    log = createLog('clearing', settings.LOG_LEVEL);
    collectProcessMetrics();
    const app = await NestFactory.create<NestFastifyApplication>(
      ClearingModule.on({ settings, log, onRefusal }),
      new FastifyAdapter({ ...fastifyHttpOptions(), forceCloseConnections: true }),
      { logger: nestLog(log), abortOnError: false },
    );
    const strategy = new BusRequests(app.get(BusConnection, { strict: false }));
    app.connectMicroservice({ strategy });
    await app.init();
    await app.startAllMicroservices();
    await app.listen(settings.HTTP_PORT, settings.HTTP_HOST);
    log.info({ http: await app.getUrl() }, 'started');
    return () => app.close();
  },
);
