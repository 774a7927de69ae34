/** A party's statement of a closed day: its lines and its position, as JSON, CSV or a page to print. */
import type { DataSource } from 'typeorm';
import { formatMoney, type BusinessDate, type StatementLine } from '#clearing';
import { HubError } from '#protocol';
import { closedDay } from './books.repository.js';
import { statementPdf } from './statement-pdf.js';
import { adjustmentsIn, linesOfParty, type StatementAdjustment } from './statements.repository.js';

export const STATEMENT_FORMATS = ['json', 'csv', 'pdf'] as const;
export type StatementFormat = (typeof STATEMENT_FORMATS)[number];

export interface Statement {
  date: BusinessDate;
  party: string;
  lines: StatementLine[];
  adjustments: StatementAdjustment[];
  /** The sum of the lines; positive: the party receives it. */
  position: bigint;
}

/** The same bytes at every request: a statement does not contain the time of the close. @throws HubError 30 when the day is not closed */
export async function statement(
  database: DataSource,
  date: BusinessDate,
  party: string,
  format: StatementFormat,
): Promise<Buffer> {
  const read = await readStatement(database, date, party);
  if (format === 'pdf') return statementPdf(read);
  return Buffer.from(format === 'json' ? statementJson(read) : statementCsv(read));
}

/** @throws HubError 30 when the day is not closed */
export async function readStatement(
  database: DataSource,
  date: BusinessDate,
  party: string,
): Promise<Statement> {
  if (!(await closedDay(database, date))) throw new HubError('30', `${date} is not closed`);
  const lines = await linesOfParty(database, date, party);
  const position = lines.reduce((sum, { amount }) => sum + amount, 0n);
  return { date, party, lines, adjustments: await adjustmentsIn(database, lines), position };
}

const COLUMNS = [
  'date',
  'party',
  'line',
  'counterparty',
  'kind',
  'class',
  'direction',
  'units',
  'records',
  'amount',
  'adjustment',
  'reference',
  'text',
];

function cells({ date, party, lines, adjustments }: Statement) {
  const causes = new Map(adjustments.map((one) => [one.id, one]));
  return lines.map(
    ({ counterparty, kind, class: name, direction, units, records, amount, adjustment }, at) => ({
      date,
      party,
      line: at + 1,
      counterparty,
      kind,
      class: name,
      direction,
      units: units.toString(),
      records,
      amount: formatMoney(amount),
      adjustment,
      reference: causes.get(adjustment ?? '')?.reference ?? null,
      text: causes.get(adjustment ?? '')?.text ?? null,
    }),
  );
}

function statementJson(read: Statement): string {
  const { date, party, position } = read;
  const lines = cells(read).map(({ date: _date, party: _party, ...line }) => line);
  return `${JSON.stringify({ date, party, currency: 'CNY', position: formatMoney(position), lines }, null, 2)}\n`;
}

function statementCsv(read: Statement): string {
  const rows = cells(read).map((row) => Object.values(row).map((cell) => quoted(cell ?? '')));
  return [COLUMNS, ...rows].map((row) => `${row.join(',')}\n`).join('');
}

/** RFC 4180. Spreadsheets treat text that begins with one of `=+-@` as a formula; an apostrophe before it prevents that. */
function quoted(cell: string | number): string {
  if (typeof cell === 'number' || /^-?\d*\.?\d*$/.test(cell)) return String(cell);
  const text = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
