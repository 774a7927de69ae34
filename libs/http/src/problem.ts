/** Answers every error as problem+json (RFC 9457) with a type of `PROBLEMS`. */
import { Catch, HttpException, Inject, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { HubError } from '#protocol';
import { LOG, type Log } from '#service';
import { AllowedMethods } from './allowed-methods.js';
import { problemOfError } from './problem-results.js';
import { ApiProblem, PROBLEMS, problemUri, type ProblemKind } from './problems.js';

export const Problem = z
  .object({
    type: z.string().max(300).describe('One of the problem types of this API: docs/generated/problems.md'),
    title: z.string().max(300).describe('Name of the problem type'),
    status: z.int().describe('HTTP status'),
    detail: z.string().max(4000).describe('What was wrong in this request'),
    errors: z
      .array(z.object({ field: z.string().max(300), rule: z.string().max(4000) }))
      .max(1000)
      .optional()
      .describe('Fields and parameters that were refused, with the rule that each breaks'),
  })
  .meta({
    id: 'Problem',
    examples: [
      {
        type: problemUri('invalid'),
        title: PROBLEMS.invalid.title,
        status: 400,
        detail: 'terms.validTo: must be after validFrom',
        errors: [{ field: 'terms.validTo', rule: 'must be after validFrom' }],
      },
    ],
  });
export type Problem = z.infer<typeof Problem>;

/** Header of every 401 (RFC 9110 §15.5.2). */
const CHALLENGE = { 'www-authenticate': 'Bearer realm="hutong"' };

/** Problem type of an error that NestJS or Fastify throws, by its HTTP status. */
export const KIND_OF_STATUS: ReadonlyMap<number, ProblemKind> = new Map<number, ProblemKind>([
  [400, 'invalid'],
  [401, 'unauthenticated'],
  [403, 'forbidden'],
  [404, 'not-found'],
  [405, 'method-not-allowed'],
  [409, 'conflict'],
  [410, 'gone'],
  [412, 'version-mismatch'],
  [413, 'too-large'],
  [415, 'unsupported-media-type'],
  [428, 'version-required'],
  [429, 'too-many-requests'],
  [500, 'internal'],
  [503, 'unavailable'],
]);

@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    @Inject(LOG) private readonly log: Log,
    @Inject(AllowedMethods) private readonly allowed: Pick<AllowedMethods, 'of'>,
  ) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const error = this.otherMethod(thrown, request) ?? asProblem(thrown);
    const problem = toProblem(error);
    if (problem.status >= 500)
      this.log.error(
        { err: thrown, method: request.method, path: request.url.split('?')[0] },
        'request failed',
      );
    reply
      .status(problem.status)
      .headers({ ...(problem.status === 401 ? CHALLENGE : {}), ...headersOf(error) })
      .type('application/problem+json')
      .send(problem);
  }

  /** The router of Fastify answers 404 where the path is right and the method is not. */
  private otherMethod(thrown: unknown, request: FastifyRequest): ApiProblem | undefined {
    if (!request.is404 || !(thrown instanceof HttpException)) return undefined;
    const allowed = this.allowed.of(request.url.split('?')[0] ?? '');
    if (allowed.length === 0 || allowed.includes(request.method)) return undefined;
    const allow = allowed.join(', ');
    const detail = `${request.method}: this path has ${allow}`;
    return new ApiProblem('method-not-allowed', detail, { headers: { allow } });
  }
}

/** Replies of the bus and parsers of libs/protocol have result codes. */
function asProblem(thrown: unknown): unknown {
  return thrown instanceof HubError ? problemOfError(thrown) : thrown;
}

function headersOf(error: unknown): Record<string, string> {
  return error instanceof ApiProblem ? error.headers : {};
}

export function toProblem(error: unknown): Problem {
  const thrown = asProblem(error);
  if (thrown instanceof ApiProblem) {
    const { kind, detail, errors } = thrown;
    return problem(kind, detail, errors ? { errors } : {});
  }
  if (thrown instanceof HttpException) return problemOfHttp(thrown);
  const { statusCode, message } = thrown as { statusCode?: number; message: string };
  if (statusCode !== undefined && statusCode < 500)
    return problem(KIND_OF_STATUS.get(statusCode) ?? 'invalid', message);
  return problem('internal', 'The server failed. Its log has the details.');
}

function problemOfHttp(thrown: HttpException): Problem {
  const status = thrown.getStatus();
  const body = thrown.getResponse();
  // Answers of health checks have a body of their own.
  if (typeof body === 'object' && 'checks' in body)
    return { ...problem('unavailable', 'not ready'), ...body, status };
  const kind = KIND_OF_STATUS.get(status) ?? (status < 500 ? 'invalid' : 'internal');
  return problem(kind, thrown.message);
}

function problem(kind: ProblemKind, detail: string, more: Partial<Problem> = {}): Problem {
  const { title, status } = PROBLEMS[kind];
  return { type: problemUri(kind), title, status, detail, ...more };
}
