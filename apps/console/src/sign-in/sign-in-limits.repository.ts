/** Table `sign_in_limit`: attempts to sign in, by address and by person. All consoles share it. */
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

export interface LimitTerms {
  /** Attempts that cost no pause. */
  free: number;
  longestPauseS: number;
}

const FIRST_PAUSE_S = 1;
/** Time without an attempt after which the count starts again. */
const FORGET = "interval '15 minutes'";

@Injectable()
export class SignInLimitsRepository {
  constructor(private readonly database: DataSource) {}

  /** Counts an attempt before it is looked at, so that many at the same time are no way around. @returns seconds to wait; 0: it may be made */
  async attempt(subject: string, { free, longestPauseS }: LimitTerms, now: Date): Promise<number> {
    // Pauses double with each further attempt; the exponent is bounded, so that the number stays one.
    const pause = (attempts: string): string =>
      `CASE WHEN ${attempts} < $3 THEN interval '0' ELSE least(${FIRST_PAUSE_S} * 2 ^ least(${attempts} - $3, 20), $4) * interval '1 second' END`;
    const counted = `CASE WHEN l.last_at < $2::timestamptz - ${FORGET} THEN 1 ELSE l.attempts + 1 END`;
    const rows = await this.database.query<unknown[]>(
      `INSERT INTO sign_in_limit AS l (subject, attempts, last_at, waits_until) VALUES ($1, 1, $2, $2::timestamptz + ${pause('1')})
       ON CONFLICT (subject) DO UPDATE SET attempts = ${counted}, last_at = $2, waits_until = $2::timestamptz + ${pause(`(${counted})`)}
         WHERE l.waits_until <= $2
       RETURNING subject`,
      [subject, now, free, longestPauseS],
    );
    if (rows.length > 0) return 0;
    const [row] = await this.database.query<{ seconds: number }[]>(
      'SELECT ceil(extract(epoch FROM waits_until - $2::timestamptz))::int AS seconds FROM sign_in_limit WHERE subject = $1',
      [subject, now],
    );
    return Math.max(row?.seconds ?? 1, 1);
  }

  /** Takes back an attempt that was no wrong one. */
  async release(subject: string, now: Date): Promise<void> {
    await this.database.query(
      'UPDATE sign_in_limit SET attempts = greatest(attempts - 1, 0), waits_until = $2 WHERE subject = $1',
      [subject, now],
    );
  }

  async forget(subject: string): Promise<void> {
    await this.database.query('DELETE FROM sign_in_limit WHERE subject = $1', [subject]);
  }

  /** Deletes counts that start again anyway. */
  async tidy(now: Date): Promise<void> {
    await this.database.query(
      "DELETE FROM sign_in_limit WHERE last_at < $1::timestamptz - interval '1 hour' AND waits_until < $1",
      [now],
    );
  }
}
