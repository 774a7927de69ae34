/** WeChat with its iLink service: login by QR code, one bot for each person who scanned one, and the store for attachments. */
import { randomBytes } from 'node:crypto';
import { Clock, Faults, HttpDoor, type Incoming, type Outgoing, type SimulatedNetwork } from '#simulators';
import { Bot } from './bot.js';
import { ILinkApi, type ApiOptions } from './ilink-api.js';
import { botOf, MessageIds, personIdOf, shownId } from './ids.js';
import { Login, type LoginOptions } from './login.js';
import { Store } from './store.js';
import { WeixinPerson, type Service } from './weixin-person.js';
import { NOTHING, type Fields } from './wire.js';

export interface WeixinOptions extends Partial<ApiOptions> {
  port?: number;
  /** Makes the tokens of the people below known again when the simulator starts anew. */
  secret?: string;
  /** People who scan the first codes that are shown, in this order. */
  scanning?: string[];
  digits?: LoginOptions['digits'];
}

const HOLD_MS = 20_000;
const QUOTA = 10;

export class WeixinSimulator implements SimulatedNetwork {
  readonly name = 'weixin';
  readonly faults = new Faults();
  readonly clock = new Clock();
  readonly store = new Store();
  readonly login: Login;
  readonly api: ILinkApi;
  quotesBy: Service['quotesBy'] = 'id';
  private readonly ids = new MessageIds();
  private readonly everybody = new Map<string, WeixinPerson>();
  private readonly bots = new Map<string, Bot>();
  private readonly generations = new Map<string, number>();
  private readonly closing = new AbortController();
  private readonly secret: string;
  private readonly scanning: string[];
  private door: HttpDoor | undefined;

  private constructor({
    secret,
    scanning = [],
    digits,
    holdMs = HOLD_MS,
    repeats = true,
    quota = QUOTA,
  }: WeixinOptions) {
    this.secret = secret ?? randomBytes(16).toString('hex');
    this.scanning = scanning.map(personIdOf);
    const { faults, clock, ids, store } = this;
    const { signal } = this.closing;
    this.login = new Login({ holdMs, digits }, (person) => this.bind(person), signal);
    const options = { holdMs, repeats, quota };
    const botOfToken = (token: string) => this.bots.get(token) ?? this.boundBefore(token);
    this.api = new ILinkApi({
      options,
      login: this.login,
      store,
      clock,
      ids,
      faults,
      botOf: botOfToken,
      closing: signal,
    });
  }

  static async open(options: WeixinOptions = {}): Promise<WeixinSimulator> {
    const simulator = new WeixinSimulator(options);
    simulator.door = await HttpDoor.open(options.port ?? 0, (call) => simulator.answer(call));
    simulator.api.url = simulator.door.url;
    simulator.store.url = `${simulator.door.url}/c2c`;
    return simulator;
  }

  /** Base of logins and of the API. */
  get url(): string {
    return this.api.url;
  }

  /** Finds the person, or makes one. @param native their id, or a word from which one is made */
  person(native: string): WeixinPerson {
    const id = personIdOf(native);
    const known = this.everybody.get(id);
    if (known) return known;
    const { store, login } = this;
    const person = new WeixinPerson(id, {
      scan: (who, text) => login.scan(who, text),
      get unscanned() {
        return login.unscanned;
      },
      say: (who, item) => this.say(who, item),
      keep: (content) => store.keep(content),
      quotesBy: this.quotesBy,
    });
    this.everybody.set(id, person);
    return person;
  }

  people(): WeixinPerson[] {
    return [...this.everybody.values()];
  }

  async close(): Promise<void> {
    this.closing.abort();
    await this.door?.close();
  }

  private async answer(call: Incoming): Promise<Outgoing> {
    const { path } = call;
    if (path.startsWith('/c2c/')) return this.store.answer(call);
    const shown = this.store.shown.get(path.replace('/shown/', ''));
    if (shown) return { status: 200, type: 'application/octet-stream', body: shown };
    if (!path.includes('/ilink/bot/')) return NOTHING;
    const answer = await this.api.answer(call);
    if (path.endsWith('/get_bot_qrcode')) this.scanIfAsked();
    return answer;
  }

  private scanIfAsked(): void {
    const next = this.scanning.map((native) => this.person(native)).find(({ bot }) => !bot || bot.isOver);
    const { unscanned } = this.login;
    if (next && unscanned !== undefined) this.login.scan(next, unscanned);
  }

  /** A person has one bot: a scan ends the one before. It may write after the person has written to it. */
  private bind(person: WeixinPerson): Bot {
    person.bot?.end();
    person.lastWroteAt = undefined;
    person.received = 0;
    const generation = (this.generations.get(person.native) ?? 0) + 1;
    return this.newBot(person, generation);
  }

  private newBot(person: WeixinPerson, generation: number): Bot {
    const { id, token } = botOf(this.secret, person.native, generation);
    const bot = new Bot(id, token, person);
    this.generations.set(person.native, generation);
    this.bots.set(token, bot);
    person.bot = bot;
    return bot;
  }

  /** The token of somebody who scanned a code before this process started. */
  private boundBefore(token: string): Bot | undefined {
    const found = this.scanning.find((native) => botOf(this.secret, native, 1).token === token);
    return found === undefined || this.generations.has(found)
      ? undefined
      : this.newBot(this.person(found), 1);
  }

  private say(person: WeixinPerson, item: Fields): string {
    const { bot } = person;
    if (!bot || bot.isOver) throw new Error('the contact does not answer: scan its QR code again');
    const id = this.ids.next();
    const context_token = randomBytes(100).toString('base64');
    bot.contexts.add(context_token);
    person.lastWroteAt = this.clock.now();
    person.received = 0;
    const now = Date.now();
    const message = {
      message_id: id,
      from_user_id: person.native,
      to_user_id: bot.id,
      client_id: `mmassistant_${randomBytes(12).toString('hex')}`,
      create_time_ms: now,
      update_time_ms: now,
      session_id: '',
      group_id: '',
      message_type: 1,
      message_state: 2,
      item_list: [{ create_time_ms: now, is_completed: true, msg_id: `v1:${id % 1000n}`, ...item }],
      context_token,
    };
    bot.push(message);
    if (this.faults.takeDuplicate()) bot.push(message);
    return shownId(person.native, id);
  }
}
