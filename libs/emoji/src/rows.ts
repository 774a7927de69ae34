/** Rows of the tables: words between spaces, rows between commas or line ends. */
export function rowsOf(table: string): string[][] {
  return table
    .split(/[,\n]/)
    .map((row) => row.trim())
    .filter(Boolean)
    .map((row) => row.split(/\s+/));
}
