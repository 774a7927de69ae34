/** Publishing rates of accounts, from counters of nats-server. No I/O; keeps earlier measurements. */
import type { AccountTraffic } from '#bus';

/** Limits of one account, as averages over the window. */
export interface TrafficLimits {
  messagesPerSecond: number;
  bytesPerSecond: number;
}

/** Window in ms: the rate must be over the limit for this long, so that a burst does not count. */
const WINDOW_MS = 750;

export interface Excess {
  account: string;
  messagesPerSecond: number;
  bytesPerSecond: number;
}

interface Sample {
  at: number;
  messages: number;
  bytes: number;
}

export class TrafficMeter {
  /** Measurements by account, oldest first. All but the oldest are within the window. */
  private readonly samples = new Map<string, Sample[]>();

  constructor(private readonly limits: TrafficLimits) {}

  /** @returns accounts that exceeded a limit over the whole window. Their measurements start again */
  measure(traffic: readonly AccountTraffic[], at: number): Excess[] {
    const present = new Set(traffic.map(({ account }) => account));
    for (const account of this.samples.keys()) if (!present.has(account)) this.samples.delete(account);
    return traffic.flatMap(({ account, messages, bytes }) => {
      const excess = this.rate(account, { at, messages, bytes });
      if (!excess) return [];
      this.samples.delete(account);
      return [{ account, ...excess }];
    });
  }

  private rate(account: string, now: Sample): Omit<Excess, 'account'> | undefined {
    const known = this.samples.get(account) ?? [];
    // Counters start at zero after a restart of nats-server.
    const kept = known.some(({ messages }) => messages > now.messages) ? [] : [...known, now];
    while (kept.length > 2 && now.at - (kept[1]?.at ?? now.at) >= WINDOW_MS) kept.shift();
    this.samples.set(account, kept);
    const [oldest] = kept;
    if (!oldest || now.at - oldest.at < WINDOW_MS) return undefined;
    const seconds = (now.at - oldest.at) / 1000;
    const messagesPerSecond = (now.messages - oldest.messages) / seconds;
    const bytesPerSecond = (now.bytes - oldest.bytes) / seconds;
    const { limits } = this;
    const isExcess = messagesPerSecond > limits.messagesPerSecond || bytesPerSecond > limits.bytesPerSecond;
    return isExcess ? { messagesPerSecond, bytesPerSecond } : undefined;
  }
}
