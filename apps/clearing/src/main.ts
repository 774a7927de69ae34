import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import {
  collectProcessMetrics,
  createLog,
  fastifyHttpOptions,
  HealthModule,
  nestLog,
  readSettings,
  runProcess,
} from '#service';
import { startClearing, type ClearingApp } from './clearing.app.js';
import { clearingSettings } from './clearing.config.js';

let log = createLog('clearing', 'info');
let current: ClearingApp | undefined;

@Module({ imports: [HealthModule.using({ check: () => current?.check() ?? { started: false } })] })
class ClearingModule {}

await runProcess(
  () => log,
  async (refuse) => {
    const settings = readSettings(clearingSettings);
    log = createLog('clearing', settings.LOG_LEVEL);
    collectProcessMetrics();
    const http = await NestFactory.create<NestFastifyApplication>(
      ClearingModule,
      new FastifyAdapter({ ...fastifyHttpOptions(), forceCloseConnections: true }),
      { logger: nestLog(log) },
    );
    await http.listen(settings.HTTP_PORT, settings.HTTP_HOST);
    current = await startClearing(settings, log, refuse);
    log.info({ http: await http.getUrl() }, 'started');
    return async () => {
      await current?.close();
      await http.close();
    };
  },
);
