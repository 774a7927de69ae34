/** Timer values of RFC 3261 §17 and table 4, ms. */
export const T1 = 500;
export const T2 = 4000;
export const T4 = 5000;
/** Timers B, F, H and J: a transaction ends after this time. */
export const TRANSACTION_MS = 64 * T1;

export function nextRetransmission(interval: number): number {
  return Math.min(interval * 2, T2);
}
