/** A member's own records, line by line from a JSONL or CSV file with the columns of a clearing file. */

/** Fields that are compared, where both sides have them. */
export const COMPARED = ['from', 'class', 'units', 'outcome', 'price', 'switchFee'] as const;
export type Field = (typeof COMPARED)[number];

export interface OwnRecord extends Partial<Record<Field, string>> {
  reference: string;
  to: string;
}

export class RecordFault extends Error {
  override readonly name = 'RecordFault';
  constructor(
    readonly why: 'no-columns' | 'no-record' | 'no-json' | 'too-many',
    readonly line: number,
  ) {
    super(`${why} in line ${line}`);
  }
}

export type RecordReader = (line: string, number: number) => OwnRecord | undefined;

/** The first line decides: an object of JSON, or the names of columns. @throws RecordFault */
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
    if (error instanceof SyntaxError) throw new RecordFault('no-json', number);
    throw error;
  }
  if (typeof value !== 'object' || value === null) throw new RecordFault('no-record', number);
  return recordOf(new Map(Object.entries(value)), number);
}

function csvReader(head: string, at: number): RecordReader {
  const columns = cellsOf(head);
  if (!columns.includes('reference') || !columns.includes('to')) throw new RecordFault('no-columns', at);
  return (line, number) => {
    const cells = cellsOf(line);
    return recordOf(new Map(columns.map((column, index) => [column, cells[index]])), number);
  };
}

function recordOf(fields: ReadonlyMap<string, unknown>, number: number): OwnRecord {
  const [reference, to] = [textOf(fields.get('reference')), textOf(fields.get('to'))];
  if (!reference || !to) throw new RecordFault('no-record', number);
  const record: OwnRecord = { reference, to };
  for (const field of COMPARED) {
    const text = textOf(fields.get(field));
    if (text !== undefined) record[field] = text;
  }
  return record;
}

/** undefined: the file does not have the field. Empty is a value: a record that the switch refused has no class. */
function textOf(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (value === null) return '';
  return typeof value === 'string' || typeof value === 'number' ? String(value).trim() : undefined;
}

/** Cells of one line of CSV (RFC 4180), without line breaks in cells. */
export function cellsOf(line: string): string[] {
  const cells: string[] = [];
  // With a comma before each cell, no cell is an empty match, after which a character would be skipped.
  for (const [, quoted, plain] of `,${line}`.matchAll(/,(?:"((?:[^"]|"")*)"|([^,]*))/g))
    cells.push(quoted === undefined ? (plain ?? '').trim() : quoted.replaceAll('""', '"'));
  return cells;
}
