/** Waiting and backoff. Backoff has jitter, so that many clients do not retry at the same moment. */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', done, { once: true });
    function done(): void {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    }
  });
}

/** Exponential from `base` to `most`, ±20 %. @param attempt counted from 1 */
export function backoff(attempt: number, base: number, most: number): number {
  const plain = Math.min(most, base * 2 ** Math.min(attempt - 1, 20));
  return Math.round(plain * (0.8 + Math.random() * 0.4));
}
