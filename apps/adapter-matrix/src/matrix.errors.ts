/** Matrix errors <-> result codes. */
import { ConnectionError, HTTPError, MatrixError } from 'matrix-js-sdk';
import { HubError, type ResultCode } from '#protocol';

const CODE_OF: Record<string, ResultCode> = {
  M_NOT_FOUND: '14',
  M_USER_DEACTIVATED: '14',
  M_FORBIDDEN: '40',
  M_INVITE_BLOCKED: '40',
  M_TOO_LARGE: '61',
  M_LIMIT_EXCEEDED: '65',
  M_UNRECOGNIZED: '12',
  M_BAD_JSON: '30',
  M_NOT_JSON: '30',
  M_UNKNOWN_TOKEN: '91',
  M_EXCLUSIVE: '96',
};

/** The error of a request to the homeserver as a HubError; 91 when there was no answer. */
export function fromMatrix(thrown: unknown): HubError {
  if (thrown instanceof HubError) return thrown;
  if (thrown instanceof MatrixError) {
    const status = thrown.httpStatus ?? 0;
    if (thrown.errcode === 'M_LIMIT_EXCEEDED' || status === 429)
      return new HubError('65', 'the homeserver asks for patience', {
        retryAfterMs: Number(thrown.data['retry_after_ms'] ?? 1000),
      });
    const code = CODE_OF[thrown.errcode ?? ''] ?? codeOfStatus(status);
    return new HubError(code, `${status} ${thrown.errcode ?? ''}: ${thrown.data.error ?? ''}`.slice(0, 300));
  }
  if (thrown instanceof ConnectionError || thrown instanceof HTTPError || thrown instanceof TypeError)
    return new HubError('91', 'the homeserver does not answer', { cause: thrown });
  // AbortError: our own time limit.
  if (thrown instanceof Error && thrown.name === 'AbortError')
    return new HubError('91', 'the homeserver took too long');
  return new HubError('96', thrown instanceof Error ? thrown.message : String(thrown), { cause: thrown });
}

/** A proxy without a homeserver behind it says 502 to 504; what fails in the homeserver itself is counted as an attempt. */
function codeOfStatus(status: number): ResultCode {
  if (status >= 502 && status <= 504) return '91';
  if (status >= 500) return '96';
  return status === 404 ? '14' : '100';
}

export function errcodeOf(thrown: unknown): string | undefined {
  return thrown instanceof MatrixError ? thrown.errcode : undefined;
}

export function statusOf(thrown: unknown): number | undefined {
  return thrown instanceof MatrixError ? thrown.httpStatus : undefined;
}

/** Answers to requests of the homeserver. */
export const MATRIX_ERRORS: Partial<Record<ResultCode, { status: number; errcode: string }>> = {
  '14': { status: 404, errcode: 'M_NOT_FOUND' },
  '15': { status: 404, errcode: 'M_NOT_FOUND' },
  '30': { status: 400, errcode: 'M_BAD_JSON' },
  '31': { status: 403, errcode: 'M_FORBIDDEN' },
  '61': { status: 413, errcode: 'M_TOO_LARGE' },
  '65': { status: 429, errcode: 'M_LIMIT_EXCEEDED' },
  '91': { status: 503, errcode: 'M_UNKNOWN' },
};

/** The homeserver does not let this user do it. */
export function isForbidden(thrown: unknown): boolean {
  return thrown instanceof HubError && thrown.detail.includes('M_FORBIDDEN');
}
