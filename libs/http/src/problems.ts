/**
 * Problem types: an HTTP API of the hub answers every refused or failed request with problem+json (RFC 9457) and one of these
 * types. Result codes (`RESULTS` in libs/protocol) are another table: they say how a delivery ended.
 */

interface ProblemType {
  /** HTTP status. */
  status: number;
  title: string;
  /** What happened, for the caller. */
  text: string;
  /** What the caller can do. */
  action: string;
}

function type(status: number, title: string, text: string, action: string): ProblemType {
  return { status, title, text, action };
}

export const PROBLEMS = {
  invalid: type(
    400,
    'Invalid request',
    'A field, a parameter or a header does not match its schema or a rule of this operation. Unknown fields and query parameters are refused as well.',
    'Correct the fields named in `errors` or `detail`.',
  ),
  unauthenticated: type(
    401,
    'Not signed in',
    'The request has no API key and no session, or its key or session is unknown, expired or revoked.',
    'Send `Authorization: Bearer <key>` with a valid key, or sign in.',
  ),
  'sign-in-failed': type(
    401,
    'Sign-in failed',
    'There is no such person, or the password or the code is wrong. The answer does not say which.',
    'Check the name, the password and the clock of the device that shows the code.',
  ),
  'second-factor-required': type(
    401,
    'A code is required',
    'The password is right, and this person has a second factor.',
    'Send the request again with the present code of the authenticator as `code`.',
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
    'Check the number, or ask the person for the address.',
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
    'Read the resource again. `detail` says what does not allow the operation.',
  ),
  gone: type(
    410,
    'Gone',
    'The resource existed, but it has expired or was used up.',
    'Start the procedure from the beginning.',
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
    'The request body, or an entry that it would create, is larger than a limit.',
    'Send less. `detail` names the limit.',
  ),
  'unsupported-media-type': type(
    415,
    'Unsupported media type',
    'The request body has a type that this operation does not take.',
    'Send the body as `application/json`, or as the type that the operation names.',
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
    'A rate limit of this operation is used up, or too many wrong API keys came from your address.',
    'Wait for the number of seconds in `Retry-After`.',
  ),
  internal: type(
    500,
    'Internal error',
    'The server failed. Its log has the details.',
    'Send the request again later. If it fails again, report the time of the request to an admin.',
  ),
  unavailable: type(
    503,
    'Unavailable',
    'A component that this operation needs is not available at present. `detail` names it.',
    'Send the request again later.',
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

/** Error that controllers and services throw; `ProblemFilter` turns it into the answer. */
export class ApiProblem extends Error {
  override readonly name: string = 'ApiProblem';
  readonly errors: FieldError[] | undefined;
  readonly headers: Record<string, string>;

  constructor(
    readonly kind: ProblemKind,
    /** What was wrong or not found, for the caller. Contains no secrets. */
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

/** Fields or parameters that do not match the schema of the route. */
export class ValidationProblem extends ApiProblem {
  constructor(errors: FieldError[]) {
    super('invalid', errors.map(({ field, rule }) => `${field}: ${rule}`).join('; '), { errors });
  }
}

export function problemUri(kind: ProblemKind): string {
  return `urn:hutong:problem:${kind}`;
}

/** Markdown table of all types, for the OpenAPI document and docs/generated/problems.md. */
export function problemTable(): string {
  const rows = PROBLEM_KINDS.map((kind) => {
    const { status, title, text, action } = PROBLEMS[kind];
    return `| \`${problemUri(kind)}\` | ${status} | ${title} | ${text} | ${action} |`;
  });
  return ['| type | status | title | meaning | what to do |', '|---|---|---|---|---|', ...rows].join('\n');
}
