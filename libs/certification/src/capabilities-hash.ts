/** Hash of a declaration, independent of the order of its keys, because a database returns them in another order. */
import { createHash } from 'node:crypto';
import type { Capabilities } from '#protocol';

export function capabilitiesHash(capabilities: Capabilities): string {
  return createHash('sha256')
    .update(JSON.stringify(inOrder(capabilities)))
    .digest('hex');
}

function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value as Record<string, unknown>).filter(([, one]) => one !== undefined);
  return Object.fromEntries(
    entries.sort(([one], [other]) => (one < other ? -1 : 1)).map(([key, one]) => [key, inOrder(one)]),
  );
}
