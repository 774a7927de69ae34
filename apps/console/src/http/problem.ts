/** Every error of the API as problem+json (RFC 9457), with our result code. */
import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { HubError, RESULTS, type ResultCode } from '#protocol';
import type { Log } from '#service';

export const Problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.string().describe('Result code; docs/generated/result-codes.md'),
    detail: z.string(),
    errors: z.array(z.object({ field: z.string(), rule: z.string() })).optional(),
  })
  .meta({
    id: 'Problem',
    examples: [
      {
        type: 'about:blank',
        title: 'Bad Request',
        status: 400,
        code: '30',
        detail: 'terms.validTo: must be after validFrom',
        errors: [{ field: 'terms.validTo', rule: 'must be after validFrom' }],
      },
    ],
  });
export type Problem = z.infer<typeof Problem>;

export class ValidationProblem extends HubError {
  constructor(readonly errors: { field: string; rule: string }[]) {
    super('30', errors.map(({ field, rule }) => `${field}: ${rule}`).join('; '));
  }
}

const CODE_OF_STATUS: Record<number, ResultCode> = {
  400: '30',
  401: '31',
  403: '36',
  404: '14',
  409: '94',
  412: '30',
  413: '61',
  415: '30',
  428: '30',
  429: '65',
  503: '91',
};

@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly log: Log) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const problem = toProblem(thrown);
    if (problem.status >= 500) {
      const request = host.switchToHttp().getRequest<FastifyRequest>();
      this.log.error(
        { err: thrown, method: request.method, path: request.url.split('?')[0] },
        'request failed',
      );
    }
    void reply.status(problem.status).type('application/problem+json').send(problem);
  }
}

export function toProblem(thrown: unknown): Problem {
  if (thrown instanceof HubError) {
    const errors = thrown instanceof ValidationProblem ? { errors: thrown.errors } : {};
    return problem(RESULTS[thrown.code].http, thrown.code, thrown.detail, errors);
  }
  if (thrown instanceof HttpException) {
    const status = thrown.getStatus();
    const body = thrown.getResponse();
    // Health answers carry their own body.
    if (typeof body === 'object' && 'checks' in body)
      return { ...problem(status, '91', 'not ready'), ...body, status };
    return problem(status, CODE_OF_STATUS[status] ?? '96', thrown.message);
  }
  const status = (thrown as { statusCode?: number }).statusCode;
  if (status !== undefined && status < 500)
    return problem(status, CODE_OF_STATUS[status] ?? '30', (thrown as Error).message);
  return problem(500, '96', 'A fault on our side; the log has the details.');
}

function problem(status: number, code: ResultCode, detail: string, more: Partial<Problem> = {}): Problem {
  return { type: `urn:hutong:result:${code}`, title: RESULTS[code].name, status, code, detail, ...more };
}
