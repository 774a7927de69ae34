/** A LINE official account on the hub: one account through which people on LINE write to everybody. */
import type { AttachmentOpening, Delivered, NativeProfile, TypingShowing } from '#adapter-kit';
import { BotPlatformAdapter, replyOrPush, type BotWords } from '#adapter-webhook';
import type { BotActor } from '#bot-contacts';
import type { Network, TypingEvent } from '#protocol';
import type { Log } from '#service';
import { textMessages } from './from-canonical.js';
import { LineClient, type LineAnswer } from './line.client.js';
import { LINE_CAPABILITIES, type LineSettings } from './line.config.js';
import { readWebhook } from './to-canonical.js';

export class LineAdapter extends BotPlatformAdapter implements AttachmentOpening, TypingShowing {
  /** Groups and rooms have ids that begin with other letters. */
  protected readonly nativeId = /^U[0-9a-f]{32}$/;
  protected readonly read = readWebhook;

  constructor(
    network: Network,
    readonly settings: LineSettings,
    log: Log,
    private readonly client = new LineClient(settings),
  ) {
    super(network, client.http, log);
  }

  capabilities() {
    return LINE_CAPABILITIES;
  }

  protected check(): Promise<unknown> {
    return this.client.get('/v2/bot/info');
  }

  protected async send({ to, text, key, speaker, target }: BotWords): Promise<Delivered> {
    const messages = textMessages(text, speaker, target?.conversation);
    return deliveredBy(await this.client.push(to, messages, key));
  }

  protected override answer(to: BotActor, text: string): Promise<Delivered> {
    const reply = async (token: string) => deliveredBy(await this.client.reply(token, textMessages(text)));
    return replyOrPush(to.replyToken, reply, () => super.answer(to, text));
  }

  protected async lookUp(userId: string): Promise<NativeProfile> {
    const { displayName = null, pictureUrl: url } = await this.client.get(`/v2/bot/profile/${userId}`);
    return { displayName, avatar: url === undefined ? null : { version: url, source: { url } } };
  }

  /** LINE takes 5 to 60 s in steps of 5; the next message ends it. */
  async showTyping({ data }: TypingEvent): Promise<void> {
    if (data.state !== 'composing') return;
    const chatId = this.personOf(data.to);
    const loadingSeconds = Math.min(Math.ceil(data.ttlMs / 5000) * 5, 60);
    await this.client.post('/v2/bot/chat/loading/start', { chatId, loadingSeconds });
  }

  openAttachment({ messageId, url = '' }: Record<string, string>, signal: AbortSignal) {
    if (messageId === undefined) return this.hub.attachments.download(url, signal);
    const path = `/v2/bot/message/${encodeURIComponent(messageId)}/content`;
    return this.client.content(this.settings.LINE_DATA_URL + path, signal);
  }
}

/** LINE has one chat for each person: what is kept with a message as its conversation is the token that quotes it. */
function deliveredBy({ sentMessages: [first, ...rest] }: LineAnswer): Delivered {
  const native = first ? [first, ...rest].map(({ id }) => id) : [];
  return { native, ...(first?.quoteToken ? { conversation: first.quoteToken } : {}) };
}
