/** Sends events to the webhook of the network as signed POST requests. */
import { HubError } from '#protocol';
import { runInBackground, sleep, type Log } from '#service';
import { httpError, readAnswer, throwIfRefused } from './open.errors.js';
import type { Answer, OpenEvent } from './open.schema.js';
import { sign } from './signature.js';
import type { Transport } from './transport.js';

const TIMEOUT_MS = 10_000;
const PROBE_MS = 1000;

export class WebhookClient implements Transport {
  private isConnected = false;
  private readonly stopping = new AbortController();

  constructor(
    private readonly url: URL,
    private readonly key: string,
    /** Called when `connected` may have changed. */
    private readonly changed: () => unknown,
    private readonly log: Log,
  ) {
    runInBackground('webhook', log, () => this.probe());
  }

  get connected(): boolean {
    return this.isConnected;
  }

  async send(event: OpenEvent): Promise<Answer> {
    return throwIfRefused(await this.post({ event }));
  }

  async lookUp(native: string): Promise<Answer> {
    return throwIfRefused(await this.post({ lookup: native }));
  }

  stop(): void {
    this.stopping.abort();
  }

  /** Pings the webhook every second while it is not reachable. */
  private async probe(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      if (!this.connected)
        await this.post({ ping: true }).catch((error: Error) =>
          this.log.debug({ reason: error.message }, 'webhook'),
        );
      await sleep(PROBE_MS, this.stopping.signal);
    }
  }

  private became(connected: boolean): void {
    this.isConnected = connected;
    this.changed();
  }

  private async post(question: object): Promise<Answer> {
    const body = JSON.stringify(question);
    const headers = {
      ...sign(this.key, 'POST', this.url.pathname, body),
      'content-type': 'application/json',
    };
    let response: Response;
    let text: string;
    try {
      response = await fetch(this.url, {
        method: 'POST',
        body,
        headers,
        redirect: 'error',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      text = (await response.text()).slice(0, 10_000);
    } catch (cause) {
      this.became(false);
      throw new HubError('91', 'the webhook cannot be reached', { cause });
    }
    const error = httpError(response.status);
    if (error) throw error;
    this.became(true);
    return readAnswer(text, response.ok);
  }
}
