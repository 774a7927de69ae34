/** The Nest application of a process of the hub: health over HTTP, and request handlers on the bus if it has any. */
import type { DynamicModule, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { CustomTransportStrategy } from '@nestjs/microservices';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { BusConnection } from '#bus';
import { fastifyHttpOptions, limitConnections, nestLog, type Log } from '#service';

export interface HubApp {
  url: string;
  /** A provider of the application, for tests. */
  get<T>(provider: Type<T>): T;
  close(): Promise<void>;
}

interface Options {
  settings: { HTTP_HOST: string; HTTP_PORT: number };
  log: Log;
}

type FastifyOptions = ConstructorParameters<typeof FastifyAdapter>[0] & object;

/** @param http options of Fastify beside those that every process has */
export async function createHubApp(
  module: DynamicModule,
  log: Log,
  http: FastifyOptions = {},
): Promise<NestFastifyApplication> {
  const app = await NestFactory.create<NestFastifyApplication>(
    module,
    new FastifyAdapter({ ...fastifyHttpOptions(), forceCloseConnections: true, ...http }),
    { logger: nestLog(log), abortOnError: false },
  );
  limitConnections(app.getHttpServer());
  return app;
}

/**
 * Makes the application, runs the start hooks of its providers, then takes requests.
 * @param transport of the `@MessagePattern` handlers, over the connection of the process
 */
export async function startHubApp(
  module: DynamicModule,
  { settings, log }: Options,
  transport?: (link: BusConnection) => CustomTransportStrategy,
): Promise<HubApp> {
  const app = await createHubApp(module, log);
  if (transport)
    app.connectMicroservice(
      { strategy: transport(app.get(BusConnection, { strict: false })) },
      { inheritAppConfig: false },
    );
  await app.init();
  if (transport) await app.startAllMicroservices();
  await app.listen(settings.HTTP_PORT, settings.HTTP_HOST);
  return {
    url: await app.getUrl(),
    get: (provider) => app.get(provider, { strict: false }),
    close: () => app.close(),
  };
}
