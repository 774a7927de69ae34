/** Errors of a route -> HTTP answers in the form that its edge declares: a result code decides about the status. */
import { Catch, Inject, Injectable, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { HTTP_EDGE, type HttpEdge } from '#adapter-kit';
import { toHubError } from '#protocol';
import { LOG, type Log } from '#service';
import { RefusedRequest } from './edge.guard.js';
import { edgeOf } from './edge.js';

@Injectable()
@Catch()
export class EdgeFilter implements ExceptionFilter {
  constructor(
    @Inject(HTTP_EDGE) private readonly http: HttpEdge,
    @Inject(LOG) private readonly log: Log,
  ) {}

  async catch(thrown: unknown, host: ArgumentsHost): Promise<void> {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const { url: route = '' } = request.routeOptions;
    const refused = thrown instanceof RefusedRequest;
    const error = refused ? thrown.error : toHubError(thrown);
    if (refused) this.http.refusals.refused(request.ip, { reason: `${error.code}: ${error.detail}`, route });
    else this.log.info({ route, code: error.code, reason: error.detail }, 'request not carried out');
    if (reply.sent) return;
    const { status, contentType, body } = edgeOf(request).refusal(error);
    await reply
      .status(status)
      .headers({
        'content-type': contentType,
        // What is left of a refused body is not read.
        ...(refused ? { connection: 'close' } : {}),
        ...(status === 503 || status === 429
          ? { 'retry-after': String(Math.ceil((error.retryAfterMs ?? 1000) / 1000)) }
          : {}),
      })
      .send(body);
  }
}
