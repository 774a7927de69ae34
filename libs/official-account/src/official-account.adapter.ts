/**
 * The adapter of an account on a platform of the WeChat family: one account, many correspondents. The differences between the
 * platforms are in their profiles.
 */
import { createHash } from 'node:crypto';
import {
  addressOf,
  HubError,
  nativeOf,
  PHRASES,
  reportWords,
  toHubError,
  type Address,
  type Capabilities,
  type MediaKind,
  type MessageEvent,
  type Network,
  type ReportEvent,
  type ResolveReply,
  type TypingEvent,
} from '#protocol';
import { plainWords, splitText } from '#text';
import {
  type Adapter,
  type AttachmentDelivering,
  type AttachmentOpening,
  type ChangeContext,
  type Connectivity,
  type Delivered,
  type DeliveryContext,
  type Hub,
  mediumAfterWords,
  type NativeProfile,
  type OutgoingAttachment,
  type Profiling,
  type RecallDelivering,
  type ReportShowing,
  type Resolving,
  type SendContext,
  sendSplitText,
  type TypingShowing,
} from '#adapter-kit';
import { FirstAnswer, RateLimit, type Rate } from '#adapter-webhook';
import { BotInbox, Correspondents, recordRefusal } from '#bot-contacts';
import { child, SettingsError, tolerate, type Log } from '#service';
import {
  parseEnvelope,
  passiveReply,
  TAKEN,
  type CallbackSecrets,
  type Envelope,
  type Opened,
} from './callback.js';
import { CallbackCipher } from './cipher.js';
import { readPerson } from './person.js';
import { PlatformClient } from './platform.client.js';
import type { PlatformProfile } from './profile.js';
import type { AccountSettings } from './settings.js';
import { readCallback, type AccountAct } from './to-canonical.js';

const PROFILE_AGE_MS = 3600_000;
const MINUTE_MS = 60_000;
const THUMBNAIL_SIDE = 320;
const THUMBNAIL_BYTES = 64 * 1024;

