/** Weibo with one account that uses the fans service: the API, callbacks, and the people who write to the account. */
import { Faults, HttpDoor, type SimulatedNetwork } from '#simulators';
import { CallbackSender, type CallbackOptions } from './callback-sender.js';
import { FansService } from './fans-service.js';
import { UID } from './ids.js';
import type { WeiboPerson } from './weibo-person.js';

export interface WeiboOptions extends Partial<Omit<CallbackOptions, 'appSecret'>> {
  port?: number;
  appSecret: string;
  token: string;
}

export class WeiboSimulator implements SimulatedNetwork {
  readonly name = 'weibo';
  readonly faults = new Faults();
  readonly callbacks: CallbackSender;
  readonly service: FansService;
  private door: HttpDoor | undefined;

  private constructor(options: WeiboOptions) {
    const documented = { form: 'json' as const, answerMs: 5000, retryMs: 1000, attempts: 3 };
    this.callbacks = new CallbackSender({ ...documented, ...options }, this.faults);
    this.service = new FansService(this.callbacks, this.faults, options.token);
  }

  static async open(options: WeiboOptions): Promise<WeiboSimulator> {
    const simulator = new WeiboSimulator(options);
    simulator.door = await HttpDoor.open(options.port ?? 0, (call) => simulator.service.answer(call));
    return simulator;
  }

  /** Base URL, instead of https://api.weibo.com, https://m.api.weibo.com and https://upload.api.weibo.com. */
  get url(): string {
    return this.door?.url ?? '';
  }

  /** Enters the address for callbacks, which Weibo checks. @throws Error if the check fails */
  async connect(callbackUrl: string): Promise<void> {
    await this.callbacks.connect(callbackUrl);
  }

  /** Finds the person, or makes one who follows the account. @throws Error for what is no uid */
  person(native: string): WeiboPerson {
    if (!UID.test(native)) throw new Error(`${native} is no uid of weibo`);
    return this.service.person(native);
  }

  people(): WeiboPerson[] {
    return [...this.service.people.values()];
  }

  /** Advances the clock of windows and rates. */
  advance(ms: number): void {
    this.service.clock.advance(ms);
  }

  /** Resolves when all callbacks so far are answered or given up. */
  async idle(): Promise<void> {
    await this.callbacks.idle();
  }

  async close(): Promise<void> {
    await this.callbacks.close();
    await this.door?.close();
  }
}
