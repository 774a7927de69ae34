/** QQ through Tencent's bot API v2: a bot account, which answers people who wrote to it. */
import { z } from 'zod';
import { mediumAfterWords, type Delivered, type Hub, type NativeProfile } from '#adapter-kit';
import { PlatformHttp, uploading, type BotWords, type SignedCallback } from '#adapter-webhook';
import type { BotAct, BotActor } from '#bot-contacts';
import type { MediaKind } from '#protocol';
import { SettingsError, type Log } from '#service';
import { officialCapabilities } from '../qq.capabilities.js';
import type { QqSettings } from '../qq.config.js';
import type { QqMedium, QqProfile } from '../qq.profile.js';
import { readOfficial } from './events.js';
import { Gateway } from './gateway.js';
import { OfficialClient, type OfficialAnswer } from './official.client.js';
import { anchorField, ReplyAnchors, sequenceOf } from './reply-anchors.js';
import { keyOf, signedEdge, signText, type BotKey } from './signature.js';

/** `msg_type`. */
const [TEXT, MEDIA] = [0, 7];
/** `file_type`; 4, any file, is closed (bot.q.qq.com, "富媒体消息", 2025-04). */
const FILE_TYPES: Partial<Record<MediaKind, number>> = { image: 1, video: 2, voice: 3 };
/** The check of our address. Its texts have this form, so that nobody can have us sign a callback of their own. */
const Check = z.looseObject({
  op: z.literal(13),
  d: z.looseObject({
    plain_token: z.string().regex(/^\w{1,128}$/),
    event_ts: z.string().regex(/^\d{1,20}$/),
  }),
});
const ACK = { op: 12, d: 0 };

export class OfficialProfile implements QqProfile {
  readonly capabilities;
  readonly nativeId = /^[0-9A-Za-z_-]{1,128}$/;
  readonly isCalled: boolean;
  readonly edge;
  private readonly key: BotKey;
  private client!: OfficialClient;
  private anchors!: ReplyAnchors;
  private hub!: Hub;
  private gateway: Gateway | undefined;
  readonly http = new PlatformHttp('QQ');

  /** @throws SettingsError */
  constructor(
    private readonly settings: QqSettings,
    private readonly log: Log,
  ) {
    const { QQ_APP_ID: appId, QQ_SECRET: secret, QQ_TRANSPORT: transport } = settings;
    if (!appId || !secret) throw new SettingsError('QQ_APP_ID, QQ_SECRET: needed for the bot API');
    if (transport === 'reverse-ws')
      throw new SettingsError('QQ_TRANSPORT: QQ opens no WebSocket; use ws or http');
    this.capabilities = officialCapabilities(settings.QQ_WINDOW_MS, settings.QQ_WINDOW_MESSAGES);
    this.isCalled = transport === 'http';
    this.key = keyOf(secret);
    this.edge = signedEdge(this.isCalled ? this.key : undefined);
  }

  start(hub: Hub, take: (input: SignedCallback) => Promise<void>): void {
    this.hub = hub;
    this.client = new OfficialClient(this.settings, hub.memory, this.http);
    this.anchors = new ReplyAnchors(hub.recent, this.settings.QQ_WINDOW_MS);
    if (this.isCalled) return;
    this.gateway = new Gateway({
      url: async () => (await this.client.call('GET', '/gateway')).url ?? '',
      token: () => this.client.token(),
      take,
      log: this.log,
    });
    this.gateway.start(() => undefined);
  }

  async stop(): Promise<void> {
    await this.gateway?.stop();
  }

  acknowledge({ json }: SignedCallback): object {
    const check = Check.safeParse(json).data;
    if (!check) return ACK;
    const { plain_token, event_ts } = check.d;
    return { plain_token, signature: signText(this.key, event_ts + plain_token) };
  }

  check(): Promise<unknown> {
    return this.client.call('GET', '/users/@me');
  }

  read(json: unknown) {
    return readOfficial(json);
  }

  async before(act: BotAct): Promise<void> {
    if (act.act === 'lost' || act.replyToken === undefined) return;
    await this.anchors.heard(act.from, act.replyToken);
  }

  async send({ to, text, key }: BotWords): Promise<Delivered> {
    const anchor = await this.anchors.forMessage(to, key);
    return this.post(to, key, anchor, { content: text, msg_type: TEXT });
  }

  async sendMedium({ to, text, key, medium }: QqMedium): Promise<Delivered> {
    const anchor = await this.anchors.forMessage(to, key);
    const { file, as } = medium;
    const file_data = Buffer.from(await (await file.blob()).arrayBuffer()).toString('base64');
    const upload = { file_type: FILE_TYPES[as], srv_send_msg: false, file_data };
    const { file_info } = await uploading(this.client.call('POST', `/v2/users/${to}/files`, upload));
    const media = { msg_type: MEDIA, media: { file_info } };
    if (as === 'image') return this.post(to, key, anchor, { content: text, ...media });
    const said = await this.post(to, `${key}-line`, anchor, { content: text, msg_type: TEXT });
    const sent = await this.post(to, key, anchor, { content: ' ', ...media });
    return mediumAfterWords(said, sent);
  }

  async answer({ id, from, replyToken }: BotActor, text: string): Promise<Delivered> {
    const key = `answer ${id}`;
    const anchor = replyToken ?? (await this.anchors.forMessage(from, key));
    return this.post(from, key, anchor, { content: text, msg_type: TEXT });
  }

  recall(to: string, native: string): Promise<OfficialAnswer> {
    return this.client.call('DELETE', `/v2/users/${to}/messages/${encodeURIComponent(native)}`);
  }

  /** The API tells nothing of a person. */
  lookUp(native: string): Promise<NativeProfile> {
    return Promise.resolve({ fallbackName: `QQ ${native.slice(0, 6)}` });
  }

  open({ url = '' }: Record<string, string>, signal: AbortSignal) {
    return this.hub.attachments.download(url, signal);
  }

  private async post(to: string, key: string, anchor: string, body: object): Promise<Delivered> {
    const message = { ...body, ...anchorField(anchor), msg_seq: sequenceOf(key) };
    const { id } = await this.client.call('POST', `/v2/users/${to}/messages`, message);
    return { native: id === undefined ? [] : [id] };
  }
}
