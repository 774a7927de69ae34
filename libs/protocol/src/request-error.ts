/**
 * Errors of requests on the bus. Every reply is the answer or such an error, so that the caller learns why a request failed. A
 * `RequestProblem` that a handler throws is thrown again at the caller, with the same code, text and fields.
 */
import { z } from 'zod';
import { FieldProblem, fieldProblems, inOneLine, MOST_FIELDS } from './field-problems.js';
import { HubError, MAX_DETAIL_LENGTH, ResultCode, toHubError } from './results.js';

export const RequestError = z
  .object({
    code: ResultCode,
    text: z
      .string()
      .max(MAX_DETAIL_LENGTH)
      .describe('What is wrong and what to do, for the operator and the log'),
    field: z.string().max(200).optional().describe('Path of the first field that is wrong'),
    fields: z.array(FieldProblem).max(MOST_FIELDS).optional().describe('Every field that is wrong, up to 20'),
  })
  .meta({
    id: 'RequestError',
    description:
      'Reply to a request on the bus that failed. A reply with `text` is an error; an answer has none',
  });
export type RequestError = z.infer<typeof RequestError>;

interface NamedFields {
  field?: string | undefined;
  fields?: readonly FieldProblem[] | undefined;
  cause?: unknown;
}

/** An error of a request on the bus, with the fields that are wrong. A handler may also throw any other `HubError`. */
export class RequestProblem extends HubError {
  readonly fields: readonly FieldProblem[];
  /** Path of the first field that is wrong. */
  readonly field: string | undefined;

  constructor(code: ResultCode, text: string, { field, fields = [], ...options }: NamedFields = {}) {
    super(code, text, options);
    this.fields = fields.slice(0, MOST_FIELDS);
    this.field = field ?? fields[0]?.path;
  }
}

/** The body of a request, checked. @throws RequestProblem 30 that names every field that is wrong */
export function checkedBody<Body>(schema: z.ZodType<Body>, body: unknown): Body {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const fields = fieldProblems(schema, parsed.error, body);
  throw new RequestProblem('30', fields.map(inOneLine).join('; '), { fields });
}

/** The reply to a request whose handler threw. */
export function errorReply(thrown: unknown): RequestError {
  const error = toHubError(thrown);
  const { code, detail: text } = error;
  if (!(error instanceof RequestProblem) || error.field === undefined) return { code, text };
  const { field, fields } = error;
  return { code, text, field, ...(fields.length > 0 ? { fields: [...fields] } : {}) };
}

/** What the caller throws for a reply that is an error. */
export function problemOfReply({ code, text, ...named }: RequestError): RequestProblem {
  return new RequestProblem(code, text, named);
}
