/** A failed case. The message is for the author of the adapter. */
export class CaseFailed extends Error {
  override readonly name = 'CaseFailed';
}

export function must(condition: boolean, otherwise: string): asserts condition {
  if (!condition) throw new CaseFailed(otherwise);
}
