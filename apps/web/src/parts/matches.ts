import type { CsvValue } from '../format/csv';

/** Whether a row has every word of the filter in one of its columns. */
export function matches<Row>(
  row: Row,
  columns: readonly { value: (row: Row) => CsvValue }[],
  filter: string,
): boolean {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const text = columns.map(({ value }) => String(value(row) ?? '').toLowerCase()).join('\n');
  return words.every((word) => text.includes(word));
}
