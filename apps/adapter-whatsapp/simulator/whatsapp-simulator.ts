/** WhatsApp with one business number: the Cloud API, webhooks, and the people who write to the business. */
import { Faults, HttpDoor, type SimulatedNetwork } from '#simulators';
import { Chat } from './chat.js';
import { CloudApi } from './cloud-api.js';
import { WA_ID } from './ids.js';
import { WebhookSender, type WebhookOptions } from './webhook-sender.js';
import type { WhatsAppPerson } from './whatsapp-person.js';

export interface WhatsAppOptions extends Partial<Pick<WebhookOptions, 'answerMs' | 'retryMs'>> {
  port?: number;
  appSecret: string;
  verifyToken: string;
  token: string;
}

export class WhatsAppSimulator implements SimulatedNetwork {
  readonly name = 'whatsapp';
  readonly faults = new Faults();
  readonly webhooks: WebhookSender;
  private readonly chat: Chat;
  private door: HttpDoor | undefined;

  private constructor(options: WhatsAppOptions) {
    this.webhooks = new WebhookSender({ answerMs: 5000, retryMs: 1000, ...options }, this.faults);
    this.chat = new Chat(this.webhooks, this.faults);
  }

  static async open(options: WhatsAppOptions): Promise<WhatsAppSimulator> {
    const simulator = new WhatsAppSimulator(options);
    const api = new CloudApi(simulator.chat, options.token);
    simulator.door = await HttpDoor.open(options.port ?? 0, (call) => api.answer(call));
    simulator.chat.url = simulator.door.url;
    return simulator;
  }

  /** Base URL, instead of https://graph.facebook.com and of where attachments are. */
  get url(): string {
    return this.chat.url;
  }

  /** Enters the webhook address, which Meta checks. @throws Error if the check fails */
  async connect(webhookUrl: string): Promise<void> {
    await this.webhooks.connect(webhookUrl);
  }

  /** Finds the person, or makes one. @throws Error for what is no number */
  person(native: string): WhatsAppPerson {
    if (!WA_ID.test(native)) throw new Error(`${native} is no telephone number without "+"`);
    return this.chat.person(native);
  }

  people(): WhatsAppPerson[] {
    return [...this.chat.people.values()];
  }

  /** A message that was accepted fails. */
  fail(id: string, code = 131026, title = 'Message undeliverable'): void {
    this.chat.fail(id, code, title);
  }

  /** The next message is accepted and reaches no device. @param after so many that do */
  turnDeviceOff(after = 0): void {
    this.chat.turnDeviceOff(after);
  }

  /** Ids of the messages that reached no device. */
  get undelivered(): readonly string[] {
    return this.chat.undelivered;
  }

  /** Advances the clock of the windows. */
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
