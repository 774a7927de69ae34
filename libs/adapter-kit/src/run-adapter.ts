/** Starts an adapter in this process: settings, bus, HTTP server with health checks, graceful stop. */
import 'reflect-metadata';
import type { Server } from 'node:http';
import { Module, type Type } from '@nestjs/common';
import { z } from 'zod';
import { BusRequests } from '#bus-transport';
import {
  busCredentials,
  busSettings,
  busTls,
  collectProcessMetrics,
  commonSettings,
  createLog,
  LOG,
  readSettings,
  hutongVersion,
  runProcess,
  SETTINGS,
  type Log,
  type Refuse,
  type RefusalLog,
  type WrongProofs,
} from '#service';
import type { AnyAdapter } from './adapter.contract.js';
import { AdapterRuntime } from './adapter-runtime.js';
import { CallSignals } from './calls/call-signals.js';
import type { FirstUse } from './first-use.js';
import { ADAPTER, createAdapterHttp } from './http/adapter-http.js';
import { ResolveRequests } from './resolve-requests.js';
import { attachmentSettings } from './attachments/attachment-pipeline.js';

export const adapterSettings = z.object({
  ...commonSettings,
  ...busSettings,
  ...attachmentSettings,
  ADAPTER_PROCESSES: z
    .enum(['one', 'several'])
    .default('one')
    .describe(
      'one: one process of the adapter works at a time, and further ones wait for its end. several: the processes share the traffic; all of them need this setting',
    ),
});

/** A Nest module that provides its adapter under ADAPTER, and its controllers. SETTINGS and LOG are injected into it. */
export interface AdapterModule extends Type {
  readonly settings: z.ZodObject;
}

/** The module of an adapter without an HTTP interface. */
export function adapterModule<Shape extends z.ZodRawShape>(
  settings: z.ZodObject<Shape>,
  create: (settings: z.infer<z.ZodObject<Shape>>, log: Log) => AnyAdapter,
): AdapterModule {
  @Module({
    providers: [{ provide: ADAPTER, inject: [SETTINGS, LOG], useFactory: create }],
    exports: [ADAPTER],
  })
  class SimpleAdapterModule {
    static readonly settings = settings;
  }
  return SimpleAdapterModule;
}

/** An adapter that needs the HTTP server itself, for what is not requests (WebSockets). */
export interface ServerAttaching {
  attach(server: Server, tools: AttachTools): void;
}

export interface AttachTools {
  firstUse: FirstUse;
  refusals: RefusalLog;
  /** Tokens and signatures that were wrong, also in requests of the HTTP interface. */
  proofs: WrongProofs;
}

export interface HostedAdapter {
  /** Finishes deliveries in progress, signs off, closes the bus connection and the HTTP server. */
  stop(): Promise<void>;
}

/** main() of every adapter. @param name of the process in logs and at sign-on: adapter-<network> */
export async function runAdapter(name: string, module: AdapterModule): Promise<void> {
  let log = createLog(name, 'info');
  await runProcess(
    () => log,
    async (refuse) => {
      collectProcessMetrics();
      log = createLog(name, readSettings(adapterSettings).LOG_LEVEL);
      const hosted = await hostAdapter(name, module, process.env, log, refuse);
      return () => hosted.stop();
    },
  );
}

/**
 * Starts an adapter, of which a process may host several.
 * @param env settings of this adapter, as environment variables
 * @param refuse called when the adapter must not go on; it still runs then
 * @param frameworkLog for the lines of Nest, which has one logger for all applications of a process
 * @throws SettingsError for a wrong setting, and what the adapter throws; nothing of it runs then
 */
export async function hostAdapter(
  name: string,
  module: AdapterModule,
  env: NodeJS.ProcessEnv,
  log: Log,
  refuse: Refuse,
  frameworkLog = log,
): Promise<HostedAdapter> {
  const common = readSettings(adapterSettings, env);
  const settings = readSettings(module.settings, env);
  const runtime: { current: AdapterRuntime | undefined } = { current: undefined };
  const { http, adapter, refusals, proofs } = await createAdapterHttp({
    module,
    settings,
    runtime: () => runtime.current,
    log,
    frameworkLog,
  });
  try {
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
        build: `${name} ${hutongVersion()}`,
        sharesPartitions: common.ADAPTER_PROCESSES === 'several',
        media: common,
        serve: async (connection, profiles, calls) => {
          http.get(ResolveRequests, { strict: false }).begin({ adapter, profiles });
          http.get(CallSignals, { strict: false }).begin(calls);
          const strategy = new BusRequests(connection, adapter.network);
          http.connectMicroservice({ strategy }, { inheritAppConfig: false });
          await http.startAllMicroservices();
        },
      },
      log,
    );
  } catch (error) {
    await http.close();
    throw error;
  }
  const { firstUse } = runtime.current;
  if (attaches(adapter)) adapter.attach(http.getHttpServer(), { firstUse, refusals, proofs });
  log.info('started');
  return {
    async stop() {
      await runtime.current?.stop();
      await http.close();
    },
  };
}

function attaches(adapter: AnyAdapter): adapter is AnyAdapter & ServerAttaching {
  return 'attach' in adapter;
}
