/** Maximum number of addresses in a list of a consent. */
export const MOST_LISTED = 1000;

/** The lines of a text without empty ones and without repetitions. */
export function linesOf(text: string | undefined): string[] {
  const lines = (text ?? '').split('\n').map((line) => line.trim());
  return [...new Set(lines.filter(Boolean))];
}
