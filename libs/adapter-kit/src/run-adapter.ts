/** main() of every adapter: settings, the bus, health over HTTP, and a graceful end. */
import 'reflect-metadata';
import type { Server } from 'node:http';
import type { Type } from '@nestjs/common';
import { z } from 'zod';
import {
  busCredentials,
  busSettings,
  busTls,
  collectProcessMetrics,
  commonSettings,
  createLog,
  readSettings,
  release,
  runProcess,
  type Log,
  type RefusalLog,
} from '#service';
import type { AnyAdapter } from './adapter.contract.js';
import { AdapterRuntime } from './adapter-runtime.js';
import type { FirstUse } from './first-use.js';
import { createAdapterHttp } from './http/adapter-http.js';
import { mediaSettings } from './media/workshop.js';

export const adapterSettings = z.object({ ...commonSettings, ...busSettings, ...mediaSettings });

export interface AdapterApp<Shape extends z.ZodRawShape, Made extends AnyAdapter> {
  name: string;
  settings: z.ZodObject<Shape>;
  create(settings: z.infer<z.ZodObject<Shape>>, log: Log): Made;
  /** Controllers of this adapter's HTTP interface, which get the adapter injected under ADAPTER. */
  controllers?(adapter: Made): Type[];
  /** For what is not requests: the HTTP server itself. */
  attach?(adapter: Made, server: Server, tools: AttachTools): void;
}

export interface AttachTools {
  firstUse: FirstUse;
  refusals: RefusalLog;
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
      const { http, guard } = await createAdapterHttp({
        adapter,
        controllers: app.controllers?.(adapter) ?? [],
        runtime: () => runtime.current,
        log,
      });
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
      const { firstUse } = runtime.current;
      app.attach?.(adapter, http.getHttpServer(), { firstUse, refusals: guard.refusals });
      log.info('started');
      return async () => {
        await runtime.current?.stop();
        await http.close();
      };
    },
  );
}
