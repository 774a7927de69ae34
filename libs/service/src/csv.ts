/** CSV for spreadsheets: with a byte order mark, and no cell is taken for a formula. */
export type CsvValue = string | number | boolean | null | undefined;

const BYTE_ORDER_MARK = '\uFEFF';
/** A spreadsheet takes a cell that begins with one of these for a formula, also after white space. */
const FORMULA = /^\s*[=+\-@|%\t\r]|^[\t\r\n]/;
const NUMBER = /^[+-]?\d+(\.\d+)?$/;

function cell(value: CsvValue): string {
  if (value === null || value === undefined) return '';
  let text = String(value);
  if (FORMULA.test(text) && !NUMBER.test(text)) text = `'${text}`;
  return /[",\r\n;\t]/.test(text) || text !== text.trim() ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A line with its end. */
export function csvLine(values: readonly CsvValue[]): string {
  return `${values.map(cell).join(',')}\r\n`;
}

/** The beginning of a file: spreadsheets then read it as UTF-8. */
export function csvHead(header: readonly string[]): string {
  return BYTE_ORDER_MARK + csvLine(header);
}

export function toCsv(header: readonly string[], rows: readonly (readonly CsvValue[])[]): string {
  return csvHead(header) + rows.map(csvLine).join('');
}
