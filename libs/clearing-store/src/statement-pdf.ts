/** The statement as pages for a bank: who, for which days, from which balance to which, line by line. */
import { groupedMoney, type StatementLine } from '#clearing';
import { drawCells, drawRule, face, heightOf, makePdf, makeRoom, type Cell, type Pdf } from './pdf-page.js';
import type { Statement } from './read-statement.js';
import {
  classWords,
  DIRECTION_WORDS,
  KIND_WORDS,
  legalName,
  localTime,
  printable,
} from './statement-words.js';

const LABEL = 130;
const VALUE = 385;
const SMALL = 7.5;

interface Column {
  title: string;
  width: number;
  right?: true;
  of: (line: StatementLine, statement: Statement) => string;
}

const COLUMNS: Column[] = [
  {
    title: '对方 with',
    width: 142,
    of: ({ counterparty }, { companies }) =>
      printable(`${counterparty} ${legalName(companies.get(counterparty))}`),
  },
  { title: '项目 kind', width: 88, of: ({ kind }) => KIND_WORDS[kind] },
  { title: '业务 class', width: 66, of: ({ class: name }) => classWords(name) },
  { title: '方向 dir.', width: 34, of: ({ direction }) => DIRECTION_WORDS[direction] },
  { title: '记录 records', width: 50, right: true, of: ({ records }) => grouped(records.toString()) },
  { title: '数量 units', width: 55, right: true, of: ({ units }) => grouped(units.toString()) },
  { title: '金额 amount, CNY', width: 80, right: true, of: ({ amount }) => groupedMoney(amount) },
];

/** @param checksum SHA-256 of the statement in JSON, with which the paper can be compared */
export function statementPdf(statement: Statement, checksum: string): Promise<Buffer> {
  const { date, party, number } = statement;
  const facts = { title: `Statement ${number} of ${party}`, madeFor: new Date(date) };
  return makePdf(
    facts,
    (pdf) => {
      drawHead(pdf, statement);
      drawBalance(pdf, statement);
      drawLines(pdf, statement);
      drawAdjustments(pdf, statement);
    },
    (page, pages) => [`${number}    ${page} / ${pages}`, `SHA-256 (JSON) ${checksum}`],
  );
}

function drawHead(pdf: Pdf, statement: Statement): void {
  const { date, party, number, period, companies } = statement;
  const [own, issuer] = [companies.get(party), companies.get('hub')];
  face(pdf, 'bold', 17).text('结算单 Statement');
  face(pdf, 'regular', 10).text(printable(legalName(issuer)) || 'Hutong 互通');
  pdf.moveDown(0.6);
  const times = period && [localTime(period.startsAt, period.zone), localTime(period.endsAt, period.zone)];
  const rows: [label: string, value: string][] = [
    ['编号 Number', number],
    ['营业日 Business day', date],
    ['期间 Period', times ? `${times.join(' – ')} (${period.zone})` : '–'],
    ['出单方 Issuer', legalName(issuer) || '–'],
    ['出单方账户 Its account', issuer?.account ?? '–'],
    ['成员 Party', `${party} ${legalName(own)}`],
    ['账户 Account', own?.account ?? '–'],
    ['到期日 Due date', period?.dueOn ?? '–'],
    ['币种 Currency', '人民币元 CNY (yuan)'],
  ];
  for (const [label, value] of rows) drawFact(pdf, label, printable(value));
  pdf.moveDown(0.6);
}

function drawFact(pdf: Pdf, label: string, value: string): void {
  face(pdf, 'regular', 9);
  drawCells(pdf, [
    { text: label, width: LABEL },
    { text: value, width: VALUE },
  ]);
}

/** Opening balance, payments, the position of the day, closing balance. */
function drawBalance(pdf: Pdf, statement: Statement): void {
  const { opening, paid, position, closing, overdue, period } = statement;
  const verb = position < 0n ? '应付 to pay' : '应收 to receive';
  drawRule(pdf);
  pdf.moveDown(0.3);
  const rows: [label: string, amount: bigint][] = [
    ['期初余额 Opening balance: that of the statement before', opening],
    ['已付 Payments recorded since then', -paid],
    [`当日净额 Position of this day, ${verb} on ${period?.dueOn ?? 'the agreed date'}`, position],
  ];
  for (const [label, amount] of rows) drawAmount(pdf, 'regular', label, amount);
  drawAmount(pdf, 'bold', '期末余额 Closing balance', closing);
  if (overdue !== 0n) drawAmount(pdf, 'bold', '其中逾期 Of this, overdue before this day', overdue);
  drawRule(pdf);
  pdf.moveDown(0.8);
}

function drawAmount(pdf: Pdf, weight: 'regular' | 'bold', label: string, amount: bigint): void {
  face(pdf, weight, 9);
  drawCells(pdf, [
    { text: label, width: LABEL + VALUE - 110 },
    { text: groupedMoney(amount), width: 110, right: true },
  ]);
}

function drawLines(pdf: Pdf, statement: Statement): void {
  const head = () => {
    face(pdf, 'bold', SMALL);
    drawCells(pdf, COLUMNS.map(cellOf(({ title }) => title)));
    drawRule(pdf);
    pdf.y += 3;
    face(pdf, 'regular', SMALL);
  };
  if (statement.lines.length === 0) {
    face(pdf, 'regular', 9).text('当日无费用。There are no charges on this day.');
    return;
  }
  makeRoom(pdf, 60);
  head();
  for (const line of statement.lines) {
    const cells = COLUMNS.map(cellOf(({ of }) => of(line, statement)));
    if (makeRoom(pdf, heightOf(pdf, cells))) head();
    drawCells(pdf, cells);
  }
}

/** What each adjustment is for, below the table: its text does not fit in a cell. */
function drawAdjustments(pdf: Pdf, { lines, adjustments }: Statement): void {
  if (adjustments.length === 0) return;
  const amounts = new Map(lines.map(({ adjustment, amount }) => [adjustment, amount]));
  pdf.moveDown(0.8);
  makeRoom(pdf, 60);
  face(pdf, 'bold', 9).text('调整说明 Adjustments');
  for (const { id, reference, text } of adjustments) {
    const record = reference === null ? '' : `, record ${reference}`;
    face(pdf, 'bold', SMALL).text(`${groupedMoney(amounts.get(id) ?? 0n)} CNY`, { continued: true });
    face(pdf, 'regular', SMALL).text(`  ${printable(`${id}${record}: ${text}`)}`);
    pdf.moveDown(0.3);
  }
}

function cellOf(textOf: (column: Column) => string): (column: Column) => Cell {
  return (column) => ({ text: textOf(column), width: column.width, right: column.right ?? false });
}

function grouped(digits: string): string {
  return digits.replaceAll(/\B(?=(\d{3})+(?!\d))/g, ',');
}
