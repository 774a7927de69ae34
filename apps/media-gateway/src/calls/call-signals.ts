/** Tells the adapter of a person, through the switch, what the person did on a call page. */
import { Inject, Injectable } from '@nestjs/common';
import { ask, BusConnection } from '#bus';
import { HubError, requests, type CallSignal } from '#protocol';
import { backoff, LOG, sleep, type Log } from '#service';

/** The switch waits 3 s for the adapter. */
const ANSWER_MS = 4000;
const ATTEMPTS = 5;
const RETRY_MS = { first: 200, most: 3000 };

@Injectable()
export class CallSignals {
  private readonly stopping = new AbortController();

  constructor(
    private readonly link: BusConnection,
    @Inject(LOG) private readonly log: Log,
  ) {}

  /**
   * Tried again while nobody answers.
   * @throws HubError 91: nobody answered; RequestProblem: the adapter or the switch refuses
   */
  async send(network: string, signal: CallSignal): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        await ask(this.link, requests.gatewaySignal(), { network, signal }, ANSWER_MS);
        return;
      } catch (error) {
        const isAway = error instanceof HubError && error.code === '91';
        if (!isAway || attempt >= ATTEMPTS || this.stopping.signal.aborted) throw error;
        this.log.debug({ network, call: signal.call, attempt }, 'signal of a call: trying again');
        await sleep(backoff(attempt, RETRY_MS.first, RETRY_MS.most), this.stopping.signal);
      }
    }
  }

  /** What is being sent is not tried again. */
  stop(): void {
    this.stopping.abort();
  }
}
