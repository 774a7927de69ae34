/**
 * Logs refused requests at a limited rate, so that callers cannot fill the log: one line per address and minute, and a fixed
 * number of lines per minute in total. Each line has the number of refusals that it stands for.
 */
import { isIPv6 } from 'node:net';
import type { Log } from './log.js';
import { LruCache } from './lru-cache.js';

const WINDOW_MS = 60_000;
const MAX_ADDRESSES = 10_000;
const MAX_LINES = 60;

export class RefusalLog {
  private readonly callers = new LruCache<string, { until: number; unlogged: number }>({
    max: MAX_ADDRESSES,
  });
  private window = { until: 0, lines: 0, unlogged: 0 };

  constructor(
    private readonly log: Log,
    private readonly now: () => number = Date.now,
  ) {}

  /** @param address remote address of the socket */
  refused(address: string, about: { reason: string; route?: string }): void {
    const now = this.now();
    const caller = this.callers.get(addressGroup(address)) ?? { until: 0, unlogged: 0 };
    this.callers.set(addressGroup(address), caller);
    if (now < caller.until || !this.mayWrite(now)) {
      caller.unlogged++;
      this.window.unlogged++;
      return;
    }
    const { unlogged } = caller;
    Object.assign(caller, { until: now + WINDOW_MS, unlogged: 0 });
    this.window.lines++;
    this.log.warn({ address, ...about, refusedBefore: unlogged }, 'request refused');
  }

  private mayWrite(now: number): boolean {
    if (now >= this.window.until) {
      if (this.window.unlogged > 0)
        this.log.warn({ refusals: this.window.unlogged }, 'further requests refused');
      this.window = { until: now + WINDOW_MS, lines: 0, unlogged: 0 };
    }
    return this.window.lines < MAX_LINES;
  }
}

/** IPv6: the first 64 bits, because one caller usually has all addresses behind them. */
export function addressGroup(address: string): string {
  if (!isIPv6(address)) return address;
  if (address.startsWith('::ffff:') && address.includes('.')) return address.slice('::ffff:'.length);
  const [head = '', tail] = address.split('%')[0]?.split('::') ?? [];
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const middle =
    tail === undefined ? [] : Array<string>(Math.max(0, 8 - before.length - after.length)).fill('0');
  return `${[...before, ...middle, ...after].slice(0, 4).join(':')}::/64`;
}
