/** The HTTP server of an adapter: health, and the routes of its controllers behind their edges. */
import { Module, type DynamicModule, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { RESULTS } from '#protocol';
import {
  fastifyHttpOptions,
  HealthModule,
  HTTP_LIMITS,
  limitConnections,
  LOG,
  nestLog,
  SETTINGS,
  type HttpLimits,
  type Log,
} from '#service';
import type { AnyAdapter } from '../adapter.contract.js';
import { EdgeGuard, type EdgeOptions } from './edge-guard.js';
import type { EdgeTools } from './edge.js';

export const ADAPTER = Symbol('adapter');

/** An address as part of a path; the limit of all headers is lower still. */
const MAX_ADDRESS = 60_000;
/** Server-wide limit of a request with a streamed body, ms; the guard cuts those that do not advance. */
const STREAM_MS = 3600_000;

/** What the server needs of the runtime, once it is on the bus. */
export interface StartedRuntime {
  check(): Record<string, boolean>;
  firstUse: EdgeTools<unknown>['firstUse'];
}

export interface AdapterHttp {
  /** The module of the network: its controllers, and the adapter under ADAPTER. */
  module: Type | DynamicModule;
  /** Settings of the network, which its module gets injected under SETTINGS. */
  settings: unknown;
  runtime: () => StartedRuntime | undefined;
  log: Log;
  limits?: HttpLimits;
  onParse?: EdgeOptions<AnyAdapter>['onParse'];
}

@Module({})
class CoreModule {}

@Module({})
class AdapterRootModule {
  static for({ module, settings, runtime, log }: AdapterHttp): DynamicModule {
    const readiness = { check: () => runtime()?.check() ?? { started: false } };
    const core = {
      module: CoreModule,
      global: true,
      providers: [
        { provide: SETTINGS, useValue: settings },
        { provide: LOG, useValue: log },
      ],
      exports: [SETTINGS, LOG],
    };
    return { module: AdapterRootModule, imports: [core, HealthModule.using(readiness), module] };
  }
}

/** @throws SettingsError, and Error for a controller with a route that declares no proof */
export async function createAdapterHttp(
  options: AdapterHttp,
): Promise<{ http: NestFastifyApplication; adapter: AnyAdapter; guard: EdgeGuard<AnyAdapter> }> {
  const { runtime, log, limits = HTTP_LIMITS, onParse } = options;
  const http = await NestFactory.create<NestFastifyApplication>(
    AdapterRootModule.for(options),
    new FastifyAdapter({
      ...fastifyHttpOptions({ ...limits, bodyMs: STREAM_MS }),
      forceCloseConnections: true,
      routerOptions: { maxParamLength: MAX_ADDRESS },
    }),
    { logger: nestLog(log), bodyParser: false, abortOnError: false },
  );
  const adapter = http.get<AnyAdapter>(ADAPTER, { strict: false });
  refuseUntil(http, () => runtime() !== undefined);
  const guard = new EdgeGuard<AnyAdapter>({
    tools: () => ({ adapter, firstUse: started(runtime()) }),
    limits,
    log,
    ...(onParse ? { onParse } : {}),
  });
  guard.on(http.getHttpAdapter().getInstance());
  limitConnections(http.getHttpServer(), limits);
  return { http, adapter, guard };
}

function started(runtime: StartedRuntime | undefined): StartedRuntime['firstUse'] {
  if (!runtime) throw new Error('a request came through before the adapter was on the bus');
  return runtime.firstUse;
}

/** Until an adapter is on the bus it can accept nothing: callers are told to ask again. */
function refuseUntil(http: NestFastifyApplication, isStarted: () => boolean): void {
  http
    .getHttpAdapter()
    .getInstance()
    .addHook('onRequest', async ({ url }, reply) => {
      if (isStarted() || url.startsWith('/healthz/')) return;
      const detail = 'the adapter is starting: try again';
      await reply
        .status(503)
        .headers({ 'retry-after': '1', connection: 'close' })
        .send({ code: '91', title: RESULTS['91'].name, detail });
    });
}
