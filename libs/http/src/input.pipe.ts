/** Validates every parameter and body against the schema of its route, and refuses fields that the schema does not name. */
import { Injectable, type ArgumentMetadata, type PipeTransform } from '@nestjs/common';
import type { z } from 'zod';
import { ValidationProblem, type FieldError } from './problems.js';
import { unknownFields } from './unknown-fields.js';

type Path = readonly (PropertyKey | { key: PropertyKey })[];

const UNKNOWN = { body: 'no such field', query: 'no such query parameter' } as const;
/** Maximum number of errors in one answer, so that the answer does not repeat a large request. */
const MOST_ERRORS = 20;

@Injectable()
export class InputPipe implements PipeTransform {
  async transform(value: unknown, { type, schema, data }: ArgumentMetadata): Promise<unknown> {
    if (type === 'custom' || !schema) return value;
    const result = await schema['~standard'].validate(value);
    const errors = [...unknown(value, type, schema as z.core.$ZodType), ...wrong(result.issues ?? [])].map(
      ({ path, rule }) => ({ field: fieldOf(data === undefined ? path : [data, ...path]), rule }),
    );
    if (errors.length > 0) throw new ValidationProblem(errors.slice(0, MOST_ERRORS));
    return result.issues ? undefined : result.value;
  }
}

function unknown(value: unknown, type: ArgumentMetadata['type'], schema: z.core.$ZodType) {
  const rule = type === 'body' || type === 'query' ? UNKNOWN[type] : undefined;
  return rule === undefined ? [] : unknownFields(schema, value).map((path) => ({ path, rule }));
}

function wrong(issues: readonly { message: string; path?: Path | undefined }[]) {
  return issues
    .filter((issue) => (issue as { code?: string }).code !== 'unrecognized_keys')
    .map(({ path = [], message }) => ({ path, rule: message }));
}

function fieldOf(path: Path): FieldError['field'] {
  return path.map((part) => String(typeof part === 'object' ? part.key : part)).join('.') || '(body)';
}
