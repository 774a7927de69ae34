/** Hash of a declaration, independent of the order of its keys, because a database returns them in another order. */
import { hash } from 'node:crypto';
import type { Capabilities } from '#protocol';

/** Without `degrades`: it says which component degrades, not what the network shows. */
export function capabilitiesHash({ degrades: _degrades, ...shown }: Capabilities): string {
  return hash('sha256', JSON.stringify(inOrder(shown)), 'hex');
}

function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value as Record<string, unknown>).filter(([, one]) => one !== undefined);
  return Object.fromEntries(
    entries.sort(([one], [other]) => (one < other ? -1 : 1)).map(([key, one]) => [key, inOrder(one)]),
  );
}
