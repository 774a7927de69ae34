/** LINE with one official account: the Messaging API, webhooks, and the people who follow the account. */
import { Faults, HttpDoor, type SimulatedNetwork } from '#simulators';
import { Chat } from './chat.js';
import { USER_ID } from './ids.js';
import type { LinePerson } from './line-person.js';
import { MessagingApi } from './messaging-api.js';
import { WebhookSender, type WebhookOptions } from './webhook-sender.js';

export interface LineOptions extends Partial<Omit<WebhookOptions, 'channelSecret'>> {
  port?: number;
  channelSecret: string;
  channelToken: string;
  /** Maximum number of messages per month, without replies; unlimited, if absent. */
  monthlyLimit?: number;
}

export class LineSimulator implements SimulatedNetwork {
  readonly name = 'line';
  readonly faults = new Faults();
  private readonly webhooks: WebhookSender;
  private readonly chat: Chat;
  private readonly api: MessagingApi;
  private door: HttpDoor | undefined;

  private constructor(options: LineOptions) {
    this.webhooks = new WebhookSender(
      { answerMs: 5000, retryMs: 1000, redelivers: true, ...options },
      this.faults,
    );
    this.chat = new Chat(this.webhooks, this.faults);
    this.api = new MessagingApi(this.chat, this.webhooks, {
      channelToken: options.channelToken,
      monthlyLimit: options.monthlyLimit,
    });
  }

  static async open(options: LineOptions): Promise<LineSimulator> {
    const simulator = new LineSimulator(options);
    simulator.door = await HttpDoor.open(options.port ?? 0, (call) => simulator.api.answer(call));
    return simulator;
  }

  /** Base URL, instead of https://api.line.me and https://api-data.line.me. */
  get url(): string {
    return this.door?.url ?? '';
  }

  /** Sets the webhook URL, which LINE verifies. @throws Error if the URL does not answer */
  async connect(webhookUrl: string): Promise<void> {
    await this.webhooks.connect(webhookUrl);
  }

  /** Finds the person, or makes one who follows the account. @throws Error for an invalid id */
  person(native: string): LinePerson {
    if (!USER_ID.test(native)) throw new Error(`${native} is no user id of line`);
    return this.chat.person(native);
  }

  people(): LinePerson[] {
    return [...this.chat.people.values()];
  }

  get consumption(): number {
    return this.api.consumption;
  }

  /** Advances the clock of reply tokens and retry keys. */
  advance(ms: number): void {
    this.chat.clock.advance(ms);
  }

  /** Resolves when all webhooks so far are acknowledged or given up. */
  async idle(): Promise<void> {
    await this.webhooks.idle();
  }

  async close(): Promise<void> {
    await this.webhooks.close();
    await this.door?.close();
  }
}
