/** Carries out what the routes of an adapter declare in their edges, in an order that no controller can change. */
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import { HubError, toHubError } from '#protocol';
import { RefusalLog, type HttpLimits, type Log } from '#service';
import {
  jsonRefusal,
  OPEN_TO_ALL,
  type Edge,
  type EdgeConfig,
  type EdgeRequest,
  type EdgeTools,
} from './edge.js';
import { cutWhenSlow, readBody } from './read-body.js';

/** The kit's own, asked by the platform that the process runs on. */
const HEALTH = new Set(['/healthz/live', '/healthz/ready']);

export interface EdgeOptions<Adapter> {
  tools: () => EdgeTools<Adapter>;
  limits: HttpLimits;
  log: Log;
  /** Called with the route before each parse. */
  onParse?: (route: string) => void;
}

export class EdgeGuard<Adapter> {
  readonly refusals: RefusalLog;

  constructor(private readonly options: EdgeOptions<Adapter>) {
    this.refusals = new RefusalLog(options.log);
  }

  /** Before the routes are made. */
  on(fastify: FastifyInstance): void {
    fastify.addHook('onRoute', (route) => declared(route));
    fastify.addHook('onRequest', (request, reply) => this.checkForm(request, reply));
    fastify.addHook('preValidation', (request, reply) => this.checkProof(request, reply));
    fastify.removeAllContentTypeParsers();
    fastify.addContentTypeParser('*', (request: FastifyRequest, payload: FastifyRequest['raw']) =>
      this.takeBody(request, payload),
    );
  }

  private async checkForm(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    withReadableType(request);
    if (request.is404) {
      await reply.status(404).header('connection', 'close').send({ code: '14', title: 'no such path' });
      return;
    }
    const edge = this.edgeOf(request);
    if (!edge) return;
    // A body is the bytes that came: what they were declared as is not signed, and an unreadable declaration is no fault of theirs.
    if (request.raw.headers['content-type'] !== undefined)
      request.raw.headers['content-type'] = 'application/octet-stream';
    try {
      edge.form(asked(request), this.options.tools().adapter);
      // Nothing is read of a stream before its proof, which its headers carry.
      if (edge.stream) await edge.proof(asked(request), NOTHING, this.options.tools());
    } catch (thrown) {
      await this.refuse(request, reply, thrown);
    }
  }

  private async takeBody(request: FastifyRequest, payload: FastifyRequest['raw']): Promise<unknown> {
    const edge = this.edgeOf(request);
    const { bodyMs } = this.options.limits;
    if (edge?.stream) {
      cutWhenSlow(request.raw, bodyMs);
      return payload;
    }
    const declaredSize = Number(request.headers['content-length'] ?? 0);
    try {
      return await readBody(payload, declaredSize, edge?.maxBody ?? 0, bodyMs);
    } catch (thrown) {
      // Refused where all refusals are made: the next hook.
      return new Unread(toHubError(thrown));
    }
  }

  private async checkProof(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const edge = this.edgeOf(request);
    if (request.body instanceof Unread) return this.refuse(request, reply, request.body.error);
    if (!edge || edge.stream) return;
    const body = Buffer.isBuffer(request.body) ? request.body : NOTHING;
    try {
      await edge.proof(asked(request), body, this.options.tools());
      if (!edge.parse) return;
      this.options.onParse?.(request.routeOptions.url ?? '');
      request.body = await edge.parse(body, asked(request), this.options.tools().adapter);
    } catch (thrown) {
      await this.refuse(request, reply, thrown);
    }
  }

  private async refuse(request: FastifyRequest, reply: FastifyReply, thrown: unknown): Promise<void> {
    const error = toHubError(thrown);
    const { url: route = '' } = request.routeOptions;
    this.refusals.refused(request.ip, { reason: `${error.code}: ${error.detail}`, route });
    const { status, contentType, body } = (this.edgeOf(request)?.refusal ?? jsonRefusal)(error);
    // What is left of the body is not read.
    const again = status === 503 ? { 'retry-after': '1' } : {};
    await reply
      .status(status)
      .headers({ 'content-type': contentType, connection: 'close', ...again })
      .send(body);
  }

  private edgeOf(request: FastifyRequest): Edge<Adapter> | undefined {
    const { edge } = request.routeOptions.config as EdgeConfig;
    return edge === OPEN_TO_ALL ? undefined : edge;
  }
}

const NOTHING = Buffer.alloc(0);

class Unread {
  constructor(readonly error: HubError) {}
}

const MEDIA_TYPE = /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+\s*(;|$)/;

/**
 * What a body is called does not matter here: its proof and its form decide. Fastify refuses a content type that it cannot
 * read with 415 before any parser runs, so such a header is taken away.
 */
function withReadableType({ raw }: FastifyRequest): void {
  const type = raw.headers['content-type'];
  if (type !== undefined && !MEDIA_TYPE.test(type)) delete raw.headers['content-type'];
}

/** @throws for a route that declares nothing: the process does not start */
function declared({ url, config = {} }: RouteOptions): void {
  const { edge }: EdgeConfig = config;
  if (!HEALTH.has(url) && edge === undefined)
    throw new Error(`the route ${url} declares no proof: use @ProvenBy or @OpenToAll`);
}

function asked({ method, url, query, headers }: FastifyRequest): EdgeRequest {
  return { method, url, query: query as Record<string, unknown>, headers };
}
