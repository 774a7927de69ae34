/** A member's own records, line by line from NDJSON or CSV with the columns of a clearing file. */
import { ApiProblem } from '#http';
import { isStorable } from '../http/free-text.js';

/** Fields that are compared, where both sides have them. */
export const COMPARED = ['from', 'class', 'units', 'outcome', 'price', 'switchFee'] as const;
export type ComparedField = (typeof COMPARED)[number];

/** Amounts are written in their shortest form, so that 0.03 is 0.030000. */
export interface OwnRecord extends Partial<Record<ComparedField, string>> {
  reference: string;
  to: string;
}

/** Characters of one field at most. */
const MOST_TEXT = 300;
const AMOUNTS: ReadonlySet<string> = new Set(['units', 'price', 'switchFee'] satisfies ComparedField[]);

/** @returns undefined for a line without a record: the names of columns, or an empty line */
export type RecordReader = (line: string, number: number) => OwnRecord | undefined;

/** The first line decides: an object of JSON, or the names of columns. The reader throws ApiProblem invalid, which names the line. */
export function recordReader(): RecordReader {
  let read: RecordReader | undefined;
  return (line, number) => {
    const text = number === 1 ? line.replace(/^\uFEFF/, '') : line;
    if (text.trim() === '') return undefined;
    if (read) return read(text, number);
    if (text.trimStart().startsWith('{')) {
      read = jsonRecord;
      return read(text, number);
    }
    read = csvReader(text, number);
    return undefined;
  };
}

function jsonRecord(line: string, number: number): OwnRecord {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    if (error instanceof SyntaxError) throw fault(number, 'is not JSON');
    throw error;
  }
  if (typeof value !== 'object' || value === null) throw fault(number, 'is not an object');
  return recordOf(new Map(Object.entries(value)), number);
}

function csvReader(head: string, at: number): RecordReader {
  const columns = cellsOf(head);
  if (!columns.includes('reference') || !columns.includes('to'))
    throw fault(at, 'names the columns: reference and to are missing');
  return (line, number) => {
    const cells = cellsOf(line);
    return recordOf(new Map(columns.map((column, index) => [column, cells[index]])), number);
  };
}

function recordOf(fields: ReadonlyMap<string, unknown>, number: number): OwnRecord {
  const text = (name: string) => textOf(fields.get(name), name, number);
  const [reference, to] = [text('reference'), text('to')];
  if (!reference || !to) throw fault(number, 'has no reference, or no to');
  const record: OwnRecord = { reference, to };
  for (const field of COMPARED) {
    const value = text(field);
    if (value !== undefined) record[field] = AMOUNTS.has(field) ? shortestAmount(value) : value;
  }
  return record;
}

/** @returns undefined: the file does not have the field. Empty is a value: a record that the switch refused has no class. */
function textOf(value: unknown, name: string, number: number): string | undefined {
  if (value === undefined) return undefined;
  if (value === null) return '';
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const text = String(value).trim();
  if (text.length > MOST_TEXT) throw fault(number, `${name} has more than ${MOST_TEXT} characters`);
  if (!isStorable(text)) throw fault(number, `${name} has a character that cannot be stored`);
  return text;
}

function fault(line: number, what: string): ApiProblem {
  return new ApiProblem('invalid', `line ${line} ${what}`);
}

export function shortestAmount(amount: string): string {
  if (!/^-?\d+(\.\d+)?$/.test(amount)) return amount;
  const short = amount
    .replace(/^(-?)0+(?=\d)/, '$1')
    .replace(/(\.\d*?)0+$/, '$1')
    .replace(/\.$/, '');
  return short === '-0' ? '0' : short;
}

/** Cells of one line of CSV (RFC 4180), without line breaks in cells. */
export function cellsOf(line: string): string[] {
  const cells: string[] = [];
  // With a comma before each cell, no cell is an empty match, after which a character would be skipped.
  for (const [, quoted, plain] of `,${line}`.matchAll(/,(?:"((?:[^"]|"")*)"|([^,]*))/g))
    cells.push(quoted === undefined ? (plain ?? '').trim() : quoted.replaceAll('""', '"'));
  return cells;
}
