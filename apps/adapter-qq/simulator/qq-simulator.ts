/** QQ with one account and the people who have it among their contacts, behind one of the three interfaces. */
import { Faults, HttpDoor, type Incoming, type Outgoing, type SimulatedNetwork } from '#simulators';
import { Chat } from './chat.js';
import { numberOf, OPENID, openidOf, QQ_NUMBER } from './ids.js';
import { OfficialApi } from './official-api.js';
import { OneBot11 } from './onebot11.js';
import { OneBot12 } from './onebot12.js';
import { OneBotDoor } from './onebot-door.js';
import type { QqPerson } from './qq-person.js';

export interface QqOptions {
  port?: number;
  profile: 'onebot11' | 'onebot12' | 'official';
  /** OneBot. */
  token?: string;
  /** OneBot 11: of posted events. official: AppSecret. */
  secret?: string;
  /** official. */
  appId?: string;
  reconnectMs?: number;
  heartbeatMs?: number;
  /** official: time between two attempts to deliver a callback, ms. */
  retryMs?: number;
  /** official: answers to one message, at most. */
  windowReplies?: number;
  /** official: lifetime of an access token, s. */
  tokenSeconds?: number;
}

interface Interface {
  answer(call: Incoming): Outgoing;
  open(door: HttpDoor): void;
  connect(application: string): Promise<void>;
  cut(): void;
  listening(): number;
  close(): Promise<void>;
}

export class QqSimulator implements SimulatedNetwork {
  readonly name = 'qq';
  readonly faults = new Faults();
  readonly chat = new Chat(this.faults, this.name);
  private door: HttpDoor | undefined;
  private readonly face: Interface;

  private constructor(private readonly options: QqOptions) {
    this.face =
      options.profile === 'official'
        ? this.official()
        : this.oneBot(options.profile === 'onebot12' ? 12 : 11);
  }

  static async open(options: QqOptions): Promise<QqSimulator> {
    const simulator = new QqSimulator(options);
    const door = await HttpDoor.open(options.port ?? 0, (call) => Promise.resolve(simulator.answer(call)));
    simulator.door = door;
    simulator.chat.filesUrl = door.url;
    simulator.face.open(door);
    return simulator;
  }

  get url(): string {
    return this.door?.url ?? '';
  }

  /** Finds the person, or makes one who has the account among their contacts. @throws Error for an invalid id */
  person(native: string): QqPerson {
    const form = this.options.profile === 'official' ? OPENID : QQ_NUMBER;
    if (!form.test(native)) throw new Error(`${native} is no id of QQ`);
    return this.chat.person(native);
  }

  people(): QqPerson[] {
    return [...this.chat.people.values()];
  }

  /** The id for a short name. */
  nativeOf(word: string): string {
    return this.options.profile === 'official' ? openidOf(word) : numberOf(word);
  }

  /**
   * The application is at this address: OneBot posts its events there (http), or opens a WebSocket (ws); the official API
   * checks it, and calls it back. @throws Error when it does not answer the check
   */
  async connect(application: string): Promise<void> {
    await this.face.connect(application);
  }

  /** Number of applications that get events. */
  get listening(): number {
    return this.face.listening();
  }

  cut(): void {
    this.face.cut();
  }

  async idle(): Promise<void> {
    await this.chat.reports.idle();
  }

  async close(): Promise<void> {
    await this.face.close();
    await this.door?.close();
  }

  private answer(call: Incoming): Outgoing {
    const [, key] = /^\/files\/([0-9A-F]{32})$/.exec(call.path) ?? [];
    if (key === undefined) return this.face.answer(call);
    const trouble = this.faults.takeTrouble();
    const content = this.chat.contents.get(key);
    if (!content || trouble === 'fails') return { status: content ? 500 : 404, type: 'text/plain', body: '' };
    return { status: 200, type: content.type, body: content.bytes, breaksOff: trouble === 'breaks-off' };
  }

  private oneBot(version: 11 | 12): Interface {
    const { token, secret, reconnectMs = 3000, heartbeatMs = 15_000 } = this.options;
    const program = version === 12 ? new OneBot12(this.chat) : new OneBot11(this.chat);
    const door = new OneBotDoor(
      { version, token, secret, reconnectMs, heartbeatMs },
      (action, params) => program.act(action, params),
      program.meta,
      this.faults,
    );
    program.door = door;
    this.chat.reports = program;
    return {
      answer: (call) => door.http(call),
      open: (http) => door.open(http),
      connect: (application) => Promise.resolve(door.connect(application)),
      cut: () => door.cut(),
      listening: () => door.listening,
      close: () => door.close(),
    };
  }

  private official(): Interface {
    const { appId = '', secret = '', retryMs = 1000, tokenSeconds = 7200, windowReplies = 5 } = this.options;
    const api = new OfficialApi(this.chat, { appId, secret, retryMs, tokenSeconds, windowReplies });
    this.chat.reports = api;
    return api;
  }
}
