/** Carries out what a route declares in its edge, in an order that no controller can change. */
import { Readable } from 'node:stream';
import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ADAPTER, HTTP_EDGE, type HttpEdge } from '#adapter-kit';
import { HubError, toHubError } from '#protocol';
import { endWhenSlow, type Claim } from '#service';
import { edgeOf, headerOf, type Edge, type EdgeRequest } from './edge.js';
import { claimOf, mustNotWait, slowedDown } from './guesses.js';
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
    const claim = claimOf(request.ip, /^(?:Bearer|Token) /.exec(headerOf(asked, 'authorization'))?.input);
    const body = await slowedDown(http.proofs, claim, () => this.proven(request, edge, claim));
    if (edge.stream)
      endWhenSlow(request.raw, http.limits, () =>
        request.raw.destroy(new HubError('30', 'the body came too slowly')),
      );
    if (!edge.parse || edge.stream) return;
    http.onParse(request.routeOptions.url ?? '');
    request.body = await edge.parse(body, asked, adapter);
  }

  /** @returns the body, unless it is a stream. @throws HubError 31, 61, 65, 91, 30 */
  private async proven(
    request: FastifyRequest,
    edge: Edge<unknown>,
    claim: Claim | undefined,
  ): Promise<Buffer> {
    const asked = askedBy(request);
    const { adapter, http } = this;
    edge.form(asked, adapter);
    // Nothing is read of a stream before its proof, which its headers carry.
    const body = edge.stream ? NO_BYTES : await this.bytesOf(request, edge.maxBody);
    // Of many requests that came at the same time, the others may have been wrong by now.
    mustNotWait(http.proofs, claim);
    await edge.proof(asked, body, { adapter, firstUse: http.firstUse() });
    return body;
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
