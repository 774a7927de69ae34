/** main() of every adapter: settings, the bus, health over HTTP, and a graceful end. */
import 'reflect-metadata';
import type { Server } from 'node:http';
import { Module, type DynamicModule, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { z } from 'zod';
import {
  busCredentials,
  busSettings,
  busTls,
  collectProcessMetrics,
  commonSettings,
  createLog,
  HealthModule,
  nestLog,
  readSettings,
  release,
  runProcess,
  type Log,
} from '#service';
import { RESULTS } from '#protocol';
import type { AnyAdapter } from './adapter.contract.js';
import { AdapterRuntime } from './adapter-runtime.js';
import { mediaSettings } from './media/workshop.js';

export const adapterSettings = z.object({ ...commonSettings, ...busSettings, ...mediaSettings });

export interface AdapterApp<Shape extends z.ZodRawShape, Made extends AnyAdapter> {
  name: string;
  settings: z.ZodObject<Shape>;
  create(settings: z.infer<z.ZodObject<Shape>>, log: Log): Made;
  /** Controllers of the adapter's own HTTP interface, which get the adapter injected under ADAPTER. */
  controllers?: Type[];
  /** Bodies of these types reach the controller as text, to the byte. */
  textBodies?: string[];
  /** Bodies of all other types reach the controller as streams. */
  streamBodies?: boolean;
  /** For what is not requests: the HTTP server itself. */
  attach?(adapter: Made, server: Server): void;
}

export const ADAPTER = Symbol('adapter');
const BODY_LIMIT = 16 * 1024 * 1024;
/** An address as part of a path, each of its characters percent-encoded. */
const MAX_ADDRESS = 60_000;
const TEXT_LIMIT = 1024 * 1024;

@Module({})
class AdapterHttpModule {
  static for(
    adapter: AnyAdapter,
    controllers: Type[],
    runtime: { current: AdapterRuntime | undefined },
  ): DynamicModule {
    const readiness = { check: () => runtime.current?.check() ?? { started: false } };
    return {
      module: AdapterHttpModule,
      imports: [HealthModule.using(readiness)],
      controllers,
      providers: [{ provide: ADAPTER, useValue: adapter }],
    };
  }
}

export async function runAdapter<Shape extends z.ZodRawShape, Made extends AnyAdapter>(
  app: AdapterApp<Shape, Made>,
): Promise<void> {
  let log = createLog(app.name, 'info');
  await runProcess(
    () => log,
    async (refuse) => {
      const common = readSettings(adapterSettings);
      const settings = readSettings(app.settings);
      log = createLog(app.name, common.LOG_LEVEL);
      collectProcessMetrics();
      const adapter = app.create(settings, log);
      const runtime: { current: AdapterRuntime | undefined } = { current: undefined };
      const http = await NestFactory.create<NestFastifyApplication>(
        AdapterHttpModule.for(adapter, app.controllers ?? [], runtime),
        new FastifyAdapter({
          bodyLimit: BODY_LIMIT,
          forceCloseConnections: true,
          routerOptions: { maxParamLength: MAX_ADDRESS },
        }),
        { logger: nestLog(log) },
      );
      if (app.textBodies)
        http.useBodyParser(app.textBodies, { bodyLimit: TEXT_LIMIT }, (_request, body, done) =>
          done(null, body.toString('utf8')),
        );
      if (app.streamBodies) {
        const fastify = http.getHttpAdapter().getInstance();
        fastify.removeContentTypeParser('text/plain');
        fastify.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
      }
      refuseUntil(http, () => runtime.current !== undefined);
      await http.listen(common.HTTP_PORT, common.HTTP_HOST);
      log.info({ http: await http.getUrl() }, 'listening');
      runtime.current = await AdapterRuntime.start(
        adapter,
        {
          natsUrl: common.NATS_URL,
          creds: busCredentials(common),
          credsFile: common.NATS_CREDS,
          tls: busTls(common),
          unsafeBus: common.BUS_UNSAFE === '1',
          onRefusal: refuse,
          build: `${app.name} ${release()}`,
          media: common,
        },
        log,
      );
      app.attach?.(adapter, http.getHttpServer());
      log.info('started');
      return async () => {
        await runtime.current?.stop();
        await http.close();
      };
    },
  );
}

/** Until it is on the bus an adapter can take nothing over: whoever asks is told to ask again. */
function refuseUntil(http: NestFastifyApplication, started: () => boolean): void {
  http
    .getHttpAdapter()
    .getInstance()
    .addHook('onRequest', async ({ url }, reply) => {
      if (started() || url.startsWith('/healthz/')) return;
      const detail = 'the adapter is starting: try again';
      await reply
        .status(503)
        .header('retry-after', '1')
        .send({ code: '91', title: RESULTS['91'].name, detail });
    });
}
