/** Personal WeChat through Tencent's iLink API: each person pairs a contact of their own, and writes through it to everybody. */
import type {
  AttachmentDelivering,
  AttachmentOpening,
  Delivered,
  DeliveryContext,
  Hub,
  NativeProfile,
  OutgoingAttachment,
  Pairing,
  TypingShowing,
} from '#adapter-kit';
import { BotPlatformAdapter, type BotWords } from '#adapter-webhook';
import {
  addressOf,
  HubError,
  type MessageEvent,
  type Network,
  type PairAnswer,
  type PairRequest,
  type TypingEvent,
} from '#protocol';
import { allDone, LruCache, runInBackground, SecretBox, tolerate, type Log } from '#service';
import { mediaItem, messageBody, textItem } from './from-canonical.js';
import { decrypted } from './media-cipher.js';
import { Pairings } from './pairings.js';
import { nativeIdOf, readMessage } from './to-canonical.js';
import { WeixinClient } from './weixin.client.js';
import { weixinCapabilities, type WeixinSettings } from './weixin.config.js';
import { Sessions, type Session } from './weixin.sessions.js';

/** Our own limit, since WeChat states none: it accepts a ticket for a day. */
const TICKET_MS = 12 * 3600_000;
const [TYPING, NOT_TYPING] = [1, 2];

