/**
 * Renews the bus credentials of the adapter before they expire, and writes them over its credentials file. Of several
 * processes that share a file, one renews; the others find the new credentials in the file at their next connection.
 */
import { ask, factsOf, newUser, type BusConnection, type CredentialsFile } from '#bus';
import { requests, RequestProblem, type Network, type RenewAnswer, type RenewRequest } from '#protocol';
import { metrics, PeriodicTask, type Log } from '#service';

const DAY_MS = 24 * 3600_000;
/** Credentials are renewed this long before they expire; short-lived ones in the last third of their lifetime. */
const BEFORE_END_MS = 21 * DAY_MS;
const CHECK_EVERY_MS = 3600_000;

/** When to renew credentials. undefined: they do not expire. */
export function renewalTime(issuedAt: Date, expiresAt: Date | undefined): Date | undefined {
  if (expiresAt === undefined) return undefined;
  const life = expiresAt.getTime() - issuedAt.getTime();
  return new Date(expiresAt.getTime() - Math.min(BEFORE_END_MS, life / 3));
}

export class CredentialRenewal {
  private readonly rounds: PeriodicTask;
  /** Public key of the credentials that the current session uses. */
  private inUse: string;

  /** @param everyMs interval of the checks, ms */
  constructor(
    private readonly network: Network,
    private readonly connection: BusConnection,
    private readonly file: CredentialsFile,
    private readonly log: Log,
    everyMs = CHECK_EVERY_MS,
    private readonly now: () => Date = () => new Date(),
  ) {
    this.inUse = factsOf(file.read()).publicKey;
    this.rounds = new PeriodicTask(everyMs, () => this.check(), 'bus credentials renewed', log);
  }

  stop(): Promise<void> {
    return this.rounds.stop();
  }

  /** @throws HubError, or an error of the file system; the next check tries again */
  async check(): Promise<void> {
    const { publicKey, issuedAt, expiresAt } = factsOf(this.file.read());
    metrics.credentialsExpire.set({ network: this.network }, expiresAt ? expiresAt.getTime() / 1000 : 0);
    if (publicKey !== this.inUse) return this.reconnect(publicKey, 'the credentials file was replaced');
    const due = renewalTime(issuedAt, expiresAt);
    if (due === undefined || this.now() < due) return;
    await this.renew(publicKey);
  }

  private async renew(current: string): Promise<void> {
    const user = newUser();
    const renewed = await this.requested({ current, next: user.publicKey });
    if (!renewed) return;
    this.file.replace(user.credentials(renewed.jwt));
    this.log.info({ expiresAt: renewed.expiresAt, file: this.file.path }, 'bus credentials renewed');
    this.reconnect(user.publicKey, 'bus credentials renewed');
  }

  /** @returns undefined when the hub refuses */
  private async requested(request: RenewRequest): Promise<RenewAnswer | undefined> {
    try {
      return await ask(this.connection, requests.renew(this.network), request);
    } catch (error) {
      if (!(error instanceof RequestProblem)) throw error;
      const { code, detail } = error;
      // 94: another process has renewed and is about to write the file.
      if (code !== '94')
        this.log.error({ code, reason: detail }, 'the hub did not renew the bus credentials');
      return undefined;
    }
  }

  private reconnect(publicKey: string, why: string): void {
    this.inUse = publicKey;
    this.connection.restart(why);
  }
}
