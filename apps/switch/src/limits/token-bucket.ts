/**
 * A token bucket stored as one number: the time at which it will be full again (the generic cell rate algorithm). It allows
 * `capacity` events at once, and `perMs` events per ms after that.
 */
export interface Rate {
  /** Events allowed at once. */
  capacity: number;
  perMs: number;
}

export type Taken = { ok: true; fullAt: number } | { ok: false; retryAfterMs: number };

export function rate(count: number, periodMs: number): Rate {
  return { capacity: Math.max(1, Math.floor(count)), perMs: count / periodMs };
}

/** @param fullAt as the last call returned it; undefined: nothing was taken yet */
export function take({ capacity, perMs }: Rate, fullAt: number | undefined, now: number): Taken {
  const interval = 1 / perMs;
  const next = Math.max(fullAt ?? now, now) + interval;
  const tooEarly = next - now - capacity * interval;
  // Tolerates rounding errors of sums of fractions.
  return tooEarly > 0.001 ? { ok: false, retryAfterMs: Math.ceil(tooEarly) } : { ok: true, fullAt: next };
}
