import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import {
  busCredentials,
  busTls,
  collectProcessMetrics,
  createLog,
  fastifyHttpOptions,
  HealthModule,
  nestLog,
  readSettings,
  runProcess,
} from '#service';
import { switchSettings } from './switch.config.js';
import { Switch } from './switch.js';

let log = createLog('switch', 'info');
let current: Switch | undefined;

@Module({ imports: [HealthModule.using({ check: () => current?.check() ?? { started: false } })] })
class SwitchModule {}

await runProcess(
  () => log,
  async (refuse) => {
    const settings = readSettings(switchSettings);
    log = createLog('switch', settings.LOG_LEVEL);
    collectProcessMetrics();
    const http = await NestFactory.create<NestFastifyApplication>(
      SwitchModule,
      new FastifyAdapter({ ...fastifyHttpOptions(), forceCloseConnections: true }),
      { logger: nestLog(log) },
    );
    await http.listen(settings.HTTP_PORT, settings.HTTP_HOST);
    current = await Switch.start(
      {
        natsUrl: settings.NATS_URL,
        creds: busCredentials(settings),
        tls: busTls(settings),
        unsafeBus: settings.BUS_UNSAFE === '1',
        onRefusal: refuse,
        numbersPerMinute: settings.RESOLVE_PER_MINUTE,
        expirySweepMs: settings.EXPIRY_SWEEP_SECONDS * 1000,
        rules: {
          recipientsPerDay: settings.RECIPIENTS_PER_DAY,
          sameWordsPerMinute: settings.SAME_WORDS_PER_MINUTE,
        },
        links: {
          baseUrl: settings.MEDIA_LINK_URL,
          secret: settings.MEDIA_LINK_KEY,
          hours: settings.MEDIA_LINK_HOURS,
        },
      },
      log,
    );
    log.info({ http: await http.getUrl() }, 'started');
    return async () => {
      await current?.stop();
      await http.close();
    };
  },
);
