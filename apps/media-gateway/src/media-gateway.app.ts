/** The media gateway as one app: links to attachments, open to the internet, and health. */
import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { secureAnswers } from '#http';
import { fastifyHttpOptions, limitConnections, nestLog, type Log } from '#service';
import { CoreModule, type CoreOptions } from './core/core.module.js';
import { MediaGatewayModule } from './media-gateway.module.js';

/** No request has a body. */
const BODY_LIMIT = 1024;

export interface MediaGatewayApp {
  url: string;
  close(): Promise<void>;
}

export async function startMediaGateway(options: CoreOptions): Promise<MediaGatewayApp> {
  const { settings, log } = options;
  const app = await createHttp(CoreModule.open(options), log, settings.TRUSTED_PROXIES);
  await app.listen(settings.HTTP_PORT, settings.HTTP_HOST);
  return { url: await app.getUrl(), close: () => app.close() };
}

/** @param core from `CoreModule`: the bus, or a placeholder where only the shape of the API is read */
export async function createHttp(
  core: DynamicModule,
  log: Log,
  trustedProxies?: string[],
): Promise<NestFastifyApplication> {
  const app = await NestFactory.create<NestFastifyApplication>(
    MediaGatewayModule.on(core),
    new FastifyAdapter({
      ...fastifyHttpOptions(),
      bodyLimit: BODY_LIMIT,
      forceCloseConnections: true,
      trustProxy: trustedProxies ?? false,
    }),
    { logger: nestLog(log), abortOnError: false },
  );
  limitConnections(app.getHttpServer());
  secureAnswers(app);
  return app;
}
