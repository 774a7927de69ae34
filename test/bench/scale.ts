/** How much of its full amount a part does: all of it in `npm run bench`, a hundredth in `npm test`. */
export interface Scale {
  /** 1 in `npm run bench`. */
  readonly share: number;
  readonly note: (text: string) => void;
}

/** @returns the share of a count, at least one */
export function scaled(count: number, { share }: Scale): number {
  return Math.max(1, Math.round(count * share));
}

/** @returns the share of a pause or duration, ms or s, without a lower limit */
export function shortened(time: number, { share }: Scale): number {
  return time * share;
}
