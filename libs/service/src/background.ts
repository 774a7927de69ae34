/**
 * Background work: timers, watchers, callbacks of sockets, last steps of a shutdown. Its errors are logged and counted
 * (`hutong_background_failures_total`), and the process continues. Code outside this file neither discards a promise nor
 * swallows an error; a lint rule enforces the first, `swallowed-errors.spec.ts` the second.
 */
import type { Log } from './log.js';
import { metrics } from './metrics.js';

/**
 * Awaits work whose failure does not matter to the caller; it is logged.
 * @param task what failed, for the log and the metric: a constant, "registry publish"
 * @returns what the work returns; undefined when it threw
 */
export async function tolerate<T>(
  task: string,
  log: Log,
  work: () => T | Promise<T>,
): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    failed(task, log, error);
    return undefined;
  }
}

/** Starts work without waiting for its end. Synchronous work has run when this returns. */
export function runInBackground(task: string, log: Log, work: () => unknown): void {
  try {
    const result = work();
    if (result instanceof Promise) result.catch((error: unknown) => failed(task, log, error));
  } catch (error) {
    failed(task, log, error);
  }
}

/** Wraps a callback of a timer, an emitter or a library, so that its errors are logged. */
export function guarded<Args extends unknown[]>(
  task: string,
  log: Log,
  work: (...args: Args) => unknown,
): (...args: Args) => void {
  return (...args) => runInBackground(task, log, () => work(...args));
}

/**
 * Marks a promise that is awaited later, where its failure is handled: until then a rejection is not reported as unhandled.
 */
export function awaitedLater<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}

/** For a queue: resolves when the promise has settled, whether it was fulfilled or rejected. */
export async function settled(promise: Promise<unknown>): Promise<void> {
  await Promise.allSettled([promise]);
}

/** Waits until all work has ended, also when some of it fails, and then throws the first error. */
export async function allDone(work: readonly Promise<unknown>[]): Promise<void> {
  await Promise.allSettled(work);
  await Promise.all(work);
}

function failed(task: string, log: Log, error: unknown): void {
  metrics.backgroundFailures.inc({ task });
  log.warn({ task, ...described(error) }, `background task failed: ${task}`);
}

/** Message and stack only: a database error also has the parameters of the query, which may be content or a secret. */
export function described(error: unknown): { reason: string; stack?: string | undefined } {
  const { message, stack } = (error ?? {}) as Partial<Error>;
  return { reason: message ?? String(error), stack };
}
