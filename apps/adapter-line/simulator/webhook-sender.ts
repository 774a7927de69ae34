/** Sends signed webhooks to the bot server, in order for each person, and repeats them until they are acknowledged. */
import { createHmac } from 'node:crypto';
import { ask, pause, SendingQueues, type Faults } from '#simulators';
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

export class WebhookSender {
  private endpoint: URL | undefined;
  private readonly queues = new SendingQueues();
  private readonly closing = new AbortController();

  constructor(
    private readonly options: WebhookOptions,
    private readonly faults: Faults,
  ) {}

  /** Sets the URL after LINE's verification: a webhook without events. @throws Error if it fails */
  async connect(address: string): Promise<void> {
    const endpoint = new URL(address);
    const status = await this.post(endpoint, []);
    if (status !== 200) throw new Error(`the bot server answered the check with ${status}`);
    this.endpoint = endpoint;
  }

  enqueue(person: string, event: WebhookEvent): void {
    this.queues.add(person, () => this.deliver(event));
  }

  idle(): Promise<void> {
    return this.queues.idle();
  }

  async close(): Promise<void> {
    this.closing.abort();
    await this.idle();
  }

  private async deliver(event: WebhookEvent): Promise<void> {
    const most = this.options.redelivers ? MOST_ATTEMPTS : 1;
    for (let attempt = 1; attempt <= most && !this.closing.signal.aborted; attempt++) {
      if (await this.taken(event, attempt > 1)) {
        if (this.faults.takeDuplicate()) await this.taken(event, true);
        return;
      }
      if (attempt < most) await pause(this.options.retryMs, this.closing.signal);
    }
  }

  private async taken(event: WebhookEvent, isRedelivery: boolean): Promise<boolean> {
    if (!this.endpoint) return false;
    try {
      return (await this.post(this.endpoint, [{ ...event, deliveryContext: { isRedelivery } }])) === 200;
    } catch {
      // No connection, or no answer in time: it is sent again.
      return false;
    }
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
      signal: this.closing.signal,
    });
    return status;
  }
}
