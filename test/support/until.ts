import { PATIENCE_MS } from './amounts.js';

/**
 * Waits for something to become true; the message says what did not.
 * @param what a function says at the end what is there instead
 */
export async function until(
  what: string | (() => string),
  condition: () => boolean | Promise<boolean>,
  timeoutMs = PATIENCE_MS,
  /** Longer for what is expensive to ask. */
  everyMs = 20,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await condition())) {
    if (Date.now() > deadline)
      throw new Error(`waited ${timeoutMs} ms in vain: ${typeof what === 'string' ? what : what()}`);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
