/** `--help`: what a program is, and nothing else of it. */

export function asksForHelp(words: readonly string[] = process.argv.slice(2)): boolean {
  return words.includes('--help') || words.includes('-h');
}

/** Prints the text and ends the process, if somebody asked for it. */
export function helpIfAsked(text: string): void {
  if (!asksForHelp()) return;
  process.stdout.write(text);
  process.exit(0);
}
