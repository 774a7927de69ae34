/** An answer of the API that is not a success: RFC 9457. */
export interface FieldFault {
  field: string;
  rule: string;
}

export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  constructor(
    /** Last part of the problem type: `forbidden`, `version-mismatch` ... */
    readonly kind: string,
    readonly status: number,
    readonly title: string,
    readonly detail: string,
    readonly faults: FieldFault[] = [],
    /** Seconds to wait before the next attempt. */
    readonly retryAfter?: number,
  ) {
    super(detail || title);
  }
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function faultsOf(value: unknown): FieldFault[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((item: unknown) =>
    typeof item === 'object' && item !== null && 'field' in item && 'rule' in item
      ? [{ field: text(item.field), rule: text(item.rule) }]
      : [],
  );
}

export function problemOf(status: number, body: unknown, retryAfter: string | null): ApiProblem {
  const fields: Record<string, unknown> = typeof body === 'object' && body !== null ? { ...body } : {};
  const kind = text(fields['type']).split(/[/#:]/).at(-1) || `http-${status}`;
  return new ApiProblem(
    kind,
    status,
    text(fields['title']),
    text(fields['detail']),
    faultsOf(fields['errors']),
    retryAfter && /^\d+$/.test(retryAfter) ? Number(retryAfter) : undefined,
  );
}

/** The server was not reached: no network, or it does not run. */
export function unreachable(cause: unknown): ApiProblem {
  return new ApiProblem('unreachable', 0, '', cause instanceof Error ? cause.message : '');
}
