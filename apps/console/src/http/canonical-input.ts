/** Runs after `InputPipe`: makes every address of a request canonical, or refuses it and names the form that its network expects. */
import { Injectable, type ArgumentMetadata, type PipeTransform } from '@nestjs/common';
import { type FieldError, ValidationProblem } from '#http';
import { networkOf, type Address, type CanonicalAddresses } from '#protocol';
import type { z } from 'zod';
import { IdFoldingsRepository } from '../addresses/id-foldings.repository.js';
import { addressFields, withAddresses, type AddressField } from './address-fields.js';

@Injectable()
export class CanonicalInput implements PipeTransform {
  constructor(private readonly foldings: IdFoldingsRepository) {}

  async transform(value: unknown, { type, schema, data }: ArgumentMetadata): Promise<unknown> {
    if (type === 'custom' || !schema) return value;
    const fields = addressFields(schema as z.core.$ZodType, value);
    if (fields.length === 0) return value;
    const canonical = await this.foldings.canonical();
    const errors: FieldError[] = [];
    const changed = fields.flatMap((field): AddressField[] => {
      const address = folded(canonical, field);
      if (typeof address === 'string') return address === field.address ? [] : [{ ...field, address }];
      errors.push({ field: nameOf(field, data), rule: address.rule });
      return [];
    });
    if (errors.length > 0) throw new ValidationProblem(errors.slice(0, 20));
    return withoutRepeats(withAddresses(value, changed), changed);
  }
}

/** The canonical form can be longer than the given one, so the bound is checked again. */
function folded(
  canonical: CanonicalAddresses,
  { address, schema }: AddressField,
): Address | { rule: string } {
  const result = canonical.orRefused(address);
  if (typeof result === 'string') {
    const issue = (schema as z.ZodType).safeParse(result).error?.issues[0];
    return issue ? { rule: `in canonical form: ${issue.message}` } : result;
  }
  return { rule: `${result.detail}; give an id as ${networkOf(address)} writes it` };
}

/** Two spellings of one person in a list become one entry. */
function withoutRepeats(value: unknown, changed: readonly AddressField[]): unknown {
  const lists = new Set(
    changed
      .filter(({ path }) => typeof path.at(-1) === 'number')
      .map(({ path }) => path.slice(0, -1).join('.')),
  );
  return lists.size === 0 ? value : uniqueIn(value, lists, '');
}

function uniqueIn(value: unknown, lists: ReadonlySet<string>, path: string): unknown {
  if (Array.isArray(value)) return lists.has(path) ? [...new Set<unknown>(value)] : value;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      uniqueIn(inner, lists, path === '' ? key : `${path}.${key}`),
    ]),
  );
}

function nameOf({ path }: AddressField, data: string | undefined): string {
  return (data === undefined ? path : [data, ...path]).map(String).join('.') || '(body)';
}
