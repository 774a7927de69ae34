/** Refuses text that PostgreSQL cannot store, in any field: U+0000 and unpaired surrogates. */
import { Injectable, type ArgumentMetadata, type PipeTransform } from '@nestjs/common';
import { ValidationProblem } from '#http';
import { isStorable } from './free-text.js';

@Injectable()
export class StorableInput implements PipeTransform {
  transform(value: unknown, { type, data }: ArgumentMetadata): unknown {
    if (type === 'custom') return value;
    const field = unstorable(value, data === undefined ? [] : [data]);
    if (field === undefined) return value;
    throw new ValidationProblem([
      { field: field.join('.') || '(body)', rule: 'no character with number zero, no halves of characters' },
    ]);
  }
}

/** @returns the path of the first text that cannot be stored */
function unstorable(value: unknown, path: string[]): string[] | undefined {
  if (typeof value === 'string') return isStorable(value) ? undefined : path;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, inner] of Object.entries(value)) {
    const found = isStorable(key) ? unstorable(inner, [...path, key]) : [...path, '(name of a field)'];
    if (found) return found;
  }
  return undefined;
}
