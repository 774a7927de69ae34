/**
 * The HTTP server of an adapter: health, and the routes of its controllers. Nothing here reads a body: the guard of each
 * route does (`libs/adapter-webhook`), after it has checked the form of the proof.
 */
import { Module, type DynamicModule, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import { RESULTS } from '#protocol';
import {
  fastifyHttpOptions,
  HealthModule,
  HTTP_LIMITS,
  limitConnections,
  LOG,
  nestLog,
  RefusalLog,
  SETTINGS,
  WrongProofs,
  type HttpLimits,
  type Log,
} from '#service';
import type { AnyAdapter } from '../adapter.contract.js';
import { CallSignals } from '../calls/call-signals.js';
import type { FirstUse } from '../first-use.js';
import { ResolveRequests } from '../resolve-requests.js';
import { ResolveController } from './resolve.controller.js';

export const ADAPTER = Symbol('adapter');
/** Provides `HttpEdge` to the guards of routes. */
export const HTTP_EDGE = Symbol('http-edge');

/** Maximum length of an address in a path, characters; the limit of all headers is lower still. */
const MAX_ADDRESS = 60_000;
/** Time limit of a request with a streamed body, ms. The guard ends streams that do not advance earlier. */
const STREAM_MS = 3600_000;
/** Requested by the platform that the process runs on, without a proof. */
const HEALTH = new Set(['/healthz/live', '/healthz/ready']);

/** What the server needs of the runtime, once it is on the bus. */
export interface StartedRuntime {
  check(): Record<string, boolean>;
  firstUse: Pick<FirstUse, 'claim'>;
}

/** What guards and filters of routes share. */
export interface HttpEdge {
  firstUse(): Pick<FirstUse, 'claim'>;
  limits: HttpLimits;
  refusals: RefusalLog;
  /** Tokens and signatures that were wrong. */
  proofs: WrongProofs;
  /** Called with the route before a guard parses a body. */
  onParse(route: string): void;
}

export interface AdapterHttp {
  /** The module of the network: its controllers, and the adapter under ADAPTER. */
  module: Type | DynamicModule;
  /** Settings of the network, which its module gets injected under SETTINGS. */
  settings: unknown;
  runtime: () => StartedRuntime | undefined;
  log: Log;
  /** For the lines of Nest, which has one logger for all applications of a process. Default: `log` */
  frameworkLog?: Log;
  limits?: HttpLimits;
  onParse?: HttpEdge['onParse'];
}

@Module({})
class CoreModule {}

@Module({})
class AdapterRootModule {
  static for({ module, settings, runtime, log }: AdapterHttp, edge: HttpEdge): DynamicModule {
    const readiness = { check: () => runtime()?.check() ?? { started: false } };
    const core = {
      module: CoreModule,
      global: true,
      providers: [
        { provide: SETTINGS, useValue: settings },
        { provide: LOG, useValue: log },
        { provide: HTTP_EDGE, useValue: edge },
        ResolveRequests,
        CallSignals,
      ],
      exports: [SETTINGS, LOG, HTTP_EDGE, ResolveRequests, CallSignals],
    };
    return {
      module: AdapterRootModule,
      imports: [core, HealthModule.using(readiness), module],
      controllers: [ResolveController],
    };
  }
}

/** @throws SettingsError, and Error for a controller with a route that declares no proof */
export async function createAdapterHttp(options: AdapterHttp): Promise<{
  http: NestFastifyApplication;
  adapter: AnyAdapter;
  refusals: RefusalLog;
  proofs: WrongProofs;
}> {
  const { runtime, log, limits = HTTP_LIMITS, onParse = () => undefined } = options;
  const refusals = new RefusalLog(log);
  const proofs = new WrongProofs({ place: 'http', log });
  const edge = { firstUse: () => started(runtime()), limits, refusals, proofs, onParse };
  const http = await NestFactory.create<NestFastifyApplication>(
    AdapterRootModule.for(options, edge),
    new FastifyAdapter({
      ...fastifyHttpOptions(limits, STREAM_MS),
      forceCloseConnections: true,
      routerOptions: { maxParamLength: MAX_ADDRESS },
    }),
    { logger: nestLog(options.frameworkLog ?? log), bodyParser: false, abortOnError: false },
  );
  const fastify = http.getHttpAdapter().getInstance();
  refuseUntil(fastify, () => runtime() !== undefined);
  fastify.addHook('onRoute', (route) => mustDeclareProof(route));
  fastify.addHook('onRequest', (request, reply) => refuseUnknownPath(request, reply));
  leaveBodiesUnread(fastify);
  limitConnections(http.getHttpServer(), limits);
  return { http, adapter: http.get<AnyAdapter>(ADAPTER, { strict: false }), refusals, proofs };
}

function started(runtime: StartedRuntime | undefined): StartedRuntime['firstUse'] {
  if (!runtime) throw new Error('a request came through before the adapter was on the bus');
  return runtime.firstUse;
}

/** Until an adapter is on the bus it can accept nothing: callers are told to ask again. */
function refuseUntil(fastify: FastifyInstance, isStarted: () => boolean): void {
  fastify.addHook('onRequest', async ({ url }, reply) => {
    if (isStarted() || url.startsWith('/healthz/')) return;
    const detail = 'the adapter is starting: try again';
    await reply
      .status(503)
      .headers({ 'retry-after': '1', connection: 'close' })
      .send({ code: '91', title: RESULTS['91'].name, detail });
  });
}

/** @throws Error for a route that declares no proof, so that the process does not start */
function mustDeclareProof({ url, config = {} }: RouteOptions): void {
  if (!HEALTH.has(url) && (config as { edge?: unknown }).edge === undefined)
    throw new Error(`the route ${url} declares no proof: use @ProvenBy or @OpenToAll`);
}

async function refuseUnknownPath(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  if (request.is404)
    await reply.status(404).header('connection', 'close').send({ code: '14', title: 'no such path' });
}

/**
 * The body of a request is the stream of its bytes, whatever content type it declares: the declaration is not signed, and
 * Fastify refuses one that it cannot read with 415 before any guard runs.
 */
function leaveBodiesUnread(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', ({ raw }, _reply, done) => {
    if (raw.headers['content-type'] !== undefined) raw.headers['content-type'] = 'application/octet-stream';
    done();
  });
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('*', (_request: FastifyRequest, payload: FastifyRequest['raw'], done) =>
    done(null, payload),
  );
}
