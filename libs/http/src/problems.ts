/**
 * What an HTTP API of the hub answers when it does not do what was asked: problem+json (RFC 9457) with a type from this table. The
 * result codes of messages (`RESULTS`) are a table of their own: they say how a delivery ended, not how a request did.
 */
import type { ResultCode } from '#protocol';

interface ProblemType {
  title: string;
  status: number;
  /** What the caller does about it, for the documentation. */
  todo: string;
  /** The nearest result code, for the same error in an answer on the bus, where there are no problems. */
  code: ResultCode;
}

function type(status: number, title: string, code: ResultCode, todo: string): ProblemType {
  return { title, status, todo, code };
}

export const PROBLEMS = {
  invalid: type(400, 'Invalid request', '30', 'Correct the fields named in `errors` or `detail`.'),
  unauthenticated: type(
    401,
    'No valid API key',
    '31',
    'Send `Authorization: Bearer <key>` with a valid key.',
  ),
  forbidden: type(403, 'Not allowed', '36', 'Ask somebody whose role has the permission named in `detail`.'),
  'not-found': type(
    404,
    'Not found',
    '14',
    'Check the id. What belongs to another network is answered like what does not exist.',
  ),
  'method-not-allowed': type(
    405,
    'Method not allowed',
    '30',
    'Use one of the methods in the header `Allow`.',
  ),
  conflict: type(
    409,
    'Conflict',
    '94',
    'Read the resource again: its state does not allow this, or it exists already.',
  ),
  gone: type(410, 'Gone', '68', 'Start again: what was referred to has expired or was used.'),
  'version-mismatch': type(
    412,
    'The version does not match',
    '94',
    'Read the resource again and send its `ETag` as `If-Match`.',
  ),
  'too-large': type(413, 'Too large', '61', 'Send less: `detail` names the limit.'),
  'unsupported-media-type': type(415, 'Unsupported media type', '30', 'Send the body as `application/json`.'),
  'version-required': type(
    428,
    'The version is required',
    '30',
    'Send the `ETag` that was read as `If-Match`.',
  ),
  'too-many-requests': type(429, 'Too many requests', '65', 'Wait for the seconds in `Retry-After`.'),
  internal: type(500, 'Internal error', '96', 'Try again later; report it with the time of the request.'),
  unavailable: type(503, 'Unavailable', '91', 'Try again later: `detail` names what is away.'),
} as const satisfies Record<string, ProblemType>;

export type ProblemKind = keyof typeof PROBLEMS;

export interface FieldError {
  field: string;
  rule: string;
}

export interface ProblemOptions {
  errors?: FieldError[];
  headers?: Record<string, string>;
  cause?: unknown;
}

/** Thrown by controllers and services; `ProblemFilter` answers with it. */
export class ApiProblem extends Error {
  override readonly name: string = 'ApiProblem';
  readonly errors: FieldError[] | undefined;
  readonly headers: Record<string, string>;

  constructor(
    readonly kind: ProblemKind,
    /** For the caller: what was wrong, or not found, by name. Never a secret. */
    readonly detail: string,
    { errors, headers = {}, cause }: ProblemOptions = {},
  ) {
    super(`${kind}: ${detail}`, { cause });
    this.errors = errors;
    this.headers = headers;
  }

  get status(): number {
    return PROBLEMS[this.kind].status;
  }
}

/** Some fields or parameters are not as the schema of the route says. */
export class ValidationProblem extends ApiProblem {
  constructor(errors: FieldError[]) {
    super('invalid', errors.map(({ field, rule }) => `${field}: ${rule}`).join('; '), { errors });
  }
}

export function problemUri(kind: ProblemKind): string {
  return `urn:hutong:problem:${kind}`;
}

/** The table for the description of the API. */
export function problemTable(): string {
  const rows = Object.entries(PROBLEMS).map(
    ([kind, { status, title, todo }]) =>
      `| \`${problemUri(kind as ProblemKind)}\` | ${status} | ${title} | ${todo} |`,
  );
  return ['| type | status | title | what to do |', '|---|---|---|---|', ...rows].join('\n');
}
