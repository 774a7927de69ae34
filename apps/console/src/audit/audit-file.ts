/** Entries of the audit log as lines of a file. */
import { csvHead, csvLine } from '#service';
import type { EXPORT_FORMATS } from './audit.dto.js';
import type { ChainedEntry } from './chain.js';

type Format = (typeof EXPORT_FORMATS)[number];

export const AUDIT_FILES: Record<Format, { type: string; name: string }> = {
  csv: { type: 'text/csv; charset=utf-8', name: 'audit.csv' },
  ndjson: { type: 'application/x-ndjson', name: 'audit.ndjson' },
};

const COLUMNS = ['seq', 'at', 'actor', 'action', 'subject', 'reason', 'change', 'networks', 'hash'] as const;

export async function* auditFile(
  format: Format,
  entries: AsyncIterable<ChainedEntry>,
): AsyncGenerator<string> {
  if (format === 'csv') yield csvHead(COLUMNS);
  for await (const entry of entries) yield lineOf(format, entry);
}

function lineOf(format: Format, entry: ChainedEntry): string {
  switch (format) {
    case 'csv':
      return csvLine(COLUMNS.map((column) => valueOf(entry, column)));
    case 'ndjson':
      return `${JSON.stringify(entry)}\n`;
  }
}

function valueOf(entry: ChainedEntry, column: (typeof COLUMNS)[number]): string | number {
  switch (column) {
    case 'change':
      return JSON.stringify(entry.change);
    case 'networks':
      return entry.networks?.join(' ') ?? '';
    default:
      return entry[column];
  }
}
