/** Events go to the network as signed POSTs. */
import { HubError } from '#protocol';
import { runInBackground, sleep, type Log } from '#service';
import { readFieldByField } from './field-by-field.js';
import { REFUSAL, taken, type Link } from './link.js';
import { Answer, type OpenEvent } from './open.schema.js';
import { sign } from './signature.js';

const TIMEOUT_MS = 10_000;
const PROBE_MS = 1000;

export class WebhookLink implements Link {
  connected = false;
  private readonly stopping = new AbortController();

  constructor(
    private readonly url: URL,
    private readonly key: string,
    private readonly log: Log,
  ) {
    runInBackground('webhook', log, () => this.probe());
  }

  async send(event: OpenEvent): Promise<Answer> {
    return taken(await this.post({ event }));
  }

  async lookUp(native: string): Promise<Answer> {
    return taken(await this.post({ lookup: native }));
  }

  stop(): void {
    this.stopping.abort();
  }

  /** Asks until the webhook answers, and again after it was away. */
  private async probe(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      if (!this.connected)
        await this.post({ ping: true }).catch((error: Error) =>
          this.log.debug({ reason: error.message }, 'webhook'),
        );
      await sleep(PROBE_MS, this.stopping.signal);
    }
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
      this.connected = false;
      throw new HubError('91', 'the webhook cannot be reached', { cause });
    }
    if (response.status >= 500 || response.status === 429)
      throw new HubError(
        response.status === 429 ? '65' : '91',
        `the webhook answered HTTP ${response.status}`,
      );
    this.connected = true;
    return readAnswer(text, response.ok);
  }
}

/** @throws HubError 100 for an answer that says nothing that we know */
export function readAnswer(text: string, ok: boolean): Answer {
  let json: unknown = {};
  try {
    if (text.trim() !== '') json = JSON.parse(text);
  } catch {
    throw new HubError('100', 'the webhook answered with what is not JSON');
  }
  const answer = readFieldByField(Answer, json, REFUSAL);
  if (!answer.success) throw new HubError('100', 'the webhook answered in another shape than Answer');
  if (!ok && answer.data.code === undefined) throw new HubError('100', 'the webhook refused without a code');
  return answer.data;
}
