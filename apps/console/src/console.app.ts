/** The console as one app: REST, its documentation, control for adapters, and the recorder. */
import { StandardSchemaValidationPipe } from '@nestjs/common';
import { keepMedia } from '#bus';
import { DatabasePulse, databaseInTime } from '#database';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { busCredentials, nestLog, type Log } from '#service';
import { ApiKeysService } from './access/api-keys.service.js';
import type { ConsoleSettings } from './console.config.js';
import { ConsoleBus } from './console-bus.js';
import { ConsoleModule } from './console.module.js';
import { controlTransport } from './control-transport.js';
import { ProblemFilter, ValidationProblem } from './http/problem.js';
import { NetworksService } from './networks/networks.service.js';
import { RegistryService } from './registry/registry.service.js';
import { MediaSweeper } from './media/sweeper.js';
import { Recorder } from './trace/recorder.js';

const BODY_LIMIT = 256 * 1024;

export interface ConsoleApp {
  url: string;
  close(): Promise<void>;
}

export async function startConsole(settings: ConsoleSettings, log: Log): Promise<ConsoleApp> {
  const database = await databaseInTime(settings.DATABASE_URL, log);
  const bus = await ConsoleBus.open(settings, log);
  const pulse = new DatabasePulse(database);
  const readiness = { check: () => ({ bus: bus.link.connected, database: pulse.alive }) };
  const app = await createHttp(bus, database, readiness, log, settings.MEDIA_LINK_KEY);
  const networks = app.get(NetworksService);
  await bus.link.onSession(() => networks.prepareAll());
  await app.get(RegistryService).guard();
  await app.get(RegistryService).publish();
  if (settings.ADMIN_KEY) await app.get(ApiKeysService).ensureAdmin(settings.ADMIN_KEY);
  app.connectMicroservice(controlTransport(settings.NATS_URL, busCredentials(settings)), {
    inheritAppConfig: false,
  });
  await app.startAllMicroservices();
  const stopRecorder = await Recorder.start(bus, database, log);
  await bus.link.onSession((session) => keepMedia(session, settings.MEDIA_HOURS, settings.MEDIA_STORE_GB));
  const sweeper = new MediaSweeper(bus, database, settings.MEDIA_SWEEP_SECONDS * 1000, log);
  await app.listen(settings.HTTP_PORT, settings.HTTP_HOST);
  return {
    url: (await app.getUrl()).replace('[::1]', '127.0.0.1'),
    close: async () => {
      pulse.stop();
      await app.close();
      await sweeper.stop();
      await stopRecorder();
      await bus.close();
      await database.destroy();
    },
  };
}

export async function createHttp(
  bus: ConsoleBus,
  database: DataSource,
  readiness: { check(): Record<string, boolean> },
  log: Log,
  linkSecret?: string,
): Promise<NestFastifyApplication> {
  const app = await NestFactory.create<NestFastifyApplication>(
    ConsoleModule.using(bus, database, readiness, linkSecret),
    new FastifyAdapter({ bodyLimit: BODY_LIMIT, forceCloseConnections: true }),
    { logger: nestLog(log) },
  );
  app.useGlobalFilters(new ProblemFilter(log));
  app.useGlobalPipes(
    new StandardSchemaValidationPipe({
      exceptionFactory: (issues) =>
        new ValidationProblem(issues.map(({ path, message }) => ({ field: fieldOf(path), rule: message }))),
    }),
  );
  SwaggerModule.setup('docs', app, openApi(app), {
    jsonDocumentUrl: 'docs/openapi.json',
    customSiteTitle: 'Hutong console API',
  });
  return app;
}

export function openApi(app: NestFastifyApplication): OpenAPIObject {
  const document = new DocumentBuilder()
    .setTitle('Hutong console')
    .setDescription(
      'Register networks, watch their health, trace messages, look after dead letters. Errors are problem+json with a result code.',
    )
    .setVersion('1.0.0')
    .setOpenAPIVersion('3.1.0')
    .addBearerAuth()
    .build();
  return SwaggerModule.createDocument(app, document);
}

function fieldOf(path: readonly (PropertyKey | { key: PropertyKey })[] | undefined): string {
  return path?.map((part) => String(typeof part === 'object' ? part.key : part)).join('.') || '(body)';
}
