/**
 * What an HTTP API of the hub answers when it refuses or fails a request: problem+json (RFC 9457) with a type from this table. The
 * result codes of messages (`RESULTS` of libs/protocol) are a table of their own: they say how a delivery ended.
 */

interface ProblemType {
  /** HTTP status. */
  status: number;
  title: string;
  /** What has happened, for the caller. */
  text: string;
  /** What the caller does about it. */
  action: string;
}

function type(status: number, title: string, text: string, action: string): ProblemType {
  return { status, title, text, action };
}

export const PROBLEMS = {
  invalid: type(
    400,
    'Invalid request',
    'A field, a parameter or a header does not match its schema or a rule of this operation. Unknown fields and query parameters are refused, too.',
    'Correct the fields named in `errors` or `detail`.',
  ),
  unauthenticated: type(
    401,
    'No valid API key',
    'The request has no API key, or its key is unknown, expired or revoked.',
    'Send `Authorization: Bearer <key>` with a valid key.',
  ),
  forbidden: type(
    403,
    'Not allowed',
    'The key is valid, but its role or its network does not allow this operation.',
    'Ask a person whose role has the permission named in `detail`.',
  ),
  'not-found': type(
    404,
    'Not found',
    'There is no such resource, or it belongs to another network.',
    'Check the id.',
  ),
  'no-network-for-number': type(
    404,
    'No network serves this number',
    'The number is not ported, no subscriber has linked it, and no prefix route covers it.',
    'Check the number, or propose a route for its prefix.',
  ),
  'nobody-reachable': type(
    404,
    'Nobody can be reached there',
    'The number has no subscriber, or the subscriber does not want to be found. The answer does not say which.',
    'Check the number, or ask the person for their address.',
  ),
  'method-not-allowed': type(
    405,
    'Method not allowed',
    'The path exists, but not with this method.',
    'Use one of the methods in the header `Allow`.',
  ),
  conflict: type(
    409,
    'Conflict',
    'The state of the resource does not allow this operation, or the resource exists already.',
    'Read the resource again, then decide.',
  ),
  gone: type(
    410,
    'Gone',
    'The resource existed, but it has expired or was used up.',
    'Start the procedure again.',
  ),
  'version-mismatch': type(
    412,
    'The version does not match',
    'The resource has changed since you read it.',
    'Read the resource again and send its `ETag` as `If-Match`.',
  ),
  'too-large': type(
    413,
    'Too large',
    'The request body, or an entry that it would make, is over a size limit.',
    'Send less: `detail` names the limit.',
  ),
  'unsupported-media-type': type(
    415,
    'Unsupported media type',
    'The request body is not JSON.',
    'Send the body as `application/json`.',
  ),
  'version-required': type(
    428,
    'The version is required',
    'This operation needs the header `If-Match`.',
    'Read the resource and send its `ETag` as `If-Match`.',
  ),
  'too-many-requests': type(
    429,
    'Too many requests',
    'A rate limit of this operation was reached, or too many wrong API keys came from your address.',
    'Wait for the number of seconds in `Retry-After`.',
  ),
  internal: type(
    500,
    'Internal error',
    'The console failed. Its log has the details.',
    'Try again later. If it persists, report it with the time of the request.',
  ),
  unavailable: type(
    503,
    'Unavailable',
    'Something that this operation needs is not available at present: `detail` names it.',
    'Try again later.',
  ),
} as const satisfies Record<string, ProblemType>;

export type ProblemKind = keyof typeof PROBLEMS;
export const PROBLEM_KINDS = Object.keys(PROBLEMS) as ProblemKind[];

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

/** Some fields or parameters do not match the schema of the route. */
export class ValidationProblem extends ApiProblem {
  constructor(errors: FieldError[]) {
    super('invalid', errors.map(({ field, rule }) => `${field}: ${rule}`).join('; '), { errors });
  }
}

export function problemUri(kind: ProblemKind): string {
  return `urn:hutong:problem:${kind}`;
}

/** One row for each type, for the OpenAPI document and for docs/generated/problems.md. */
export function problemTable(): string {
  const rows = PROBLEM_KINDS.map((kind) => {
    const { status, title, text, action } = PROBLEMS[kind];
    return `| \`${problemUri(kind)}\` | ${status} | ${title} | ${text} | ${action} |`;
  });
  return ['| type | status | title | meaning | what to do |', '|---|---|---|---|---|', ...rows].join('\n');
}
