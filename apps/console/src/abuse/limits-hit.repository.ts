/** Messages that ended because a rate limit was used up, as the trace has them. */
import { Inject, Injectable } from '@nestjs/common';
import { BoundedReads } from '../core/bounded-read.repository.js';
import { CLOCK, type Clock } from '../core/clock.js';

export const LIMIT_HOURS = 24;
export const MOST_PAIRS = 200;
const RATE_LIMITED = '65';
const HOUR_MS = 3600_000;

export interface LimitedPair {
  from: string;
  to: string;
  messages: number;
  last_at: Date;
}

@Injectable()
export class LimitsHitRepository {
  constructor(
    private readonly reads: BoundedReads,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @param network only pairs of this network */
  async ofLastHours(network: string | null): Promise<{ since: Date; pairs: LimitedPair[] }> {
    const since = new Date(this.clock().getTime() - LIMIT_HOURS * HOUR_MS);
    const pairs = await this.reads.read((manager) =>
      manager.query<LimitedPair[]>(
        `SELECT * FROM (
           SELECT split_part(from_address, '@', 2) AS "from", split_part(to_address, '@', 2) AS "to",
             count(DISTINCT event_id)::int AS messages, max(at) AS last_at
           FROM checkpoint WHERE stage = 'failed' AND code = '${RATE_LIMITED}' AND at > $1 GROUP BY 1, 2) pairs
         WHERE $2::text IS NULL OR $2 IN ("from", "to") ORDER BY messages DESC, "from", "to" LIMIT ${MOST_PAIRS}`,
        [since, network],
      ),
    );
    return { since, pairs };
  }
}
