/** The table with which the demo ends: a line for each network. Pure. */

/** One line of the conversation, as it ended. */
export interface Ended {
  from: string;
  to: string;
  delivered: boolean;
  /** Something of it was shown in another form. */
  changed: boolean;
  ms: number;
}

/** A call of the demo, or a message that was spoken. */
export interface OnTelephone {
  what: 'call' | 'message';
  from: string;
  number: string;
  /** In words. */
  end: string;
  ms: number;
  isGood: boolean;
}

/** The table of what reached a telephone. */
export function telephoneSummary(lines: readonly OnTelephone[]): string {
  const rows = lines.map(({ what, from, number, end, ms }) => [what, from, number, end, ms.toFixed(0)]);
  const all = [['telephone', 'from', 'number', 'end', 'ms'], ...rows];
  const widths = [0, 1, 2, 3, 4].map((at) => Math.max(...all.map((row) => row[at]?.length ?? 0)));
  return all
    .map((row) =>
      row
        .map((text, at) => text.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

const COLUMNS = ['network', 'says', 'delivered', 'median ms', 'hears', 'in another form'] as const;

export function summaryOf(lines: readonly Ended[]): string {
  const networks = [...new Set(lines.flatMap(({ from, to }) => [from, to]))];
  const rows = networks.map((network) => {
    const said = lines.filter(({ from }) => from === network);
    const heard = lines.filter(({ to }) => to === network);
    const delivered = said.filter((line) => line.delivered);
    return [
      network,
      said.length,
      delivered.length,
      median(delivered.map(({ ms }) => ms)),
      heard.length,
      heard.filter(({ changed }) => changed).length,
    ].map(String);
  });
  const all = [[...COLUMNS], ...rows];
  const widths = COLUMNS.map((_, at) => Math.max(...all.map((row) => row[at]?.length ?? 0)));
  const cell = (text: string, at: number) =>
    at === 0 ? text.padEnd(widths[at] ?? 0) : text.padStart(widths[at] ?? 0);
  return all.map((row) => row.map(cell).join('  ').trimEnd()).join('\n');
}

function median(values: number[]): string {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)]?.toFixed(0) ?? '-';
}
