/** COMPAT(@nestjs/swagger 12): writes exclusive bounds as in OpenAPI 3.0, which is invalid in 3.1. */
import type { OpenAPIObject } from '@nestjs/swagger';

export function withOpenBounds(document: OpenAPIObject): OpenAPIObject {
  return JSON.parse(JSON.stringify(document), (_, value: unknown) => opened(value)) as OpenAPIObject;
}

function opened(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const schema = { ...value } as Record<string, unknown>;
  for (const [open, bound] of [
    ['exclusiveMinimum', 'minimum'],
    ['exclusiveMaximum', 'maximum'],
  ] as const) {
    if (schema[open] !== true) continue;
    schema[open] = schema[bound];
    delete schema[bound];
  }
  return schema;
}
