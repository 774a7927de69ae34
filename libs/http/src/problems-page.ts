/** docs/generated/problems.md: the problem types of the REST API. */
import { problemTable } from './problems.js';

export function problemsPage(): string {
  return [
    '# Problem types of the REST API',
    '',
    'Generated from `libs/http/src/problems.ts` by `npm run docs`.',
    '',
    'An error of the REST API is `application/problem+json` (RFC 9457): `type`, `title`, `status`, `detail` and, for refused',
    'fields, `errors`. [openapi.json](openapi.json) names the types of each operation. Result codes of messages are another',
    'table: [result-codes.md](result-codes.md).',
    '',
    problemTable(),
    '',
  ].join('\n');
}
