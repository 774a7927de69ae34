/** NetEase Yunxin with one app: the server API, message copies, and the users of the app. */
import type { SimulatedNetwork } from '#simulators';
import { Clock } from '#simulators';
import { HttpDoor } from '#simulators';
import { ACCID, Actions } from './actions.js';
import { Copier } from './copier.js';
import { Exchange } from './exchange.js';
import { Gate } from './gate.js';
import { Nos, NOS_PATH } from './nos.js';
import { YunxinFaults } from './yunxin-faults.js';
import type { YunxinPerson } from './yunxin-person.js';

export interface YunxinOptions {
  port?: number;
  appKey: string;
  appSecret: string;
  /** Timeout of a copy. */
  answerMs?: number;
  /** Time from the start of a failed copy to its next attempt. */
  retryMs?: number;
}

export class YunxinSimulator implements SimulatedNetwork {
  readonly name = 'yunxin';
  readonly faults = new YunxinFaults(() => this.nos.clear());
  private readonly clock = new Clock();
  private readonly nos = new Nos(() => this.url, this.clock);
  private readonly copier: Copier;
  private readonly exchange: Exchange;
  /** Accounts that a test controls; the others belong to the app's server. */
  private readonly played = new Set<YunxinPerson>();
  private door: HttpDoor | undefined;

  private constructor(private readonly options: YunxinOptions) {
    this.copier = new Copier({ answerMs: 5000, retryMs: 5000, ...options }, this.faults);
    this.exchange = new Exchange(this.clock, this.copier, this.nos);
  }

  static async open(options: YunxinOptions): Promise<YunxinSimulator> {
    const simulator = new YunxinSimulator(options);
    const gate = new Gate(options.appKey, options.appSecret);
    const actions = new Actions(simulator.exchange, gate, simulator.faults);
    simulator.door = await HttpDoor.open(options.port ?? 0, async (call) =>
      call.path.startsWith(NOS_PATH) ? simulator.nos.answer(call, simulator.faults) : actions.answer(call),
    );
    return simulator;
  }

  /** Base URL of the API, instead of https://api.netease.im. */
  get url(): string {
    return this.door?.url ?? '';
  }

  /** Sets the URL for copies after the console's test request. @throws Error if that request fails */
  async connectCopy(url: string): Promise<void> {
    await this.copier.connect(url);
  }

  /** Finds an account, or registers it, as the sign-up of the app does. */
  person(native: string, name?: string): YunxinPerson {
    if (!ACCID.test(native)) throw new Error(`${native} is no accid of yunxin`);
    const person = this.exchange.find(native) ?? this.exchange.register(native, native);
    if (name !== undefined) person.name = name;
    this.played.add(person);
    return person;
  }

  people(): YunxinPerson[] {
    return [...this.played];
  }

  /** Advances the clock of the recall window and of the expiry of stored files. */
  advance(ms: number): void {
    this.clock.advance(ms);
  }

  /** Resolves when all copies so far are accepted or given up. */
  async idle(): Promise<void> {
    await this.copier.idle();
  }

  async close(): Promise<void> {
    await this.copier.close();
    await this.door?.close();
  }
}
