/** Which fields of a body its schema does not have: they are left out when it is read, and their sender should know. */

/** Maximum number of fields that one reply names. */
export const MOST_IGNORED = 20;
const MOST_PATH = 200;
/** A body on the bus is at most 1 MB; deeper than any schema of ours. */
const MOST_DEPTH = 20;

/**
 * @param read the body as its schema reads it
 * @returns paths such as `capabilities.limits.textLenght`, the first `MOST_IGNORED` of them
 */
export function ignoredFields(body: unknown, read: unknown): string[] {
  const found: string[] = [];
  compare(body, read, [], found);
  return found;
}

function compare(body: unknown, read: unknown, path: string[], found: string[]): void {
  if (!isObject(body) || !isObject(read) || path.length > MOST_DEPTH) return;
  for (const [name, value] of Object.entries(body)) {
    if (found.length >= MOST_IGNORED) return;
    const here = [...path, name];
    if (!Object.hasOwn(read, name)) found.push(here.join('.').slice(0, MOST_PATH));
    else compare(value, read[name], here, found);
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
