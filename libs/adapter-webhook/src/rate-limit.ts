/**
 * How often one person may be written to, where the platform drops further messages and reports no error. The counts of a person
 * are one entry in the memory of the network, so that all processes of an adapter count together, also after a restart.
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Memory } from '#adapter-kit';
import { HubError } from '#protocol';

/** At most so many messages to one person in any period of this length, ms. */
export interface Rate {
  messages: number;
  ms: number;
}

/** A period is counted in so many steps: a message counts up to a step longer than it must. */
const STEPS = 30;
/** Added to the wait, ms: the platform's clock and ours differ. */
const SLACK_MS = 50;

/** Messages by number of the step, oldest first; for each rate. */
const Counts = z.array(z.array(z.tuple([z.int(), z.int().min(0)])).max(STEPS + 2)).catch([]);
type Count = z.infer<typeof Counts>[number];

export class RateLimit {
  /** @param rates none: no limit */
  constructor(
    private readonly memory: Pick<Memory, 'change'>,
    private readonly rates: readonly Rate[],
  ) {}

  /** Counts one message. @throws HubError 65 with the time to wait, 91 */
  async take(person: string, now = Date.now()): Promise<void> {
    if (this.rates.length === 0) return;
    await this.memory.change(keyOf(person), (stored) => {
      const before = Counts.parse(stored ?? []);
      return Promise.resolve(this.rates.map((rate, at) => withOneMore(before[at] ?? [], rate, now)));
    });
  }
}

function withOneMore(counts: Count, { messages, ms }: Rate, now: number): Count {
  const step = ms / STEPS;
  const freeAt = (index: number) => (index + 1) * step + ms;
  const counting = counts.filter(([index]) => freeAt(index) > now);
  const taken = counting.reduce((sum, [, count]) => sum + count, 0);
  const [oldest] = counting[0] ?? [0];
  if (taken >= messages)
    throw new HubError('65', `this person was sent the ${messages} messages that ${ms / 1000} s allow`, {
      retryAfterMs: freeAt(oldest) - now + SLACK_MS,
    });
  const current = Math.floor(now / step);
  const [, already = 0] = counting.find(([index]) => index === current) ?? [];
  return [...counting.filter(([index]) => index !== current), [current, already + 1]];
}

function keyOf(person: string): string {
  return `rate.${createHash('sha256').update(person).digest('base64url')}`;
}
