/**
 * A POST with an Idempotency-Key is executed once. A client that repeats it, because it did not get the answer, gets the first answer.
 * Only successes are kept; after an error the key can be used again.
 */
import { createHash } from 'node:crypto';
import {
  applyDecorators,
  Injectable,
  Logger,
  SetMetadata,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ApiExtension } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { catchError, mergeMap, of, type Observable } from 'rxjs';
import { ApiProblem } from '#http';
import type { Authenticated } from '../access/access.guard.js';
import { uploadMark } from './upload.js';
import { IdempotencyRepository, type Claim, type Kept } from './idempotency.repository.js';

const SECRET_KEY = 'secret-answer';
export const SECRET_EXTENSION = 'x-secret-answer';
/** The answer contains a secret that is shown once, so that it is not kept for repeated requests. */
export const SecretAnswer = (): MethodDecorator =>
  applyDecorators(SetMetadata(SECRET_KEY, true), ApiExtension(SECRET_EXTENSION, true));

const VISIBLE = /^[\x21-\x7e]{1,255}$/;
/** Response headers that are kept with the body. */
const KEPT_HEADERS = ['etag', 'location'];

@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  private readonly log = new Logger('idempotency');

  constructor(
    private readonly store: IdempotencyRepository,
    private readonly reflector: Reflector,
  ) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    if (context.getType() !== 'http') return next.handle();
    const request = context.switchToHttp().getRequest<Authenticated>();
    const key = request.headers['idempotency-key'];
    if (request.method !== 'POST' || key === undefined || !request.caller) return next.handle();
    if (typeof key !== 'string' || !VISIBLE.test(key))
      throw new ApiProblem('invalid', 'Idempotency-Key: give 1 to 255 visible characters, best a UUID');

    const reply = context.switchToHttp().getResponse<FastifyReply>();
    const claim: Claim = {
      caller: request.caller.id,
      key,
      request: `${request.method} ${request.url}`,
      bodyHash: hashOf(request.upload ? uploadMark(request.headers) : request.body),
      at: new Date(),
    };
    const before = await this.store.claim(claim);
    if (before) return of(replayed(before, claim, reply));

    const secret = this.reflector.get<boolean | undefined>(SECRET_KEY, context.getHandler()) === true;
    return next.handle().pipe(
      catchError((error: unknown) => this.failed(claim, error)),
      mergeMap((body: unknown) => this.done(claim, reply, body, secret)),
    );
  }

  private async failed(claim: Claim, error: unknown): Promise<never> {
    await this.store
      .release(claim)
      .catch((fault: unknown) =>
        this.log.warn(fault, 'an idempotency key of a failed request was not released'),
      );
    throw error;
  }

  /** The request has succeeded: answer it also if the answer cannot be kept. */
  private async done<Body>(claim: Claim, reply: FastifyReply, body: Body, secret: boolean): Promise<Body> {
    await this.keep(claim, reply, body, secret).catch((fault: unknown) =>
      this.log.warn(fault, 'an answer was not kept for its idempotency key'),
    );
    return body;
  }

  private async keep(claim: Claim, reply: FastifyReply, body: unknown, secret: boolean): Promise<void> {
    const status = reply.statusCode;
    if (status < 200 || status > 299) return this.store.release(claim);
    const headers = Object.fromEntries(
      KEPT_HEADERS.map((name) => [name, reply.getHeader(name)]).filter(([, value]) => value !== undefined),
    ) as Record<string, string>;
    const response = secret || body === undefined ? null : JSON.stringify(body);
    await this.store.keep(claim, { status, response, headers, secret });
  }
}

/** The kept answer. @throws ApiProblem conflict if there is none that may be returned */
function replayed(kept: Kept, claim: Claim, reply: FastifyReply): unknown {
  if (kept.request !== claim.request) throw conflict(`this key was used for ${kept.request}; take a new one`);
  if (kept.bodyHash !== claim.bodyHash) throw conflict('this key was used with another body; take a new one');
  if (kept.status === null)
    throw conflict('the first request with this key is in progress; ask again in a moment');
  if (kept.secret)
    throw conflict(
      'this was done already, and its answer held a secret that is shown once; if it was lost, have a new one issued',
    );
  reply.status(kept.status).headers({ ...kept.headers, 'idempotency-replayed': 'true' });
  return kept.response === null ? undefined : (JSON.parse(kept.response) as unknown);
}

function conflict(why: string): ApiProblem {
  return new ApiProblem('conflict', `Idempotency-Key: ${why}`);
}

function hashOf(body: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(body ?? null))
    .digest('hex');
}
