/** Carries out what a route declares in its edge, in an order that no controller can change. */
import { Readable } from 'node:stream';
import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ADAPTER, HTTP_EDGE, type HttpEdge } from '#adapter-kit';
import { HubError, toHubError } from '#protocol';
import { endWhenSlow } from '#service';
import { edgeOf, type Edge, type EdgeRequest } from './edge.js';
import { readBody } from './read-body.js';

const NO_BYTES = Buffer.alloc(0);

/** A request that its guard refused. `EdgeFilter` answers it. */
export class RefusedRequest extends Error {
  override readonly name = 'RefusedRequest';

  constructor(readonly error: HubError) {
    super(error.detail);
  }
}

@Injectable()
export class EdgeGuard implements CanActivate {
  constructor(
    @Inject(ADAPTER) private readonly adapter: unknown,
    @Inject(HTTP_EDGE) private readonly http: HttpEdge,
  ) {}

  /** @throws RefusedRequest */
  async canActivate(context: ExecutionContext): Promise<true> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    try {
      await this.admit(request, edgeOf(request));
      return true;
    } catch (thrown) {
      throw new RefusedRequest(toHubError(thrown));
    }
  }

  private async admit(request: FastifyRequest, edge: Edge<unknown>): Promise<void> {
    const asked = askedBy(request);
    const { adapter, http } = this;
    const tools = { adapter, firstUse: http.firstUse() };
    edge.form(asked, adapter);
    if (edge.stream) {
      // Nothing is read of a stream before its proof, which its headers carry.
      await edge.proof(asked, NO_BYTES, tools);
      endWhenSlow(request.raw, http.limits, () =>
        request.raw.destroy(new HubError('30', 'the body came too slowly')),
      );
      return;
    }
    const body = await this.bytesOf(request, edge.maxBody);
    await edge.proof(asked, body, tools);
    if (!edge.parse) return;
    http.onParse(request.routeOptions.url ?? '');
    request.body = await edge.parse(body, asked, adapter);
  }

  /** @throws HubError 61, 91, 30 */
  private bytesOf({ body, headers }: FastifyRequest, max: number): Promise<Buffer> {
    if (!(body instanceof Readable)) return Promise.resolve(NO_BYTES);
    return readBody(body, Number(headers['content-length'] ?? 0), max, this.http.limits.bodyMs);
  }
}

function askedBy({ method, url, query, headers }: FastifyRequest): EdgeRequest {
  return { method, url, query: query as Record<string, unknown>, headers };
}
