/** Time as sessions see it. Tests pass a clock of their own. */
export interface Clock {
  /** Milliseconds from a fixed point; never goes back. */
  now(): number;
  /** Calls `work` once, after `delayMs` milliseconds. @returns cancels the call */
  after(delayMs: number, work: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  after(delayMs, work) {
    const timer = setTimeout(work, delayMs);
    return () => clearTimeout(timer);
  },
};
