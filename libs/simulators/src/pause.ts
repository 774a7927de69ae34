/** Waits; returns early when the signal is aborted because the simulator closes. */
export function pause(ms: number, closing: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (closing.aborted) return resolve();
    const over = (): void => {
      clearTimeout(timer);
      closing.removeEventListener('abort', over);
      resolve();
    };
    const timer = setTimeout(over, Math.max(0, ms));
    closing.addEventListener('abort', over, { once: true });
  });
}
