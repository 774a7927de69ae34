/** A platform of the WeChat family with one account, its people, its API and its pushes. */
import type { Sight, SimulatedNetwork } from '../person.js';
import { Api, downloadOf, fileOf } from './api.js';
import { Clock } from './clock.js';
import { ApiError } from './codes.js';
import { voiceSeconds } from './content-of.js';
import { Envelope } from './envelope.js';
import { Faults } from './faults.js';
import { HttpDoor, type Incoming, type Outgoing } from './http.js';
import { accountIdOf, MessageIds } from './ids.js';
import type { PlatformKind } from './kind.js';
import { MediaStore, type Media } from './media-store.js';
import { PlatformPerson, type Surroundings } from './platform-person.js';
import { keysOf, type PlatformOptions } from './options.js';
import { Pusher } from './pusher.js';
import { MemberRate, SendWindow } from './send-window.js';
import { Sending } from './sending.js';
import { shownOfReply } from './shown.js';
import { textOf } from './text-of.js';
import { Tokens } from './tokens.js';
import type { Fields } from './xml.js';

/** URLs where accounts download files of people, and where clients of people download files of the account. */
const HELD_MEDIA = '/held/';
const SHOWN_MEDIA = '/shown/';

/** Credentials and addresses that the platform gives to the server of an account. */
const WAIT_MS = 5000;

const NOTHING_THERE: Outgoing = { status: 404, type: 'text/plain', body: '' };

export class PlatformSimulator implements SimulatedNetwork {
  readonly faults = new PlatformFaults(this);
  /** Number of calls of each API path. */
  readonly calls = new Map<string, number>();
  private readonly clock = new Clock();
  private readonly ids = new MessageIds();
  private readonly everybody = new Map<string, PlatformPerson>();
  /** @internal */ readonly tokens: Tokens;
  /** @internal */ readonly media: MediaStore;
  private readonly pusher: Pusher;
  private readonly api: Api;
  private door: HttpDoor | undefined;

  private constructor(
    private readonly kind: PlatformKind,
    private readonly options: PlatformOptions,
  ) {
    this.tokens = new Tokens(this.clock, kind.codes.unknownToken);
    this.media = new MediaStore(this.clock, kind.media);
    this.pusher = new Pusher(new Envelope(keysOf(kind, options)), this.faults, {
      answerMs: options.answerMs ?? WAIT_MS,
      retryMs: options.retryMs ?? WAIT_MS,
      handshakeMs: kind.handshakeMs ?? WAIT_MS,
      tellsPerson: kind.dialect !== 'company',
    });
    this.api = this.makeApi();
  }

  static async open(kind: PlatformKind, options: PlatformOptions): Promise<PlatformSimulator> {
    const simulator = new PlatformSimulator(kind, options);
    simulator.door = await HttpDoor.open(options.port ?? 0, (call) => simulator.handle(call));
    return simulator;
  }

  get name(): PlatformKind['name'] {
    return this.kind.name;
  }

  /** Base address of the API, instead of https://api.weixin.qq.com and the like. */
  get url(): string {
    return this.door?.url ?? '';
  }

  /** Id of the account for people: its gh_ id; on WeCom the agent id of the app. */
  get account(): string {
    return this.options.agentId ?? accountIdOf(this.options.appId);
  }

  /** Registers the URL for pushes. @throws Error if it answers the verification wrongly or too late */
  async connectCallback(url: string): Promise<void> {
    await this.pusher.connect(url);
  }

  /** Finds the person, or makes one who follows the account; `name` is the nickname. @throws Error for an invalid id */
  person(native: string, name?: string): PlatformPerson {
    const known = this.find(native);
    if (known) {
      if (name !== undefined) known.name = name;
      return known;
    }
    if (!this.kind.personId.test(native)) throw new Error(`${native} is no id of ${this.kind.name}`);
    const person = new PlatformPerson(
      native,
      name ?? native.slice(-6),
      this.surroundings(),
      new SendWindow(this.clock, this.window()),
      new MemberRate(this.clock, this.memberRate()),
    );
    this.everybody.set(this.key(native), person);
    return person;
  }

  people(): PlatformPerson[] {
    return [...this.everybody.values()];
  }

  /** Stores a file of a person on the platform. @returns the media_id for `send` */
  hold(type: string, bytes: Buffer, filename: string): string {
    return this.media.hold(type, bytes, filename).id;
  }

  /** URL of such a file, for platforms whose people send URLs. */
  heldUrl(mediaId: string): string {
    return `${this.url}${HELD_MEDIA}${mediaId}`;
  }

