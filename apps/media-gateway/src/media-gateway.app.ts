/** The media gateway as one app: links to attachments and call pages, open to the internet, commands from the bus, and health. */
import type { DynamicModule } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { BusConnection } from '#bus';
import { BusRequests } from '#bus-transport';
import { createHubApp, type HubProcess, type RunningApp } from '#hub-process';
import { secureAnswers } from '#http';
import type { Log } from '#service';
import type { MediaGatewaySettings } from './media-gateway.config.js';
import { MediaGatewayModule } from './media-gateway.module.js';

/** No request has a body. */
const BODY_LIMIT = 1024;

export async function startMediaGateway(process: HubProcess<MediaGatewaySettings>): Promise<RunningApp> {
  const { settings, log } = process;
  const app = await createHttp(MediaGatewayModule.on(process), log, settings.TRUSTED_PROXIES);
  app.connectMicroservice(
    { strategy: new BusRequests(app.get(BusConnection, { strict: false })) },
    { inheritAppConfig: false },
  );
  await app.init();
  await app.startAllMicroservices();
  await app.listen(settings.HTTP_PORT, settings.HTTP_HOST);
  return { url: await app.getUrl(), close: () => app.close() };
}

export async function createHttp(
  module: DynamicModule,
  log: Log,
  trustedProxies?: string[],
): Promise<NestFastifyApplication> {
  const app = await createHubApp(module, log, {
    bodyLimit: BODY_LIMIT,
    trustProxy: trustedProxies ?? false,
  });
  secureAnswers(app);
  return app;
}
