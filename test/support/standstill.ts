import { sleep } from '#service';

/**
 * Waits until all has arrived, or nothing arrives any more: what has come by then is compared by the caller, so that a
 * failure shows what is missing.
 *
 * @param arrived how much has come until now
 * @param standstillMs how long nothing may arrive: a queue that drains is waited for
 */
export async function allOrStandstill(
  arrived: () => number,
  wanted: number,
  standstillMs: number,
): Promise<void> {
  let last = { count: arrived(), at: Date.now() };
  while (last.count < wanted) {
    await sleep(50);
    const count = arrived();
    if (count !== last.count) last = { count, at: Date.now() };
    else if (Date.now() - last.at > standstillMs) return;
  }
}
