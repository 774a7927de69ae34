/** A platform (MaaP) with one chatbot: its interface in one of two dialects, notifications, and the people who write to it. */
import { Faults, HttpDoor, type Incoming, type Outgoing, type SimulatedNetwork } from '#simulators';
import { Chat } from './chat.js';
import type { Notice } from './dialect.js';
import { NUMBER } from './ids.js';
import { JsonApi, JsonWriter } from './json-api.js';
import { Notifier } from './notifier.js';
import type { RcsPerson } from './rcs-person.js';
import { XmlApi, XmlWriter } from './xml-api.js';

export interface RcsOptions {
  port?: number;
  dialect: 'xml' | 'json';
  appId: string;
  appKey: string;
  token: string;
  /** Timeout for the answer to a notification, ms. */
  answerMs?: number;
  /** Time until a notification that was not acknowledged is sent again, ms. */
  retryMs?: number;
}

export class RcsSimulator implements SimulatedNetwork {
  readonly name = 'rcs';
  readonly faults = new Faults();
  readonly notifier: Notifier;
  /** The interface, by its dialect. */
  readonly xml: XmlApi | undefined;
  readonly json: JsonApi | undefined;
  private readonly chat: Chat;
  private door: HttpDoor | undefined;

  private constructor(options: RcsOptions) {
    const { dialect, answerMs = 5000, retryMs = 1000 } = options;
    const writer = dialect === 'xml' ? new XmlWriter(options) : new JsonWriter(options);
    this.notifier = new Notifier(writer, this.faults, { answerMs, retryMs });
    this.chat = new Chat(writer, this.notifier, this.faults);
    if (dialect === 'xml') this.xml = new XmlApi(this.chat, options, this.notifier);
    else this.json = new JsonApi(this.chat, options);
  }

  static async open(options: RcsOptions): Promise<RcsSimulator> {
    const simulator = new RcsSimulator(options);
    simulator.door = await HttpDoor.open(options.port ?? 0, (call) => simulator.answer(call));
    simulator.chat.url = simulator.door.url;
    return simulator;
  }

  private async answer(call: Incoming): Promise<Outgoing> {
    // The client of a person has no credentials.
    if (call.path.startsWith('/of-a-person/')) {
      const file = this.chat.fileAt(call.path);
      return file
        ? { status: 200, type: file.type, body: file.bytes }
        : { status: 404, type: 'text/plain', body: '' };
    }
    return (this.xml ?? this.json)?.answer(call) ?? 'hang-up';
  }

  /** Server root of the interface and of the file server. */
  get url(): string {
    return this.chat.url;
  }

  /** Enters the address for notifications. @throws Error if it does not answer */
  async connect(address: string): Promise<void> {
    await this.notifier.connect(address);
  }

  /** Sends one notification as it is. @returns the HTTP status */
  post(notice: Notice): Promise<number> {
    return this.notifier.post(notice);
  }

  /** Finds the person, or makes one. @throws Error for what is no number */
  person(native: string): RcsPerson {
    if (!NUMBER.test(native)) throw new Error(`${native} is no mobile number without its country code`);
    return this.chat.person(native);
  }

  people(): RcsPerson[] {
    return [...this.chat.people.values()];
  }

  /** A message that was accepted fails. */
  fail(id: string, code = '1', text = 'no such telephone'): void {
    this.chat.fail(id, code, text);
  }

  /** Advances the clock of the token. */
  advance(ms: number): void {
    this.chat.clock.advance(ms);
  }

  /** Resolves when all notifications so far are acknowledged or given up. */
  async idle(): Promise<void> {
    await this.notifier.idle();
  }

  async close(): Promise<void> {
    await this.notifier.close();
    await this.door?.close();
  }
}
