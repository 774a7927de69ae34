/** Sends signed webhooks to the server of the business, again until they are acknowledged. */
import { createHmac } from 'node:crypto';
import { ask, RepeatedSending, type Faults } from '#simulators';
import { ACCOUNT_NUMBER, BUSINESS_ID, PHONE_ID } from './ids.js';

/** Meta repeats for up to 7 days. */
const MOST_ATTEMPTS = 60;

export interface WebhookOptions {
  appSecret: string;
  verifyToken: string;
  /** Timeout for the answer, ms. */
  answerMs: number;
  /** Time until a webhook that was not acknowledged is sent again, ms. */
  retryMs: number;
}

/** What `value` has beside the number of the business. */
export interface Told {
  contacts?: object[];
  messages?: object[];
  statuses?: object[];
  errors?: object[];
}

export class WebhookSender extends RepeatedSending {
  private endpoint: URL | undefined;

  constructor(
    private readonly options: WebhookOptions,
    faults: Faults,
  ) {
    super(faults, { attempts: MOST_ATTEMPTS, retryMs: options.retryMs });
  }

  /** Enters the address, which Meta checks. @throws Error if the check fails */
  async connect(address: string): Promise<void> {
    const endpoint = new URL(address);
    const check = new URL(address);
    const challenge = String(Date.now());
    check.searchParams.set('hub.mode', 'subscribe');
    check.searchParams.set('hub.verify_token', this.options.verifyToken);
    check.searchParams.set('hub.challenge', challenge);
    const { answerMs: deadlineMs } = this.options;
    const { status, body } = await ask(check, { method: 'GET', deadlineMs, signal: this.signal });
    if (status !== 200 || body !== challenge)
      throw new Error(`the check of the address was answered with ${status}`);
    this.endpoint = endpoint;
  }

  /** In the order of the calls for one key; without an order between keys. */
  enqueue(key: string, told: Told): void {
    this.queue(
      key,
      async () => this.endpoint !== undefined && (await this.post(this.endpoint, told)) === 200,
    );
  }

  /** Sends one webhook as it is. @returns the HTTP status */
  async post(endpoint: URL, told: Told): Promise<number> {
    const metadata = { display_phone_number: ACCOUNT_NUMBER, phone_number_id: PHONE_ID };
    const value = { messaging_product: 'whatsapp', metadata, ...told };
    const entry = [{ id: BUSINESS_ID, changes: [{ value, field: 'messages' }] }];
    const body = escaped(JSON.stringify({ object: 'whatsapp_business_account', entry }));
    const secret = this.faults.takeWrongSignature() ? 'another secret' : this.options.appSecret;
    const { status } = await ask(endpoint, {
      method: 'POST',
      body,
      headers: {
        'content-type': 'application/json',
        'user-agent': 'facebookexternalua',
        'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
      },
      deadlineMs: this.options.answerMs,
      signal: this.signal,
    });
    return status;
  }
}

/** Meta writes what is not ASCII as lowercase escapes, and signs that. */
function escaped(json: string): string {
  return json.replace(/[\u0080-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
