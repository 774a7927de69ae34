/** HTTP calls to a platform, with the difference that matters: not sent (91), or sent and unanswered (103). */
import { Connectivity } from '#adapter-kit';
import { HubError, toHubError } from '#protocol';
import { described, runInBackground, sleep, requestSent, type Log } from '#service';
import { repeatable } from './repeatable.js';

const TIMEOUT_MS = 10_000;
const CHECK_MS = 2000;
const LONG_CHECK_MS = 60_000;

export class PlatformHttp {
  readonly connectivity = new Connectivity();

  /**
   * @param name of the platform, in logs and errors
   * @param way to the platform. session: it sets `reachable`, and logs itself why it is down
   */
  constructor(
    readonly name: string,
    private readonly way: 'calls' | 'session' = 'calls',
  ) {}

  /** Whether the last call reached the platform. `check` of the adapter sets it to true. */
  get reachable(): boolean {
    return this.connectivity.connected;
  }

  set reachable(reachable: boolean) {
    this.connectivity.connected = reachable;
  }

  /** @throws HubError 91 when the request was not sent, 103 when nobody knows what became of it; whatever `read` throws */
  async ask<T>(
    url: string,
    init: RequestInit,
    read: (response: Response) => Promise<T>,
    timeoutMs = TIMEOUT_MS,
  ): Promise<T> {
    try {
      const signal = AbortSignal.timeout(timeoutMs);
      return await read(await fetch(url, { signal, redirect: 'error', ...init }));
    } catch (thrown) {
      if (thrown instanceof HubError) throw thrown;
      if (requestSent(thrown)) throw new HubError('103', `${this.name} gave no answer`, { cause: thrown });
      this.reachable = false;
      throw new HubError('91', `${this.name} cannot be reached`, { cause: thrown });
    }
  }

  /**
   * The same for a request that is safe to repeat, or carries an idempotency key: 91 whether it was sent or not, so that
   * it comes again.
   */
  async askAgain<T>(
    url: string,
    init: RequestInit,
    read: (response: Response) => Promise<T>,
    timeoutMs = TIMEOUT_MS,
  ): Promise<T> {
    return repeatable(this.ask(url, init, read, timeoutMs));
  }

  /**
   * Checks now and again, also 2 s after any call has found that the platform cannot be reached, and every 2 s from then on:
   * deliveries wait until a check succeeds. Logs when a check ends otherwise than the one before. Where a session leads to the
   * platform, nothing is checked while it is down.
   * @param idleMs time between two checks while it can be reached
   */
  keepChecking(check: () => Promise<unknown>, log: Log, stopping: AbortSignal, idleMs = LONG_CHECK_MS): void {
    runInBackground('platform', log, async () => {
      let told = '';
      while (!stopping.aborted) {
        if (this.way === 'session' && !this.reachable) {
          told = '';
          await sleep(CHECK_MS, stopping);
          continue;
        }
        const failure = await failureOf(check);
        const state = `${this.reachable}: ${failure?.message ?? ''}`;
        if (state !== told && (failure || !this.reachable))
          log.warn(
            { platform: this.name, ...(failure && shown(failure)) },
            'the platform cannot be reached, or refuses us',
          );
        else if (state !== told) log.info({ platform: this.name }, 'the platform can be reached');
        told = state;
        await sleep(idleMs, AbortSignal.any([stopping, this.connectivity.lost]));
        if (!this.reachable) await sleep(CHECK_MS, stopping);
      }
    });
  }
}

/** A platform that is away or refuses us is no fault of ours: its stack would say nothing. */
function shown(failure: HubError): object {
  const { code, detail: reason, cause } = failure;
  return code === '96' ? described(cause ?? failure) : { code, reason };
}

async function failureOf(check: () => Promise<unknown>): Promise<HubError | undefined> {
  try {
    await check();
    return undefined;
  } catch (thrown) {
    return toHubError(thrown);
  }
}
