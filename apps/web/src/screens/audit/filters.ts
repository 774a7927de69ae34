/** Filters of the audit log, as they stand in the address. */
import type { Search } from '../../format/search';

export const FILTERS = ['who', 'action', 'subject', 'since', 'until'] as const;
export type AuditFilters = Search<(typeof FILTERS)[number]>;

/** An actor is `<role> <key> <name>`, or `hub`. */
export function nameOf(actor: string): string {
  return actor.replace(/^\S+ \S+ /, '');
}

/** Without what is empty or not a filter. */
export function filtersOf(search: Readonly<Record<string, string | undefined>>): AuditFilters {
  const found: AuditFilters = {};
  for (const name of FILTERS) {
    const value = search[name]?.trim();
    if (value) found[name] = value;
  }
  return found;
}

export function exportAddress(filters: AuditFilters, format: 'csv' | 'ndjson'): string {
  return `/v1/audit/export?${new URLSearchParams([...Object.entries(filters), ['format', format]])}`;
}
