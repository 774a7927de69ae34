import { parseSearchWith, stringifySearchWith } from '@tanstack/react-router';

export type Search<Key extends string> = Partial<Record<Key, string>>;

/** The named values of an address. Others are dropped; long ones are cut. */
export function pick<Key extends string>(search: Record<string, unknown>, keys: readonly Key[]): Search<Key> {
  const found: Search<Key> = {};
  for (const key of keys) {
    const value = search[key];
    if (typeof value === 'string' && value !== '') found[key] = value.slice(0, 2000);
    else if (typeof value === 'number' || typeof value === 'boolean') found[key] = String(value);
  }
  return found;
}

/**
 * For the router: values of an address are texts. Read as JSON, which is its default, a long number would lose its last digits,
 * and ids are often long numbers.
 */
export const TEXTS_IN_ADDRESS = {
  parseSearch: parseSearchWith(String),
  stringifySearch: stringifySearchWith(String),
};
