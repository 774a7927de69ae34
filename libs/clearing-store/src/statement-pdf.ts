/** The statement as a page to print. Dates and ids inside the file are fixed, so that its bytes repeat. */
import { formatMoney, type StatementLine } from '#clearing';
import type { Statement } from './statement.js';

const MARGIN = 40;
const ROW = 15;
const BOTTOM = 60;
/** Characters of one adjustment. */
const MOST_TEXT = 500;

const COLUMNS: { title: string; width: number; right?: true; of: (line: StatementLine) => string }[] = [
  { title: 'kind', width: 70, of: ({ kind }) => kind },
  { title: 'with', width: 120, of: ({ counterparty }) => counterparty },
  { title: 'class', width: 60, of: ({ class: name }) => name ?? '' },
  { title: 'dir.', width: 30, of: ({ direction }) => direction },
  { title: 'records', width: 65, right: true, of: ({ records }) => records.toString() },
  { title: 'units', width: 70, right: true, of: ({ units }) => units.toString() },
  { title: 'amount, CNY', width: 100, right: true, of: ({ amount }) => formatMoney(amount) },
];

export async function statementPdf(statement: Statement): Promise<Buffer> {
  const { date, party, lines, position } = statement;
  const madeFor = new Date(date);
  // PDFKit makes the id of a file from these dates.
  const info = { Title: `Statement of ${party}, ${date}`, CreationDate: madeFor, ModDate: madeFor };
  // Fonts and compressors of 4 MB, for the few who ask for a PDF.
  const { default: PdfKit } = await import('pdfkit');
  const page = new PdfKit({ size: 'A4', margin: MARGIN, info });
  const pieces: Buffer[] = [];
  const whole = new Promise<Buffer>((resolve, reject) => {
    page.on('data', (piece: Buffer) => pieces.push(piece));
    page.on('end', () => resolve(Buffer.concat(pieces)));
    page.on('error', reject);
  });
  page.font('Helvetica-Bold').fontSize(16).text(`Statement of ${party}`);
  page.font('Helvetica').fontSize(10).text(`Business day ${date}`);
  page.moveDown();
  drawRow(
    page,
    COLUMNS.map(({ title }) => title),
    'Helvetica-Bold',
  );
  for (const line of lines)
    drawRow(
      page,
      COLUMNS.map(({ of }) => of(line)),
      'Helvetica',
    );
  drawAdjustments(page, statement);
  page.moveDown();
  const owes = position < 0n ? 'to pay' : 'to receive';
  page
    .font('Helvetica-Bold')
    .text(`Position: ${formatMoney(position)} CNY (${owes})`, MARGIN, page.y, { align: 'right' });
  page.end();
  return whole;
}

/** What each adjustment is for, below the table: its text does not fit in a cell. */
function drawAdjustments(page: PDFKit.PDFDocument, { lines, adjustments }: Statement): void {
  if (adjustments.length === 0) return;
  const amounts = new Map(lines.map(({ adjustment, amount }) => [adjustment, amount]));
  page.moveDown();
  page.font('Helvetica-Bold').fontSize(8).text('adjustments', MARGIN);
  page.font('Helvetica');
  for (const { id, reference, text } of adjustments) {
    const record = reference === null ? '' : `, record ${reference}`;
    page.text(printable(`${formatMoney(amounts.get(id) ?? 0n)} CNY, ${id}${record}: ${text}`), MARGIN);
  }
}

/** The built-in fonts have Latin letters only; JSON and CSV have the whole text. */
function printable(text: string): string {
  const line = text.replace(/\s+/g, ' ').replace(/[^\x20-\x7e\xa0-\xff]/gu, '?');
  return line.length > MOST_TEXT ? `${line.slice(0, MOST_TEXT)}...` : line;
}

function drawRow(page: PDFKit.PDFDocument, texts: string[], font: string): void {
  if (page.y > page.page.height - BOTTOM) page.addPage();
  const top = page.y;
  let left = MARGIN;
  page.font(font).fontSize(8);
  COLUMNS.forEach(({ width, right }, at) => {
    page.text(texts[at] ?? '', left, top, {
      width: width - 6,
      align: right ? 'right' : 'left',
      lineBreak: false,
      ellipsis: true,
    });
    left += width;
  });
  page.x = MARGIN;
  page.y = top + ROW;
}
