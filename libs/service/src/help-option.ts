/** The option `--help`: prints what a program does, and ends it. */

export function asksForHelp(words: readonly string[] = process.argv.slice(2)): boolean {
  return words.includes('--help') || words.includes('-h');
}

/** Prints the text and ends the process, if the command line has `--help`. */
export function helpIfAsked(text: string): void {
  if (!asksForHelp()) return;
  process.stdout.write(text);
  process.exit(0);
}
