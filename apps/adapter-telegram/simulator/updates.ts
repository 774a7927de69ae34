/** Updates for the bot: to its webhook, in order for each chat and until they are confirmed, or as answers to `getUpdates`. */
import { ask, pause, SendingQueues, type Faults } from '#simulators';

/** Telegram does not publish how often it tries. It keeps updates for a day. */
const MOST_ATTEMPTS = 200;

export interface Update {
  update_id: number;
  [kind: string]: unknown;
}

export interface Webhook {
  url: string;
  secret_token?: string;
  allowed_updates?: string[];
}

/** Sent only to bots that ask for them. */
const ON_REQUEST = new Set(['message_reaction']);

export class Updates {
  /** The webhook stays as it is. */
  isFixed = false;
  private webhook: Webhook | undefined;
  private lastId = 100_000;
  private allowed: string[] | undefined;
  /** Not confirmed, in order, each with its chat. */
  private readonly waiting: { chat: string; update: Update }[] = [];
  private readonly queues = new SendingQueues();
  private readonly listeners = new Set<() => void>();
  private readonly closing = new AbortController();

  constructor(
    private readonly options: { answerMs: number; retryMs: number },
    private readonly faults: Faults,
  ) {}

  get hasWebhook(): boolean {
    return this.webhook !== undefined;
  }

  get pending(): number {
    return this.waiting.length;
  }

  connect(webhook: Webhook | undefined): void {
    if (this.isFixed) return;
    this.webhook = webhook;
    this.allowed = webhook?.allowed_updates ?? this.allowed;
    if (webhook) for (const { chat, update } of this.waiting.splice(0)) this.enqueue(chat, update);
  }

  add(chat: string, kind: string, content: object): void {
    const wanted = this.allowed?.length ? this.allowed.includes(kind) : !ON_REQUEST.has(kind);
    if (!wanted) return;
    const update = { update_id: ++this.lastId, [kind]: structuredClone(content) };
    if (this.webhook) return this.enqueue(chat, update);
    this.waiting.push({ chat, update });
    for (const listener of this.listeners) listener();
  }

  /** @param offset confirms everything before it */
  async get(
    offset: number,
    limit: number,
    timeoutMs: number,
    allowed: string[] | undefined,
  ): Promise<Update[]> {
    this.allowed = allowed ?? this.allowed;
    while (this.waiting[0] && this.waiting[0].update.update_id < offset) this.waiting.shift();
    if (this.waiting.length === 0 && timeoutMs > 0) await this.somethingNew(timeoutMs);
    const updates = this.waiting.slice(0, limit).map(({ update }) => update);
    // An adapter gets one a second time when its confirmation is lost.
    if (updates[0] && this.faults.takeDuplicate()) return [updates[0], ...updates];
    return updates;
  }

  idle(): Promise<void> {
    return this.queues.idle();
  }

  async close(): Promise<void> {
    this.closing.abort();
    for (const listener of this.listeners) listener();
    await this.idle();
  }

  /** Posts one update to the webhook as it is, for tests of repetition. @returns the HTTP status */
  post(update: Update, secret = this.webhook?.secret_token): Promise<number> {
    if (!this.webhook) throw new Error('the bot has no webhook');
    return this.postTo(this.webhook, update, secret);
  }

  private somethingNew(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.listeners.delete(done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      this.listeners.add(done);
    });
  }

  private enqueue(chat: string, update: Update): void {
    this.queues.add(chat, () => this.deliver(chat, update));
  }

  private async deliver(chat: string, update: Update): Promise<void> {
    for (let attempt = 1; attempt <= MOST_ATTEMPTS && !this.closing.signal.aborted; attempt++) {
      const { webhook } = this;
      if (!webhook) {
        this.waiting.push({ chat, update });
        return;
      }
      if (await this.taken(webhook, update)) {
        if (this.faults.takeDuplicate()) await this.taken(webhook, update);
        return;
      }
      await pause(this.options.retryMs, this.closing.signal);
    }
  }

  private async taken(webhook: Webhook, update: Update): Promise<boolean> {
    try {
      const secret = this.faults.takeWrongSignature() ? 'another-secret' : webhook.secret_token;
      const status = await this.postTo(webhook, update, secret);
      return status >= 200 && status < 300;
    } catch {
      // No connection, or no answer in time: it is sent again.
      return false;
    }
  }

  private async postTo(webhook: Webhook, update: Update, secret: string | undefined): Promise<number> {
    const { status } = await ask(new URL(webhook.url), {
      method: 'POST',
      body: JSON.stringify(update),
      headers: {
        'content-type': 'application/json',
        ...(secret === undefined ? {} : { 'x-telegram-bot-api-secret-token': secret }),
      },
      deadlineMs: this.options.answerMs,
      signal: this.closing.signal,
    });
    return status;
  }
}
