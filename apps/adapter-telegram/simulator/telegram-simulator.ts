/** Telegram with one bot: the Bot API, updates, and the people who talk with the bot. */
import { Faults, HttpDoor, type SimulatedNetwork } from '#simulators';
import { BotApi } from './bot-api.js';
import { Chats } from './chats.js';
import { Flood } from './flood.js';
import { BOT_ID } from './ids.js';
import type { TelegramPerson } from './telegram-person.js';
import { Updates } from './updates.js';

export interface TelegramOptions {
  port?: number;
  token: string;
  /** Timeout for the answer of the bot server, ms. */
  answerMs?: number;
  /** Time until an update that was not confirmed is sent again, ms. */
  retryMs?: number;
}

const USER_ID = /^[1-9]\d{4,15}$/;

export class TelegramSimulator implements SimulatedNetwork {
  readonly name = 'telegram';
  readonly faults = new Faults();
  readonly flood = new Flood();
  readonly updates: Updates;
  readonly api: BotApi;
  private readonly account: { token: string };
  private readonly chats: Chats;
  private door: HttpDoor | undefined;

  private constructor({ token, answerMs = 10_000, retryMs = 1000 }: TelegramOptions) {
    this.account = { token };
    this.updates = new Updates({ answerMs, retryMs }, this.faults);
    this.chats = new Chats(this.updates, this.faults, {
      id: Number(BOT_ID),
      is_bot: true,
      first_name: 'Hutong',
      username: 'hutong_bot',
    });
    this.api = new BotApi(this.chats, this.flood, this.account);
  }

  static async open(options: TelegramOptions): Promise<TelegramSimulator> {
    const simulator = new TelegramSimulator(options);
    const door = await HttpDoor.open(options.port ?? 0, (call) => simulator.api.answer(call));
    simulator.door = door;
    simulator.chats.filesUrl = door.url;
    return simulator;
  }

  /** Base URL, instead of https://api.telegram.org. */
  get url(): string {
    return this.door?.url ?? '';
  }

  /** Finds or makes the person. @throws Error for an invalid id */
  person(native: string): TelegramPerson {
    if (!USER_ID.test(native)) throw new Error(`${native} is no user id of telegram`);
    return this.chats.person(native);
  }

  people(): TelegramPerson[] {
    return [...this.chats.people.values()];
  }

  /** The operator enters a webhook themselves, as with a call of setWebhook; the adapter's own calls change nothing afterwards. */
  enter(url: string, secret: string): Promise<void> {
    const allowed_updates = ['message', 'edited_message', 'message_reaction'];
    this.updates.connect({ url, secret_token: secret, allowed_updates });
    this.updates.isFixed = true;
    return Promise.resolve();
  }

  /** The owner of the bot replaces its token at @BotFather: the old one ends. */
  replaceToken(token: string): void {
    this.account.token = token;
  }

  /** Resolves when all updates so far were confirmed or given up. */
  idle(): Promise<void> {
    return this.updates.idle();
  }

  async close(): Promise<void> {
    await this.updates.close();
    await this.door?.close();
  }
}
