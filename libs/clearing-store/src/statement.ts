/** A party's statement of a closed day: its lines and its position, as JSON, CSV or a page to print. */
import type { DataSource } from 'typeorm';
import { formatMoney, type BusinessDate, type Position, type StatementLine } from '#clearing';
import { HubError } from '#protocol';
import { statementPdf } from './statement-pdf.js';

export const STATEMENT_FORMATS = ['json', 'csv', 'pdf'] as const;
export type StatementFormat = (typeof STATEMENT_FORMATS)[number];

export interface Statement {
  date: BusinessDate;
  party: string;
  lines: StatementLine[];
  adjustments: StatementAdjustment[];
  /** The sum of the lines; positive: the party gets it. */
  position: bigint;
}

/** What a line of the kind `adjustment` is for. */
export interface StatementAdjustment {
  id: string;
  /** Of the detail record, when a dispute is the cause. */
  reference: string | null;
  text: string;
}

/** Anything that runs a statement and answers with rows: a data source, or a connection in its transaction. */
type Query = <Row>(sql: string, values: unknown[]) => Promise<Row[]>;

interface LineRow {
  party: string;
  counterparty: string;
  kind: StatementLine['kind'];
  class: string | null;
  direction: StatementLine['direction'];
  units: string;
  records: string;
  amount: string;
  adjustment: string | null;
}

/** The same bytes whenever it is asked for, and of whichever close: of when that was, it says nothing. @throws HubError 30 when the day is not closed */
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
  const closed = await database.query<unknown[]>(
    `SELECT 1 FROM business_day WHERE date = $1 AND state = 'closed'`,
    [date],
  );
  if (closed.length === 0) throw new HubError('30', `${date} is not closed`);
  const lines = await linesWith((sql, values) => database.query(sql, values), date, party);
  const position = lines.reduce((sum, { amount }) => sum + amount, 0n);
  return { date, party, lines, adjustments: await adjustmentsIn(database, lines), position };
}

/** In the order of the lines. */
async function adjustmentsIn(
  database: DataSource,
  lines: readonly StatementLine[],
): Promise<StatementAdjustment[]> {
  const ids = lines.map(({ adjustment }) => adjustment).filter((id) => id !== null);
  if (ids.length === 0) return [];
  return database.query<StatementAdjustment[]>(
    `SELECT id, reference, reason AS text FROM adjustment
     JOIN unnest($1::uuid[]) WITH ORDINALITY AS line (id, n) USING (id) ORDER BY n`,
    [ids],
  );
}

interface Client {
  query: <Row extends object>(sql: string, values: unknown[]) => Promise<{ rows: Row[] }>;
}

export function readLines(client: Client, date: BusinessDate): Promise<StatementLine[]> {
  return linesWith(
    async <Row>(sql: string, values: unknown[]) => (await client.query(sql, values)).rows as Row[],
    date,
  );
}

export async function readPositions(client: Client, date: BusinessDate): Promise<Position[]> {
  const { rows } = await client.query<{ party: string; amount: string }>(
    'SELECT party, amount::text FROM position WHERE business_date = $1 ORDER BY party COLLATE "C"',
    [date],
  );
  return rows.map(({ party, amount }) => ({ party, amount: BigInt(amount) }));
}

async function linesWith(query: Query, date: BusinessDate, party?: string): Promise<StatementLine[]> {
  const own = party === undefined ? '' : 'AND party = $2';
  const rows = await query<LineRow>(
    `SELECT party, counterparty, kind, class, direction, units::text, records::text, amount::text, adjustment
     FROM statement_line WHERE business_date = $1 ${own} ORDER BY party COLLATE "C", line`,
    party === undefined ? [date] : [date, party],
  );
  return rows.map((row) => ({
    ...row,
    units: BigInt(row.units),
    records: Number(row.records),
    amount: BigInt(row.amount),
  }));
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

/** RFC 4180. A spreadsheet takes text that begins with one of `=+-@` for a formula, so that it gets an apostrophe. */
function quoted(cell: string | number): string {
  if (typeof cell === 'number' || /^-?\d*\.?\d*$/.test(cell)) return String(cell);
  const text = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