export class OfficialAccountAdapter
  implements
    Adapter,
    AttachmentDelivering,
    AttachmentOpening,
    ReportShowing,
    Resolving,
    Profiling,
    Partial<TypingShowing>,
    Partial<RecallDelivering>
{
  readonly secrets: CallbackSecrets;
  /** Callbacks are HTTP, so any process can take them; the numbers of correspondents change in one step (decision 0021). */
  readonly sharesPartitions = true;
  /** The platforms do not report changes of names and avatars, and limit the number of calls. */
  readonly profileAgeMs = PROFILE_AGE_MS;
  readonly showTyping?: (event: TypingEvent) => Promise<void>;
  readonly deliverRecall?: (event: MessageEvent, context: ChangeContext) => Promise<Delivered>;
  private hub!: Hub;
  private client!: PlatformClient;
  private correspondents!: Correspondents;
  private inbox!: BotInbox;
  private readonly answers = new FirstAnswer<string>();
  private rate!: RateLimit;
  private readonly declared: Capabilities;
  private readonly stopping = new AbortController();

  constructor(
    readonly network: Network,
    private readonly profile: PlatformProfile,
    private readonly settings: AccountSettings,
    private readonly apiUrl: string,
    private readonly log: Log,
  ) {
    const { ACCOUNT_AES_KEY: key, ACCOUNT_ID: id, ACCOUNT_TOKEN: token, ACCOUNT_MODE: mode } = settings;
    const encrypted =
      profile.encryption === 'always' || (profile.encryption === 'optional' && mode !== 'plain');
    if (encrypted && key === undefined)
      throw new SettingsError('ACCOUNT_AES_KEY: needed, because callbacks of this account are encrypted');
    if (profile.send.numberedAgent && settings.ACCOUNT_AGENT_ID === undefined)
      throw new SettingsError('ACCOUNT_AGENT_ID: needed for this platform');
    this.secrets = {
      token,
      cipher: encrypted && key !== undefined ? new CallbackCipher(key, id) : undefined,
      plainAllowed: profile.encryption !== 'always' && mode !== 'safe',
    };
    this.declared = withQuota(profile.capabilities, settings.ACCOUNT_WINDOW_MESSAGES);
    if (profile.typingPath !== undefined) this.showTyping = (event) => this.typing(event);
    if (profile.recallPath !== undefined) this.deliverRecall = (_event, { piece }) => this.recall(piece.id);
  }

  capabilities() {
    return this.declared;
  }

  private get language() {
    return this.profile.capabilities.language;
  }

  get connectivity(): Connectivity {
    return this.client.connectivity;
  }

  start(hub: Hub): Promise<void> {
    const { ACCOUNT_ID: id, ACCOUNT_SECRET: secret } = this.settings;
    this.hub = hub;
    this.client = new PlatformClient(this.profile, { url: this.apiUrl, id, secret }, hub.memory);
    this.correspondents = new Correspondents(hub, this.language);
    this.inbox = new BotInbox(hub, this.correspondents);
    this.rate = new RateLimit(hub.memory, ratesOf(this.profile, this.settings));
    this.keepChecking();
    return Promise.resolve();
  }

  stop(): Promise<void> {
    this.stopping.abort();
    return Promise.resolve();
  }

  /**
   * @returns the body of the HTTP answer; resolves when the event is stored, answered, or recorded as not carried
   * @throws HubError when a second attempt by the platform may succeed
   */
  async callback(envelope: Envelope): Promise<string> {
    const read = this.readOrRecord(envelope);
    if (!read) return TAKEN;
    const { act, opened } = read;
    const carryOut = async () => {
      const words = await this.take(act).catch((thrown: unknown) =>
        reportWords(recordRefusal(this.hub, thrown, envelope.native), this.language),
      );
      return this.answered(words, opened, act);
    };
    return this.answers.once(act.id, () => this.hub.inbound.run(act.from, carryOut));
  }

  /**
   * One message fits into the response. Longer words, and words after a callback that does not name the account, which the response
   * must do, are sent as messages: all of them, so that they stay in order.
   */
  private async answered(words: string | undefined, opened: Opened, act: AccountAct): Promise<string> {
    if (words === undefined) return TAKEN;
    const isOne = splitText(words, { textBytes: this.profile.textBytes }).length === 1;
    if (isOne && child(opened.message, 'ToUserName')?.text) return passiveReply(opened, words, this.secrets);
    if (!(await tolerate('words to a person', this.log, () => this.tell(act, words))))
      this.hub.notCarried({
        kind: 'unanswered',
        why: 'an answer in words was not taken',
        native: opened.native,
      });
    return TAKEN;
  }

  private tell(act: AccountAct, words: string): Promise<Delivered> {
    const key = createHash('sha256').update(act.id).digest('base64url');
    const once = { idempotencyKey: `answer-${key}`, uncertain: true };
    return this.say(addressOf(this.network, act.from), words, once);
  }

  /** Another delivery of an unreadable callback would not help: accept it, and keep it for the operator as a dead letter. */
  private readOrRecord(envelope: Envelope): { act: AccountAct; opened: Opened } | undefined {
    try {
      const opened = parseEnvelope(envelope);
      return { opened, act: readCallback(opened.message, this.language) };
    } catch (thrown) {
      if (!(thrown instanceof HubError)) throw thrown;
      this.hub.notCarried({ kind: 'unreadable', why: thrown.detail, native: envelope.native });
      return undefined;
    }
  }

  async deliver(event: MessageEvent, context: DeliveryContext): Promise<Delivered> {
    const { from, to, content } = event.data;
    return this.correspondents.say(to, from, plainWords(content.body), (said) => this.say(to, said, context));
  }

  /** Sends the sender's name and their text as a separate message, because one account represents all remote people. */
  async deliverAttachment(
    event: MessageEvent,
    medium: OutgoingAttachment,
    context: DeliveryContext,
  ): Promise<Delivered> {
    const { from, to, content } = event.data;
    const { file, as } = medium;
    const id = await this.client.upload(as, file);
    const thumb = await this.thumbnailOf(medium);
    const words = plainWords(content.body) || PHRASES.zh.mediaComes(as);
    const body = { media_id: id, ...(thumb === undefined ? {} : { thumb_media_id: thumb }) };
    return this.correspondents.say(to, from, words, async (said) => {
      const { idempotencyKey, uncertain } = context;
      const spoken = await this.say(to, said, { idempotencyKey: `${idempotencyKey}-line`, uncertain });
      const sent = await this.hub.atMostOnce(idempotencyKey, () => this.sendAs(to, as, body), uncertain);
      return mediumAfterWords(spoken, sent);
    });
  }

  async openAttachment(
    source: Record<string, string>,
    signal: AbortSignal,
  ): Promise<AsyncIterable<Uint8Array>> {
    const { mediaId, url = '' } = source;
    if (mediaId === undefined) return this.hub.attachments.download(url, signal);
    const found = await this.client.download(mediaId, signal);
    return 'url' in found ? this.hub.attachments.download(found.url, signal) : found;
  }

  private async thumbnailOf({ file, as }: OutgoingAttachment): Promise<string | undefined> {
    if (as !== 'video' || !this.profile.media.videoNeedsThumbnail) return undefined;
    await using small = await this.hub.attachments.thumbnail(file, THUMBNAIL_SIDE, THUMBNAIL_BYTES);
    return this.client.upload('thumb', small);
  }

  async showReport({ id, data }: ReportEvent): Promise<void> {
    const words = reportWords(data.code, this.language);
    const once = { idempotencyKey: id, uncertain: true };
    await this.correspondents.say(data.to, data.from, words, (said) => this.say(data.to, said, once));
  }

  private async typing({ data }: TypingEvent): Promise<void> {
    await this.client.call(this.profile.typingPath ?? '', {
      touser: this.personOf(data.to),
      command: data.state === 'composing' ? 'Typing' : 'CancelTyping',
    });
  }

  private async recall(msgid: string): Promise<Delivered> {
    await this.client.call(this.profile.recallPath ?? '', { msgid }).catch((thrown: unknown) => {
      const error = toHubError(thrown);
      // Any error about the parameters means that this message cannot be recalled.
      throw error.code === '100' ? new HubError('25', error.detail) : error;
    });
    return { native: [] };
  }

  /** With the sender's name added, a text may exceed the limit of one message. */
  private say(to: Address, text: string, once: SendContext): Promise<Delivered> {
    const send = (content: string) => this.sendAs(to, 'text', { content });
    return sendSplitText(this.hub, text, { textBytes: this.profile.textBytes }, once, send);
  }

  private async sendAs(to: Address, msgtype: MediaKind | 'text', said: object): Promise<Delivered> {
    const { path, numberedAgent } = this.profile.send;
    const touser = this.personOf(to);
    await this.rate.take(touser);
    const answer = await this.client.call(path, {
      touser,
      msgtype,
      ...(numberedAgent ? { agentid: this.settings.ACCOUNT_AGENT_ID } : {}),
      [msgtype]: said,
    });
    if (typeof answer['invaliduser'] === 'string' && answer['invaliduser'] !== '')
      throw new HubError('14', `${this.profile.name} knows no such member`);
    if (typeof answer['unlicenseduser'] === 'string' && answer['unlicenseduser'] !== '')
      throw new HubError('36', `${this.profile.name}: the account has no licence for this member`);
    const id = answer['msgid'];
    return { native: typeof id === 'string' || typeof id === 'number' ? [String(id)] : [] };
  }

  async profileOf(address: Address): Promise<NativeProfile> {
    const [native, { person }] = [this.personOf(address), this.profile];
    const parameters = { [person.id]: native, ...(person.id === 'openid' ? { lang: 'zh_CN' } : {}) };
    // If the platform gives no name now, ask again later; until then the id is used as the name.
    const told = await this.client.look(person.path, parameters).catch((thrown: unknown) => {
      this.log.debug({ reason: toHubError(thrown).detail }, 'the platform does not tell about a person');
      return {};
    });
    return readPerson(this.profile, native, told);
  }

  /** Checks the form of the id only: a lookup would be a call to the platform, and the number of calls is limited. */
  resolve(address: Address): Promise<ResolveReply> {
    return Promise.resolve(
      this.profile.nativeId.test(nativeOf(address))
        ? { code: '00' }
        : { code: '14', detail: 'not an id of this platform' },
    );
  }

  /** @throws HubError 14 for an id that would address nobody, several people, or all */
  private personOf(address: Address): string {
    const native = nativeOf(address);
    if (!this.profile.nativeId.test(native)) throw new HubError('14', 'not an id of this platform');
    return native;
  }

  /** @returns a text for the person who caused the event, if they need to be notified */
  private async take(act: AccountAct): Promise<string | undefined> {
    const address = addressOf(this.network, act.from);
    const { afterEvent } = this.profile;
    switch (act.act) {
      case 'event':
        this.hub.notCarried({
          kind: 'event',
          why: `"${act.event}" is told to the account, and said to nobody`,
          native: act.id,
        });
        return undefined;
      case 'followed':
      case 'asked':
        if (afterEvent) await this.hub.heard(address, act.sentAt, afterEvent);
        return this.correspondents.help();
      case 'message': {
        const { id, sentAt, text } = act;
        await this.heard(address, sentAt);
        const typed = this.profile.faces?.toEmoji(text) ?? text;
        return this.inbox.take({ id, sentAt, from: { address }, typed });
      }
      case 'part':
      case 'medium': {
        const { id, sentAt } = act;
        const content = act.act === 'part' ? { part: act.part } : { media: act.medium };
        await this.heard(address, sentAt);
        return this.inbox.take({ id, sentAt, from: { address }, ...content });
      }
    }
  }

  /** The platforms give times in whole seconds: two messages of one second must not count as one that is repeated. */
  private heard(person: Address, sentAt: Date): Promise<void> {
    return this.hub.heard(person, new Date(sentAt.getTime() + 999));
  }

  private keepChecking(): void {
    this.client.http.keepChecking(() => this.client.check(), this.log, this.stopping.signal);
  }
}

/** The settings say what the platform grants this account beyond the usual. */
function ratesOf(
  { personRate }: PlatformProfile,
  { ACCOUNT_PER_MINUTE: perMinute, ACCOUNT_PER_HOUR: perHour }: AccountSettings,
): Rate[] {
  const rate = { ...personRate, ...(perMinute && { perMinute }), ...(perHour && { perHour }) };
  return [
    ...(rate.perMinute === undefined ? [] : [{ messages: rate.perMinute, ms: MINUTE_MS }]),
    ...(rate.perHour === undefined ? [] : [{ messages: rate.perHour, ms: 60 * MINUTE_MS }]),
  ];
}

/** The quota that the platform grants this account, where it has one. */
function withQuota(usual: Capabilities, messagesPerWindow: number | undefined): Capabilities {
  if (messagesPerWindow === undefined || usual.limits.messagesPerWindow === undefined) return usual;
  const version = `${usual.version}-${messagesPerWindow}`;
  return { ...usual, version, limits: { ...usual.limits, messagesPerWindow } };
}