  /** Advances the platform's clock: send windows, quotas, tokens and age of files. */
  advance(ms: number): void {
    this.clock.advance(ms);
  }

  /** Resolves when all pushes so far are accepted or given up. */
  async idle(): Promise<void> {
    await this.pusher.idle();
  }

  async close(): Promise<void> {
    await this.pusher.close();
    await this.door?.close();
  }

  private async handle(call: Incoming): Promise<Outgoing> {
    this.calls.set(call.path, (this.calls.get(call.path) ?? 0) + 1);
    if (call.path.startsWith(SHOWN_MEDIA)) {
      const shown = this.media.findShown(call.path.slice(SHOWN_MEDIA.length));
      return shown ? fileOf(shown) : NOTHING_THERE;
    }
    if (!call.path.startsWith(HELD_MEDIA)) return this.api.answer(call);
    try {
      return downloadOf(this.media.get(call.path.slice(HELD_MEDIA.length)), this.faults);
    } catch (error) {
      if (error instanceof ApiError) return NOTHING_THERE;
      throw error;
    }
  }

  private show(mediaId: string): Sight['media'] {
    const media = this.media.show(mediaId);
    if (!media) return undefined;
    const url = `${this.url}${SHOWN_MEDIA}${mediaId}`;
    const seconds = media.type === 'voice' ? voiceSeconds(media.bytes) : undefined;
    return { url, name: media.filename, ...(seconds === undefined ? {} : { seconds: Math.ceil(seconds) }) };
  }

  private find(native: string): PlatformPerson | undefined {
    return this.everybody.get(this.key(native));
  }

  private key(native: string): string {
    return this.kind.ignoresCaseOfPersons ? native.toLowerCase() : native;
  }

  private push(person: PlatformPerson, fields: Fields): void {
    const to = this.kind.dialect === 'company' ? this.options.appId : this.account;
    const app: Fields = this.options.agentId === undefined ? {} : { AgentID: this.options.agentId };
    const whole = { ...fields, ToUserName: to, ...app };
    const id = textOf(fields['MsgId']) || `${person.native}+${textOf(fields['CreateTime'])}`;
    this.pusher.enqueue({
      person: person.native,
      fields: whole,
      replied: (reply) => {
        const shown = shownOfReply(reply);
        if (shown) person.see(shown, this.ids.next());
      },
      failed: () => person.seeFailure(id),
    });
  }

  private surroundings(): Surroundings {
    return {
      kind: this.kind,
      account: this.account,
      accountAliases: [this.options.appId],
      nextId: () => this.ids.next(),
      findMedia: (id) => this.media.find(id),
      sampleMedia: (what) => this.media.sample(what),
      mediaUrl: (media) => this.heldUrl(media.id),
      holdMedia: (what, bytes, filename) => this.media.hold(what, bytes, filename),
      showMedia: (id) => this.show(id),
      push: (person, fields) => this.push(person, fields),
    };
  }

  private window(): PlatformKind['window'] {
    const { window } = this.kind;
    const { quota } = this.options;
    if (!window) return undefined;
    return {
      message: { ...window.message, sends: quota?.message ?? window.message.sends },
      event: { ...window.event, sends: quota?.event ?? window.event.sends },
    };
  }

  private memberRate(): PlatformKind['memberRate'] {
    const { memberRate } = this.kind;
    const { memberPerMinute: perMinute, memberPerHour: perHour } = this.options;
    return memberRate && { ...memberRate, ...(perMinute && { perMinute }), ...(perHour && { perHour }) };
  }

  private makeApi(): Api {
    const { kind, options, clock, media, tokens, faults } = this;
    const shared = {
      kind,
      media,
      agentId: options.agentId,
      find: (native: string) => this.find(native),
      people: () => this.people(),
    };
    const sending = new Sending({ ...shared, clock, nextId: () => this.ids.next() });
    const mediaUrl = (held: Media): string => this.heldUrl(held.id);
    return new Api({ ...shared, ...options, agentId: options.agentId, tokens, sending, faults, mediaUrl });
  }
}

/** Faults that need the platform's own stores. */
export class PlatformFaults extends Faults {
  constructor(private readonly platform: PlatformSimulator) {
    super();
  }

  /** Expires all access tokens. */
  expireTokens(): void {
    this.platform.tokens.expireNow();
  }

  /** Deletes all media files. */
  forgetMedia(): void {
    this.platform.media.forget();
  }
}
