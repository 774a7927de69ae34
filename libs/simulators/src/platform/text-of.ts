/** Returns strings and numbers as text, and an empty text for values of other types. */
export function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