export class WeixinAdapter
  extends BotPlatformAdapter
  implements AttachmentDelivering, AttachmentOpening, Pairing, TypingShowing
{
  protected readonly nativeId = /^[\w.-]{1,100}(@[\w.-]{1,60})?$/;
  private readonly limits;
  private readonly tickets = new LruCache<string, string>({ max: 10_000, ttl: TICKET_MS });
  /** Sessions whose person is being told of the end of the one before. Bounded by the sessions. */
  private readonly telling = new Set<Session>();
  private sessions!: Sessions;
  private pairings!: Pairings;

  constructor(
    network: Network,
    readonly settings: WeixinSettings,
    private readonly logger: Log,
    private readonly client = new WeixinClient(settings),
  ) {
    super(network, client.http, logger);
    this.limits = weixinCapabilities(settings.WEIXIN_WINDOW_MS, settings.WEIXIN_WINDOW_MESSAGES);
  }

  /** Of two processes that ask for messages with one token each would get a part of them. */
  override get sharesPartitions(): undefined {
    return undefined;
  }

  capabilities() {
    return this.limits;
  }

  override async start(hub: Hub): Promise<void> {
    await super.start(hub);
    const { settings, client, logger: log } = this;
    const common = { client, log, stopping: this.stopping.signal };
    this.sessions = new Sessions({
      ...common,
      memory: hub.memory,
      box: new SecretBox(settings.WEIXIN_STORE_KEYS, 'WEIXIN_STORE_KEYS'),
      gapMs: settings.WEIXIN_GAP_MS,
      take: (session, message) => this.receive(session, message),
      ended: (session) => this.ended(session),
    });
    this.pairings = new Pairings({
      ...common,
      sessions: this.sessions,
      qrUrl: settings.WEIXIN_QR_URL,
      apiUrl: settings.WEIXIN_API_URL,
      addressOf: (person) => addressOf(this.network, person),
    });
    await this.sessions.load();
    runInBackground('pairings at start', log, () => this.pairAtStart());
  }

  protected check(): Promise<unknown> {
    return this.client.check();
  }

  private async pairAtStart(): Promise<void> {
    await this.client.http.connectivity.untilConnected();
    for (let missing = this.settings.WEIXIN_PAIR_AT_START - this.sessions.count; missing > 0; missing--)
      await tolerate('pairing at start', this.logger, async () => {
        const { show } = await this.pair({ act: 'begin' });
        this.logger.info({ qrText: show }, 'scan the QR code of this text with WeChat to pair a contact');
      });
  }

  pair(request: PairRequest): Promise<PairAnswer> {
    return this.pairings.answer(request);
  }

  /** Not called: messages come with the session that they belong to. */
  protected read(): undefined {
    return undefined;
  }

  /** Resolves when the message is stored, answered or recorded. @throws HubError when it must be tried again */
  async receive(session: Session, message: unknown): Promise<void> {
    // The context token stays out of what is recorded.
    const { context_token: context, ...rest } = Object(message) as Record<string, unknown>;
    const native = JSON.stringify(rest);
    const acts = readMessage(message, session.person);
    if (!acts) return this.hub.notCarried({ kind: 'unreadable', why: 'not a message of WeChat', native });
    const spoke = acts.some(({ act }) => act === 'message');
    if (spoke) {
      session.context = typeof context === 'string' && context ? context : (session.context ?? '');
      this.tellOfEnd(session);
    }
    await allDone(acts.map((act) => this.account.carryOut(act, native)));
  }

  /** Nothing can be sent with a token that has ended: the person is told when they have paired again and write. */
  private tellOfEnd(session: Session): void {
    const { person, interrupted: since } = session;
    if (since === undefined || this.telling.has(session)) return;
    this.telling.add(session);
    const time = new Date(since).toISOString().slice(0, 16).replace('T', ' ');
    const text = `您的连接曾于 ${time}（UTC）中断。其间未能送达的消息，发送者已收到通知。`;
    runInBackground('words about an interruption', this.logger, async () => {
      try {
        await this.send({ to: person, text, key: `interrupted ${since} ${person}` });
        session.interrupted = undefined;
        await this.sessions.store(session);
      } finally {
        this.telling.delete(session);
      }
    });
  }

  private ended({ person, bot }: Session): void {
    this.logger.error({ person, bot }, 'WeChat ended the session of a person, who has to pair again');
    this.hub.notCarried({
      kind: 'session-over',
      why: 'WeChat ended the session of a person, who has to pair again; until then senders read 101',
      native: JSON.stringify({ person, bot }),
    });
  }

  /** WeChat shows a message with a known key once: after a lost answer it is sent again. */
  protected send({ to, text, key }: BotWords): Promise<Delivered> {
    return this.post(to, key, textItem(text));
  }

  private async post(to: string, key: string, item: object): Promise<Delivered> {
    const { message_id: id } = await this.sessions.inTurn(to, (session) => {
      const context =
        this.settings.WEIXIN_CONTEXT_TOKEN === 'none' ? undefined : session.context || undefined;
      return this.client.call('sendmessage', session, messageBody(to, key, item, context));
    });
    if (!id)
      throw new HubError('103', 'WeChat gave the message no id, which mostly means that nobody sees it');
    return { native: [nativeIdOf(to, id)] };
  }

  /** A message is words or one attachment: who speaks, and the caption, come first. */
  async deliverAttachment(
    event: MessageEvent,
    medium: OutgoingAttachment,
    context: DeliveryContext,
  ): Promise<Delivered> {
    const person = this.personOf(event.data.to);
    const session = this.sessions.of(person);
    const uploaded = await this.sessions.watched(session, () => this.client.upload(session, person, medium));
    return this.sayBefore(event, medium.as, context, () =>
      this.post(person, context.idempotencyKey, mediaItem(uploaded)),
    );
  }

  async openAttachment({ param, url, key }: Record<string, string>, signal: AbortSignal) {
    const query = new URLSearchParams({ encrypted_query_param: param ?? '' });
    const place = param ? `${this.settings.WEIXIN_CDN_URL}/download?${query.toString()}` : (url ?? '');
    const content = await this.hub.attachments.download(place, signal);
    return key ? decrypted(content, Buffer.from(key, 'hex')) : content;
  }

  /** WeChat shows it until the next message, or for some seconds. */
  async showTyping({ data }: TypingEvent): Promise<void> {
    const person = this.personOf(data.to);
    const session = this.sessions.of(person);
    const call = (name: string, body: object) =>
      this.sessions.watched(session, () =>
        this.client.call(name, session, { ilink_user_id: person, ...body }),
      );
    const known = `${session.bot} ${person}`;
    const ticket =
      this.tickets.get(known) ?? (await call('getconfig', { context_token: session.context })).typing_ticket;
    if (!ticket) throw new HubError('91', 'WeChat gave no ticket for typing');
    this.tickets.set(known, ticket);
    await call('sendtyping', {
      typing_ticket: ticket,
      status: data.state === 'composing' ? TYPING : NOT_TYPING,
    });
  }

  /** WeChat tells nothing of a person but their id. */
  protected lookUp(person: string): Promise<NativeProfile> {
    return this.sessions.isPaired(person)
      ? Promise.resolve({ fallbackName: `微信 ${person.slice(0, 6)}` })
      : Promise.reject(new HubError('14', 'this person has paired no contact'));
  }
}
