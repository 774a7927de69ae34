/**
 * The adapter of a platform that calls us with signed callbacks, and on which we have one bot account. A network adds its
 * wire: how callbacks are read, how a message is sent, how people are looked up.
 */
import type { Adapter, Delivered, DeliveryContext, Hub, MessageRef, NativeProfile } from '#adapter-kit';
import { mediumAfterWords } from '#adapter-kit';
import type { Connectivity, Profiling, ReportShowing, Resolving } from '#adapter-kit';
import { BotAccount, type BotAct, type BotActor } from '#bot-contacts';
import { HubError, nativeOf, PHRASES, reportWords } from '#protocol';
import type {
  Address,
  Capabilities,
  MediaKind,
  MessageEvent,
  Network,
  Part,
  Party,
  ReportEvent,
  ResolveReply,
} from '#protocol';
import { allDone, type Log } from '#service';
import { plainWords } from '#text';
import type { SignedCallback } from './hmac-edge.js';
import type { PlatformHttp } from './platform-http.js';
import type { WebhookTaking } from './webhook.controller.js';

const PROFILE_AGE_MS = 3600_000;

/** Words for one person. */
export interface BotWords {
  /** Native id of the person. */
  to: string;
  text: string;
  /** The platform must take words with this key once, however often they come. */
  key: string;
  /** Who speaks; undefined: the account itself. */
  speaker?: Party;
  /** The message that is answered. */
  target?: MessageRef | undefined;
  /** What the words are of; undefined: of the account itself, such as a report. */
  event?: MessageEvent;
  /** As in `DeliveryContext`; undefined: an earlier attempt is possible. */
  uncertain?: boolean;
}

export abstract class BotPlatformAdapter
  implements Adapter, Profiling, ReportShowing, Resolving, WebhookTaking
{
  /** Callbacks are HTTP, so any process can take them; the numbers of correspondents change in one step (decision 0021). */
  get sharesPartitions(): true | undefined {
    return true;
  }

  /** What cannot be shared is a connection or a long poll, of which two would each get a part, or both get everything. */
  get worksAlone(): true | undefined {
    return this.sharesPartitions ? undefined : true;
  }

  /** Platforms report no changes of a profile. */
  readonly profileAgeMs = PROFILE_AGE_MS;
  /** What ids of people look like. */
  protected abstract readonly nativeId: RegExp;
  protected hub!: Hub;
  protected account!: BotAccount;
  protected readonly stopping = new AbortController();

  constructor(
    readonly network: Network,
    private readonly http: PlatformHttp,
    private readonly log: Log,
  ) {}

  abstract capabilities(): Capabilities;
  /** A call without effect, which shows whether the platform is there and takes our credentials. @throws HubError */
  protected abstract check(): Promise<unknown>;
  /** @returns undefined for what is no callback of this platform */
  protected abstract read(json: unknown): BotAct[] | undefined;
  /** @throws HubError; 91 when it may come again with the same key */
  protected abstract send(words: BotWords): Promise<Delivered>;
  /** @throws HubError 14 when there is no such person */
  protected abstract lookUp(native: string): Promise<NativeProfile>;

  /** Answers what a person did. Overridden where the platform has a call for that. */
  protected answer({ id, from }: BotActor, text: string): Promise<Delivered> {
    return this.send({ to: from, text, key: `answer ${id}` });
  }

  /** The text of a message. Overridden where the platform marks text. */
  protected words(body: Part): string {
    return plainWords(body);
  }

  get connectivity(): Connectivity {
    return this.http.connectivity;
  }

  start(hub: Hub): Promise<void> {
    this.hub = hub;
    const { language } = this.capabilities();
    this.account = new BotAccount({
      hub,
      network: this.network,
      language,
      log: this.log,
      say: (to, text) => this.answer(to, text),
    });
    this.http.keepChecking(() => this.check(), this.log, this.stopping.signal);
    return Promise.resolve();
  }

  stop(): Promise<void> {
    this.stopping.abort();
    return Promise.resolve();
  }

  /** Resolves when everything in it is stored, answered, or recorded. @throws HubError for what may succeed later */
  async webhook({ native, json }: SignedCallback): Promise<void> {
    const acts = this.read(json);
    if (!acts)
      return this.hub.notCarried({ kind: 'unreadable', why: 'not a callback of this platform', native });
    await allDone(acts.map((act) => this.carryOut(act, native)));
  }

  /** Overridden where something of an act is kept before it is carried out. Must take its place in the queue at once. */
  protected carryOut(act: BotAct, native: string): Promise<void> {
    return this.account.carryOut(act, native);
  }

  async deliver(event: MessageEvent, context: DeliveryContext): Promise<Delivered> {
    const { data } = event;
    const { idempotencyKey, target, uncertain } = context;
    const { from: speaker, to } = data;
    const words = { to: this.personOf(to), key: idempotencyKey, speaker, target, event, uncertain };
    return this.account.contacts.say(to, speaker, this.words(data.content.body), (text) =>
      this.send({ ...words, text }),
    );
  }

  /** Says who speaks, with the words of an attachment, or else with what it is. @param send as often as `deliver` sends */
  protected sayWith(
    { data: { from, to, content } }: MessageEvent,
    as: MediaKind,
    send: (text: string) => Promise<Delivered>,
  ): Promise<Delivered> {
    const words = this.words(content.body) || PHRASES[this.capabilities().language].mediaComes(as);
    return this.account.contacts.say(to, from, words, send);
  }

  /** For platforms on which an attachment is a message of its own: a line that says who speaks comes before it. */
  protected sayBefore(
    event: MessageEvent,
    as: MediaKind,
    { idempotencyKey, uncertain }: DeliveryContext,
    sendMedium: () => Promise<Delivered>,
  ): Promise<Delivered> {
    const line = { to: this.personOf(event.data.to), key: `${idempotencyKey}-line`, uncertain };
    return this.sayWith(event, as, async (text) =>
      mediumAfterWords(await this.send({ ...line, text }), await sendMedium()),
    );
  }

  async showReport({ id, data }: ReportEvent): Promise<void> {
    const words = reportWords(data.code, this.capabilities().language);
    const to = this.personOf(data.to);
    await this.account.contacts.say(data.to, data.from, words, (text) => this.send({ to, text, key: id }));
  }

  async profileOf(address: Address): Promise<NativeProfile> {
    return this.lookUp(this.personOf(address));
  }

  async resolve(address: Address): Promise<ResolveReply> {
    const { displayName } = await this.lookUp(this.personOf(address));
    // A platform that tells no name does not tell either whether there is such a person.
    return displayName ? { code: '00', party: { address, displayName } } : { code: '00' };
  }

  /** @throws HubError 14 for an id that nobody can have */
  protected personOf(address: Address): string {
    const native = nativeOf(address);
    if (!this.nativeId.test(native)) throw new HubError('14', 'nobody has such an id on this network');
    return native;
  }
}
