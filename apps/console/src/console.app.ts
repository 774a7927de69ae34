/** Starts the console: REST API and its documentation, requests on the bus, and background work of all features. */
import type { DynamicModule, Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { SwaggerModule } from '@nestjs/swagger';
import { BusRequests } from '#bus-transport';
import { DatabaseModule } from '#database';
import { createHubApp, SettingsModule } from '#hub-process';
import { secureAnswers } from '#http';
import { fastifyHttpOptions, HTTP_LIMITS, type Log, type Refuse } from '#service';
import type { ConsoleSettings } from './console.config.js';
import { ConsoleModule } from './console.module.js';
import { wallClock, type Clock } from './core/clock.js';
import { ConsoleBus } from './core/console-bus.js';
import { CoreModule } from './core/core.module.js';
import { tooDeep } from './http/depth.js';
import { openApi } from './http/open-api.js';
import { acceptUploads, UPLOAD_MS } from './http/upload.js';
import { serveWebPages } from './web/web-pages.js';

const BODY_LIMIT = 256 * 1024;

export interface ConsoleApp {
  url: string;
  /** A provider of the app, for tests that run a round of background work themselves. */
  get<T>(provider: Type<T>): T;
  close(): Promise<void>;
}

export async function startConsole(
  settings: ConsoleSettings,
  log: Log,
  clock: Clock = wallClock,
  onRefusal?: Refuse,
): Promise<ConsoleApp> {
  const core = [
    SettingsModule.of(settings, log),
    DatabaseModule.on(settings.DATABASE_URL, log),
    CoreModule.open({ settings, log, clock, onRefusal }),
  ];
  const app = await createHttp(core, log, settings.TRUSTED_PROXIES);
  if (!(await serveWebPages(app, settings.WEB_FOLDER)))
    log.warn({ folder: settings.WEB_FOLDER }, 'the web console is not built: run "npm run build"');
  const { link } = app.get(ConsoleBus, { strict: false });
  app.connectMicroservice({ strategy: new BusRequests(link) }, { inheritAppConfig: false });
  // Requests on the bus and over HTTP are accepted after the start hooks of all features.
  await app.init();
  await app.startAllMicroservices();
  await app.listen(settings.HTTP_PORT, settings.HTTP_HOST);
  return {
    url: (await app.getUrl()).replace('[::1]', '127.0.0.1'),
    get: (provider) => app.get(provider, { strict: false }),
    close: () => app.close(),
  };
}

/** @param core modules that provide settings, log, database, clock and bus, or placeholders where only the shape of the API is read */
export async function createHttp(
  core: DynamicModule[],
  log: Log,
  trustedProxies?: string[],
): Promise<NestFastifyApplication> {
  const app = await createHubApp(ConsoleModule.on(core), log, {
    ...fastifyHttpOptions(HTTP_LIMITS, UPLOAD_MS),
    bodyLimit: BODY_LIMIT,
    trustProxy: trustedProxies ?? false,
  });
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('preValidation', (request, _, done) => {
      done(tooDeep(request.body));
    });
  acceptUploads(app);
  secureAnswers(app, { docs: '/docs', uncached: '/v1' });
  // The document is made for the first reader: making it takes half a second of CPU time, which a start does not need.
  SwaggerModule.setup('docs', app, () => openApi(app), {
    jsonDocumentUrl: 'docs/openapi.json',
    customSiteTitle: 'Hutong console API',
  });
  return app;
}
