const ROUNDS = 6;

/** Applies a fold until nothing changes: it may give text that folds again. @returns undefined when that takes too long */
export function foldUntilStable(text: string, fold: (text: string) => string): string | undefined {
  let folded = text;
  for (let round = 0; round < ROUNDS; round++) {
    const next = fold(folded);
    if (next === folded) return folded;
    folded = next;
  }
  return undefined;
}
