/**
 * Versions of resources that people edit: answers have an ETag, changes need If-Match (RFC 9110 §13.1.1), so that nobody overwrites a
 * version that they have not read.
 */
import type { FastifyReply } from 'fastify';
import { ApiProblem, ValidationProblem } from '#http';

/** Header of routes that edit, for the OpenAPI document. */
export const IF_MATCH = {
  name: 'If-Match',
  required: true,
  description: 'The `ETag` of the resource as you have read it; a list of several, or `*` for any version',
  schema: { type: 'string', maxLength: 500 },
};

/** Response header of routes with a version, for the OpenAPI document. */
export const ETAG = {
  ETag: {
    description: 'Version of the resource: send it as `If-Match` to change the resource',
    schema: { type: 'string' as const, maxLength: 100 },
    example: '"3"',
  },
};

/** An entity tag of RFC 9110 §8.8.3; a weak one has the prefix W/. */
const TAG = /^(W\/)?"[\x21\x23-\x7e\x80-\u{10ffff}]*"$/u;
/** Maximum number of tags in If-Match. */
const MOST_TAGS = 100;

export function tagged<View>(reply: FastifyReply, version: number, view: View): View {
  reply.header('etag', `"${version}"`);
  return view;
}

/** @throws ApiProblem 428 without If-Match, 412 if it names other versions only, 400 if it is malformed */
export function expectVersion(ifMatch: string | undefined, version: number): void {
  if (ifMatch === undefined)
    throw new ApiProblem(
      'version-required',
      `If-Match is missing: send the version that you have read, such as If-Match: "${version}"`,
    );
  if (!matches(ifMatch, version))
    throw new ApiProblem(
      'version-mismatch',
      `If-Match: the present version is "${version}"; read the resource again before you change it`,
    );
}

/** If-Match compares strongly: a weak tag matches nothing, not even the version that it names. */
function matches(ifMatch: string, version: number): boolean {
  const list = ifMatch.trim();
  if (list === '*') return true;
  const tags = list
    .split(',')
    .map((tag) => tag.trim())
    .filter((tag) => tag !== '');
  if (tags.length === 0 || tags.length > MOST_TAGS || !tags.every((tag) => TAG.test(tag)))
    throw new ValidationProblem([
      { field: 'If-Match', rule: 'expected `*`, or entity tags in quotes with commas between them' },
    ]);
  return tags.includes(`"${version}"`);
}
