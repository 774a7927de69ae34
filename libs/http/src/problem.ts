/** Every error of the API as problem+json (RFC 9457), with a type of `PROBLEMS`. */
import { Catch, HttpException, Inject, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { HubError, RESULTS, toHubError, type ResultCode } from '#protocol';
import { LOG, type Log } from '#service';
import { AllowedMethods } from './allowed-methods.js';
import { ApiProblem, PROBLEMS, problemUri, type ProblemKind } from './problems.js';

export const Problem = z
  .object({
    type: z.string().max(300).describe('One of the types in the description of this API'),
    title: z.string().max(300),
    status: z.int(),
    code: z
      .string()
      .max(3)
      .optional()
      .describe('Result code of a delivery, where one is meant; docs/generated/result-codes.md'),
    detail: z.string().max(4000),
    errors: z
      .array(z.object({ field: z.string().max(300), rule: z.string().max(4000) }))
      .max(1000)
      .optional()
      .describe('The fields and parameters that were refused'),
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

/** Result codes that say of a request what a type of the API says, too. All others are meant as result codes. */
const KIND_OF_CODE: Partial<Record<ResultCode, ProblemKind>> = {
  '14': 'not-found',
  '15': 'not-found',
  '30': 'invalid',
  '31': 'unauthenticated',
  '36': 'forbidden',
  '61': 'too-large',
  '65': 'too-many-requests',
  '91': 'unavailable',
  '94': 'conflict',
  '96': 'internal',
};

/** A 401 says how to authenticate (RFC 9110 §15.5.2). */
const CHALLENGE = { 'www-authenticate': 'Bearer realm="hutong"' };

const KIND_OF_STATUS = new Map<number, ProblemKind>(
  Object.entries(PROBLEMS).map(([kind, { status }]) => [status, kind as ProblemKind]),
);

@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    @Inject(LOG) private readonly log: Log,
    @Inject(AllowedMethods) private readonly allowed: Pick<AllowedMethods, 'of'>,
  ) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const error = this.otherMethod(thrown, request) ?? thrown;
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

function headersOf(error: unknown): Record<string, string> {
  if (error instanceof ApiProblem) return error.headers;
  if (error instanceof HubError && error.retryAfterMs !== undefined)
    return { 'retry-after': String(Math.ceil(error.retryAfterMs / 1000)) };
  return {};
}

export function toProblem(thrown: unknown): Problem {
  if (thrown instanceof ApiProblem) {
    const { kind, detail, errors } = thrown;
    return problem(kind, detail, errors ? { errors } : {});
  }
  if (thrown instanceof HubError) return problemOfResult(thrown);
  if (thrown instanceof HttpException) return problemOfHttp(thrown);
  const { statusCode, message } = thrown as { statusCode?: number; message: string };
  if (statusCode !== undefined && statusCode < 500)
    return problem(KIND_OF_STATUS.get(statusCode) ?? 'invalid', message);
  return problem('internal', 'A fault on our side; the log has the details.');
}

function problemOfResult({ code, detail }: HubError): Problem {
  const kind = KIND_OF_CODE[code];
  if (kind) return problem(kind, detail, { code });
  const { http, name } = RESULTS[code];
  return { type: `urn:hutong:result:${code}`, title: name, status: http, code, detail };
}

function problemOfHttp(thrown: HttpException): Problem {
  const status = thrown.getStatus();
  const body = thrown.getResponse();
  // Health answers carry their own body.
  if (typeof body === 'object' && 'checks' in body)
    return { ...problem('unavailable', 'not ready'), ...body, status };
  const kind = KIND_OF_STATUS.get(status) ?? (status < 500 ? 'invalid' : 'internal');
  return problem(kind, thrown.message);
}

function problem(kind: ProblemKind, detail: string, more: Partial<Problem> = {}): Problem {
  const { title, status } = PROBLEMS[kind];
  return { type: problemUri(kind), title, status, detail, ...more };
}

/** For answers on the bus, which know result codes only. */
export function resultOf(thrown: unknown): HubError {
  return thrown instanceof ApiProblem
    ? new HubError(PROBLEMS[thrown.kind].code, thrown.detail, { cause: thrown })
    : toHubError(thrown);
}
