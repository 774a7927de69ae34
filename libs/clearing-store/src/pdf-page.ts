/** A PDF of pages with Chinese and Latin text. Fonts are embedded as subsets, because readers have no Chinese glyphs of their own. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** Noto Sans SC (SIL Open Font License 1.1). */
const FONT_FILES = {
  regular: '@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf',
  bold: '@expo-google-fonts/noto-sans-sc/700Bold/NotoSansSC_700Bold.ttf',
} as const;
export type Face = keyof typeof FONT_FILES;

const MARGIN = 40;
/** Room of the footer below the text. */
const BOTTOM = 64;

const require = createRequire(import.meta.url);

export type Pdf = PDFKit.PDFDocument;

export interface PdfFacts {
  title: string;
  /** Dates of the file. PDFKit makes the id of a file from them: with fixed dates the bytes repeat. */
  madeFor: Date;
}

/**
 * Draws a document and its footers.
 * @param draw the content; it adds pages as it needs them
 * @param footer text below each page
 */
export async function makePdf(
  { title, madeFor }: PdfFacts,
  draw: (pdf: Pdf) => void,
  footer: (page: number, pages: number) => string[],
): Promise<Buffer> {
  // Fonts and compressors of many megabytes, for the few who ask for a PDF.
  const { default: PdfKit } = await import('pdfkit');
  const pdf = new PdfKit({
    size: 'A4',
    margins: { top: MARGIN, left: MARGIN, right: MARGIN, bottom: BOTTOM },
    info: { Title: title, CreationDate: madeFor, ModDate: madeFor },
    bufferPages: true,
    // None of the fonts of PDFKit: they have no Chinese glyphs.
    font: '',
  });
  for (const [face, file] of Object.entries(FONT_FILES))
    pdf.registerFont(face, readFileSync(require.resolve(file)));
  const pieces: Buffer[] = [];
  const whole = new Promise<Buffer>((resolve, reject) => {
    pdf.on('data', (piece: Buffer) => pieces.push(piece));
    pdf.on('end', () => resolve(Buffer.concat(pieces)));
    pdf.on('error', reject);
  });
  draw(pdf);
  drawFooters(pdf, footer);
  pdf.end();
  return whole;
}

export function face(pdf: Pdf, name: Face, size: number): Pdf {
  return pdf.font(name).fontSize(size).fillColor('black');
}

/** Width between the margins. */
export function textWidth({ page }: Pdf): number {
  return page.width - page.margins.left - page.margins.right;
}

/** @returns whether a new page was begun, because so much height was not left */
export function makeRoom(pdf: Pdf, height: number): boolean {
  if (pdf.y + height <= pdf.page.height - BOTTOM) return false;
  pdf.addPage();
  return true;
}

export function drawRule(pdf: Pdf): void {
  const { left } = pdf.page.margins;
  pdf
    .moveTo(left, pdf.y)
    .lineTo(left + textWidth(pdf), pdf.y)
    .lineWidth(0.5)
    .strokeColor('#888888')
    .stroke();
}

export interface Cell {
  text: string;
  width: number;
  right?: boolean;
}

const PADDING = 6;

/** Cells side by side; a long text takes several lines. The document goes on below. */
export function drawCells(pdf: Pdf, cells: readonly Cell[]): void {
  let { left } = pdf.page.margins;
  const top = pdf.y;
  for (const { text, width, right } of cells) {
    pdf.text(text, left, top, { width: width - PADDING, align: right ? 'right' : 'left' });
    left += width;
  }
  pdf.x = pdf.page.margins.left;
  pdf.y = top + heightOf(pdf, cells);
}

export function heightOf(pdf: Pdf, cells: readonly Cell[]): number {
  return (
    Math.max(...cells.map(({ text, width }) => pdf.heightOfString(text, { width: width - PADDING }))) + 3
  );
}

function drawFooters(pdf: Pdf, footer: (page: number, pages: number) => string[]): void {
  const { count } = pdf.bufferedPageRange();
  for (let index = 0; index < count; index++) {
    pdf.switchToPage(index);
    // PDFKit begins a new page for text in the margin.
    pdf.page.margins.bottom = 0;
    face(pdf, 'regular', 7).fillColor('#555555');
    footer(index + 1, count).forEach((text, line) => {
      const left = (pdf.page.width - pdf.widthOfString(text)) / 2;
      pdf.text(text, left, pdf.page.height - BOTTOM + 18 + line * 11, { lineBreak: false });
    });
  }
}
