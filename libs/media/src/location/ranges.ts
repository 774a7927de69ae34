/** Ranges of bytes, and the gaps between them. */
export interface Stretch {
  from: number;
  to: number;
}

/** The parts of `whole` that no other range covers, in order. */
export function uncovered(whole: Stretch, others: Stretch[]): Stretch[] {
  const free: Stretch[] = [];
  let at = whole.from;
  for (const { from, to } of others.toSorted((one, other) => one.from - other.from)) {
    if (from >= whole.to) break;
    if (from > at) free.push({ from: at, to: from });
    at = Math.max(at, to);
  }
  if (at < whole.to) free.push({ from: at, to: whole.to });
  return free;
}

/** @param sorted sorted by their beginnings, without overlaps */
export function touches({ from, to }: Stretch, sorted: Stretch[]): boolean {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle]?.to ?? 0) <= from) low = middle + 1;
    else high = middle;
  }
  const next = sorted[low];
  return next !== undefined && next.from < to && from < to;
}
