/** Adds the headers Idempotency-Key and Idempotency-Replayed to every POST of the OpenAPI document that needs an API key. */
import type { OpenAPIObject } from '@nestjs/swagger';

const HEADER = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description:
    'A repeated request with the same key within 24 hours is not carried out again: it gets the first answer',
  schema: { type: 'string', minLength: 1, maxLength: 255 },
} as const;

const REPLAYED = {
  'Idempotency-Replayed': {
    description: 'true: the first answer to this `Idempotency-Key`; nothing was done now',
    schema: { type: 'string' as const, enum: ['true'] },
    example: 'true',
  },
};

export function withIdempotencyKey(document: OpenAPIObject): OpenAPIObject {
  for (const { post } of Object.values(document.paths)) {
    if (!post?.security?.length) continue;
    post.parameters = [...(post.parameters ?? []), HEADER];
    for (const [status, response] of Object.entries(post.responses))
      if (status.startsWith('2') && response && !('$ref' in response))
        response.headers = { ...response.headers, ...REPLAYED };
  }
  return document;
}
