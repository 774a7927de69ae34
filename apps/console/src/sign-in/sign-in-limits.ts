/**
 * Slows down guessing of passwords and codes, by address and by person. An address from which the person has signed in within a
 * month is not slowed down by attempts of strangers, so that nobody can lock a person out.
 */
import { Inject, Injectable } from '@nestjs/common';
import { ApiProblem } from '#http';
import { LOG, metrics, PeriodicWorker, type Log } from '#service';
import { sha256Of } from '../access/api-keys.service.js';
import { SessionsRepository } from '../access/sessions.repository.js';
import { CLOCK, type Clock } from '../core/clock.js';
import { subnetOf } from '../http/subnet.js';
import { SignInLimitsRepository } from './sign-in-limits.repository.js';

export const BY_ADDRESS = { free: 20, longestPauseS: 300 };
export const BY_PERSON = { free: 5, longestPauseS: 900 };
const TIDY_MS = 60_000;
const KNOWN_MS = 30 * 24 * 3600_000;

export interface Attempt {
  address: string;
  /** undefined: the address is known to the person, whose count is not used. */
  person: string | undefined;
}

@Injectable()
export class SignInLimits extends PeriodicWorker {
  constructor(
    private readonly rows: SignInLimitsRepository,
    private readonly sessions: SessionsRepository,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOG) log: Log,
  ) {
    super(TIDY_MS, 'old counts of sign-in attempts', log);
  }

  /**
   * @param name as given; unknown names are counted in the same way
   * @param person id of the person with this name
   * @throws ApiProblem 429
   */
  async begin(ip: string, name: string, person: string | undefined): Promise<Attempt> {
    const now = this.clock();
    const subnet = subnetOf(ip);
    const attempt: Attempt = { address: `address ${subnet}`, person: `person ${sha256Of(name)}` };
    this.expectNoWait(await this.rows.attempt(attempt.address, BY_ADDRESS, now));
    const since = new Date(now.getTime() - KNOWN_MS);
    if (person !== undefined && (await this.sessions.isKnownAddress(person, subnet, since)))
      return { ...attempt, person: undefined };
    this.expectNoWait(await this.rows.attempt(attempt.person ?? '', BY_PERSON, now));
    return attempt;
  }

  async succeeded({ address, person }: Attempt): Promise<void> {
    await this.rows.release(address, this.clock());
    if (person !== undefined) await this.rows.forget(person);
  }

  /** Neither wrong nor complete. */
  async released({ address, person }: Attempt): Promise<void> {
    await this.rows.release(address, this.clock());
    if (person !== undefined) await this.rows.release(person, this.clock());
  }

  async round(): Promise<void> {
    await this.rows.tidy(this.clock());
  }

  private expectNoWait(seconds: number): void {
    if (seconds === 0) return;
    metrics.denied.inc({ reason: 'slowed-down' });
    throw new ApiProblem('too-many-requests', 'too many attempts to sign in: wait, then try again', {
      headers: { 'retry-after': String(seconds) },
    });
  }
}
