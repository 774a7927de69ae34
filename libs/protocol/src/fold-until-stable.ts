const ROUNDS = 6;

/** Applies a fold until the text no longer changes, since its result may fold again. @returns undefined after ROUNDS rounds without that */
export function foldUntilStable(text: string, fold: (text: string) => string): string | undefined {
  let folded = text;
  for (let round = 0; round < ROUNDS; round++) {
    const next = fold(folded);
    if (next === folded) return folded;
    folded = next;
  }
  return undefined;
}
