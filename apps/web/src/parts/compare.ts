import type { CsvValue } from '../format/csv';

const NUMBER = /^[+-]?\d+(\.\d+)?$/;

/** Order of two cells. Amounts are text, so that they stay exact; they are sorted as the numbers that they are. */
export function compare(a: CsvValue, b: CsvValue): number {
  const [one, other] = [String(a ?? ''), String(b ?? '')];
  return NUMBER.test(one) && NUMBER.test(other) ? Number(one) - Number(other) : one.localeCompare(other);
}
