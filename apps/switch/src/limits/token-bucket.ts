/**
 * A token bucket in one number: the time at which it will be full again (the generic cell rate algorithm). Never more than
 * `capacity` at once and `perMs` after that; always as much.
 */
export interface Rate {
  /** So many at once. */
  capacity: number;
  perMs: number;
}

export type Taken = { ok: true; fullAt: number } | { ok: false; retryAfterMs: number };

export function rate(count: number, periodMs: number): Rate {
  return { capacity: Math.max(1, Math.floor(count)), perMs: count / periodMs };
}

/** @param fullAt of the time before; undefined: nothing was taken yet */
export function take({ capacity, perMs }: Rate, fullAt: number | undefined, now: number): Taken {
  const interval = 1 / perMs;
  const next = Math.max(fullAt ?? now, now) + interval;
  const tooEarly = next - now - capacity * interval;
  // Sums of fractions: a thousandth of a ms is no time.
  return tooEarly > 0.001 ? { ok: false, retryAfterMs: Math.ceil(tooEarly) } : { ok: true, fullAt: next };
}
