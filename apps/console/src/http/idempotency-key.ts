/** The header Idempotency-Key in the documentation: every POST that needs a key takes it, so no route says so itself. */
import type { OpenAPIObject } from '@nestjs/swagger';

const HEADER = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description:
    'The same key with the same request within 24 hours is done once and gets the first answer again',
  schema: { type: 'string', minLength: 1, maxLength: 255 },
} as const;

export function withIdempotencyKey(document: OpenAPIObject): OpenAPIObject {
  for (const { post } of Object.values(document.paths))
    if (post?.security?.length) post.parameters = [...(post.parameters ?? []), HEADER];
  return document;
}
