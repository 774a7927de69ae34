/** Sends signed webhooks to the bot server, in order for each person, and repeats them until they are acknowledged. */
import { createHmac } from 'node:crypto';
import { ask, RepeatedSending, type Faults } from '#simulators';
import { ACCOUNT_ID } from './ids.js';

/** LINE does not publish the number and the intervals of its redeliveries. */
const MOST_ATTEMPTS = 60;

export type WebhookEvent = Record<string, unknown>;

export interface WebhookOptions {
  channelSecret: string;
  /** Timeout for the answer of the bot server, ms. */
  answerMs: number;
  /** Time until a webhook that was not acknowledged is sent again, ms. */
  retryMs: number;
  /** The setting "Webhook redelivery" of LINE's console. */
  redelivers: boolean;
}

export class WebhookSender extends RepeatedSending {
  private endpoint: URL | undefined;

  constructor(
    private readonly options: WebhookOptions,
    faults: Faults,
  ) {
    const { redelivers, retryMs } = options;
    super(faults, { attempts: redelivers ? MOST_ATTEMPTS : 1, retryMs });
  }

  /** Sets the URL after LINE's verification: a webhook without events. @throws Error if it fails */
  async connect(address: string): Promise<void> {
    const endpoint = new URL(address);
    const status = await this.post(endpoint, []);
    if (status !== 200) throw new Error(`the bot server answered the check with ${status}`);
    this.endpoint = endpoint;
  }

  enqueue(person: string, event: WebhookEvent): void {
    this.queue(person, async (attempt) => {
      if (!this.endpoint) return false;
      const deliveryContext = { isRedelivery: attempt > 1 };
      return (await this.post(this.endpoint, [{ ...event, deliveryContext }])) === 200;
    });
  }

  private async post(endpoint: URL, events: WebhookEvent[]): Promise<number> {
    const body = JSON.stringify({ destination: ACCOUNT_ID, events });
    const secret = this.faults.takeWrongSignature() ? 'another secret' : this.options.channelSecret;
    const { status } = await ask(endpoint, {
      method: 'POST',
      body,
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'user-agent': 'LineBotWebhook/2.0',
        'x-line-signature': createHmac('sha256', secret).update(body).digest('base64'),
      },
      deadlineMs: this.options.answerMs,
      signal: this.signal,
    });
    return status;
  }
}
