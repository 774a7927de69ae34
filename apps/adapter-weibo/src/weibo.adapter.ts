/** A Weibo account with the fans service on the hub: one account through which people on Weibo write to everybody. */
import { sendSplitText, type AttachmentOpening, type Delivered, type NativeProfile } from '#adapter-kit';
import { BotPlatformAdapter, FirstAnswer, type BotWords } from '#adapter-webhook';
import type { BotAct, BotActor } from '#bot-contacts';
import type { CallbackSecrets, CallbackTaking, Envelope } from '#official-account';
import type { Network } from '#protocol';
import { LruCache, type Log } from '#service';
import { splitText } from '#text';
import { textOf } from './from-canonical.js';
import { idOf, readCallback } from './to-canonical.js';
import { WeiboClient } from './weibo.client.js';
import { TEXT_UNITS, WEIBO_CAPABILITIES, type WeiboSettings } from './weibo.config.js';
import { FORMATS, UID, type Callback, type WeiboFormat } from './weibo.formats.js';

const LIMITS = { textUnits: TEXT_UNITS };
/** Callbacks that are answered at the same time. */
const MAX_ANSWERS = 20_000;

export class WeiboAdapter extends BotPlatformAdapter implements AttachmentOpening, CallbackTaking {
  protected readonly nativeId = UID;
  readonly secrets: CallbackSecrets;
  private readonly format: WeiboFormat;
  private readonly answers = new FirstAnswer<string>();
  /** Words of the account for the response to a callback, by its id. */
  private readonly spoken = new LruCache<string, string>({ max: MAX_ANSWERS });

  constructor(
    network: Network,
    settings: WeiboSettings,
    log: Log,
    private readonly client = new WeiboClient(settings),
  ) {
    super(network, client.http, log);
    this.secrets = { token: settings.WEIBO_APP_SECRET, cipher: undefined, plainAllowed: true };
    this.format = FORMATS[settings.WEIBO_FORMAT];
  }

  get answerType(): string {
    return this.format.contentType;
  }

  capabilities() {
    return WEIBO_CAPABILITIES;
  }

  protected check(): Promise<unknown> {
    return this.client.setFormat();
  }

  /** @returns the body of the HTTP answer: words for the person, or nothing, after which Weibo does not repeat the callback */
  async callback({ native }: Envelope): Promise<string> {
    const callback = this.format.read(native);
    const take = () => this.webhook({ native, json: callback });
    if (!callback) return take().then(() => '');
    const id = idOf(callback);
    return this.answers.once(id, async () => {
      await take();
      const words = this.spoken.get(id);
      this.spoken.delete(id);
      return words === undefined ? '' : this.format.reply(callback, words);
    });
  }

  protected read(callback: unknown): BotAct[] | undefined {
    return callback === undefined ? undefined : [readCallback(callback as Callback)];
  }

  /** One message fits into the response to the callback. Longer words are sent before it, so that they stay in order. */
  protected override async answer({ from, replyToken = '' }: BotActor, text: string): Promise<Delivered> {
    const pieces = splitText(text, LIMITS);
    if (pieces.length === 1) this.spoken.set(replyToken, text);
    else for (const piece of pieces) await this.say(from, piece);
    return { native: [] };
  }

  protected send({ to, text, key, uncertain = true }: BotWords): Promise<Delivered> {
    const once = { idempotencyKey: key, uncertain };
    return sendSplitText(this.hub, text, LIMITS, once, (piece) => this.say(to, piece));
  }

  /** Weibo names no id of a message. */
  private async say(to: string, piece: string): Promise<Delivered> {
    await this.client.sendText(to, textOf(piece));
    return { native: [] };
  }

  protected async lookUp(uid: string): Promise<NativeProfile> {
    const { nickname = null, headimgurl: url } = await this.client.about(uid);
    return { displayName: nickname, avatar: url === undefined ? null : { version: url, source: { url } } };
  }

  openAttachment({ fid, url = '' }: Record<string, string>, signal: AbortSignal) {
    return fid === undefined ? this.hub.attachments.download(url, signal) : this.client.openFile(fid, signal);
  }
}
