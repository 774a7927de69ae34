/** The sends that an account has left to one person. The person has to write first. */
import { ApiError } from './codes.js';
import type { Clock } from './clock.js';
import type { Allowance, PlatformKind } from './kind.js';

export class SendWindow {
  private readonly grants = new Map<'message' | 'event', { until: number; left: number }>();

  constructor(
    private readonly clock: Clock,
    private readonly rules: PlatformKind['window'],
  ) {}

  /** Renews the window after an act of the person: by the quota of a message or of an event. */
  open(by: 'message' | 'event'): void {
    const allowance: Allowance | undefined = this.rules?.[by];
    if (allowance) this.grants.set(by, { until: this.clock.now() + allowance.ms, left: allowance.sends });
  }

  /** Uses up one send. @throws ApiError 45015 outside of the window, 45047 when it is used up */
  use(): void {
    if (!this.rules) return;
    const open = [...this.grants.values()].filter(({ until }) => until > this.clock.now());
    if (open.length === 0) throw new ApiError(45015);
    const grant = open.find(({ left }) => left > 0);
    if (!grant) throw new ApiError(45047);
    grant.left--;
  }
}

/** Sends to one member within the last hour. */
export class MemberRate {
  private sends: number[] = [];

  constructor(
    private readonly clock: Clock,
    private readonly rules: PlatformKind['memberRate'],
  ) {}

  /** @returns false if the limit is exceeded */
  use(): boolean {
    if (!this.rules) return true;
    const now = this.clock.now();
    this.sends = this.sends.filter((at) => now - at < 3_600_000);
    const lastMinute = this.sends.filter((at) => now - at < 60_000).length;
    if (lastMinute >= this.rules.perMinute || this.sends.length >= this.rules.perHour) return false;
    this.sends.push(now);
    return true;
  }
}
