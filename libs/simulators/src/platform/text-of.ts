/** Texts and numbers as text; whatever else stands in a field counts as nothing. */
export function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
