/** docs/generated/problems.md: the problem types of the REST API. */
import { problemTable } from './problems.js';

export function problemsPage(): string {
  return [
    '# Problem types of the REST API',
    '',
    'Generated from `libs/http/src/problems.ts` by `npm run docs`.',
    '',
    'The REST API answers errors as `application/problem+json` (RFC 9457) with `type`, `title`, `status`, `detail` and, for refused',
    'fields, `errors`. [openapi.json](openapi.json) lists the types of each operation. Messages have result codes instead:',
    '[result-codes.md](result-codes.md).',
    '',
    problemTable(),
    '',
  ].join('\n');
}
