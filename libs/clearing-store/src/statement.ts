/** A party's statement of a closed day: as JSON, CSV or pages for a bank. */
import { createHash } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { formatMoney, HUB, type BusinessDate } from '#clearing';
import { readStatement, type Statement } from './read-statement.js';
import type { LegalParty } from './statement-heads.repository.js';
import { statementPdf } from './statement-pdf.js';

export const STATEMENT_FORMATS = ['json', 'csv', 'pdf'] as const;
export type StatementFormat = (typeof STATEMENT_FORMATS)[number];

/** The same bytes at every request: a statement does not contain the time of the close. @throws HubError 30 when the day is not closed */
export async function statement(
  database: DataSource,
  date: BusinessDate,
  party: string,
  format: StatementFormat,
): Promise<Buffer> {
  const read = await readStatement(database, date, party);
  switch (format) {
    case 'json':
      return Buffer.from(statementJson(read));
    case 'csv':
      return Buffer.from(statementCsv(read));
    case 'pdf':
      return statementPdf(read, createHash('sha256').update(statementJson(read)).digest('hex'));
  }
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
  const { date, party, number, period, companies } = read;
  const lines = cells(read).map(({ date: _date, party: _party, ...line }) => line);
  const whole = {
    number,
    date,
    party,
    ...companyOf(companies.get(party)),
    issuer: companyOf(companies.get(HUB)),
    period: period ? { from: period.startsAt, to: period.endsAt, zone: period.zone } : null,
    dueDate: period?.dueOn ?? null,
    currency: 'CNY',
    opening: formatMoney(read.opening),
    paid: formatMoney(read.paid),
    position: formatMoney(read.position),
    closing: formatMoney(read.closing),
    overdue: formatMoney(read.overdue),
    lines,
  };
  return `${JSON.stringify(whole, null, 2)}\n`;
}

function companyOf(company: LegalParty | undefined) {
  const { zh = null, en = null, account = null } = company ?? {};
  return { legalName: { zh, en }, account };
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
