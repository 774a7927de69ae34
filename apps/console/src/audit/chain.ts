/** Hash chain of the audit log: every entry contains the hash of the one before, so that changed or removed entries are found. */
import { createHash } from 'node:crypto';

export interface AuditEntry {
  seq: number;
  at: string;
  actor: string;
  action: string;
  subject: string;
  reason: string;
  change: unknown;
  /** Networks whose operators may read it. null: an old entry, whose hash is of version 1. */
  networks: string[] | null;
}

export interface ChainedEntry extends AuditEntry {
  previous: string;
  hash: string;
}

export const GENESIS = '0'.repeat(64);

export function chained(entry: AuditEntry, previous: string): ChainedEntry {
  return { ...entry, previous, hash: hashOf(entry, previous) };
}

/** @returns the number of the first entry with a wrong hash, or undefined */
export function firstBroken(
  entries: ChainedEntry[],
  before: { seq: number; hash: string },
): number | undefined {
  let last = before;
  for (const entry of entries) {
    const { previous, hash, ...plain } = entry;
    if (entry.seq !== last.seq + 1 || previous !== last.hash || hash !== hashOf(plain, previous))
      return entry.seq;
    last = entry;
  }
  return undefined;
}

/** Input of the hash: version 1 for entries without networks; otherwise version 2, which begins with its name. */
function hashOf(entry: AuditEntry, previous: string): string {
  const { seq, at, actor, action, subject, reason, change, networks } = entry;
  const first = [previous, seq, at, actor, action, subject, reason, canonical(change)];
  const text = JSON.stringify(networks === null ? first : ['v2', ...first, networks]);
  return createHash('sha256').update(text).digest('hex');
}

/** JSON with sorted keys, because the database returns keys in an order of its own. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (value === null || typeof value !== 'object') return value;
  const sorted = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(sorted.map(([key, inner]) => [key, canonical(inner)]));
}
