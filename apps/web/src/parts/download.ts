import { toCsv, type CsvValue } from '../format/csv';

/** Given back with the next download: a browser may still read the one that has just begun. */
let previous: string | undefined;

function downloadBlob(name: string, blob: Blob): void {
  if (previous !== undefined) URL.revokeObjectURL(previous);
  previous = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = previous;
  link.download = name;
  link.click();
}

export function downloadCsv(name: string, header: string[], rows: CsvValue[][]): void {
  downloadBlob(`${name}.csv`, new Blob([toCsv(header, rows)], { type: 'text/csv;charset=utf-8' }));
}

export function downloadText(name: string, text: string): void {
  downloadBlob(name, new Blob([text], { type: 'text/plain;charset=utf-8' }));
}
