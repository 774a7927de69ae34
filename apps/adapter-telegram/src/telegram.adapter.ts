/** A Telegram bot on the hub: one account through which people on Telegram write to everybody. */
import { mediumAfterWords } from '#adapter-kit';
import type {
  AttachmentDelivering,
  AttachmentOpening,
  ChangeContext,
  Delivered,
  DeliveryContext,
  EditDelivering,
  Hub,
  NativeProfile,
  OutgoingAttachment,
  ReactionDelivering,
  RecallDelivering,
  TypingShowing,
} from '#adapter-kit';
import { BotPlatformAdapter, type BotWords } from '#adapter-webhook';
import type { BotAct, BotActor } from '#bot-contacts';
import { HubError, PHRASES, toHubError, type MessageEvent, type Network, type TypingEvent } from '#protocol';
import { allDone, runInBackground, sleep, tolerate, type Log } from '#service';
import { plainWords, type EntityText } from '#text';
import { answering, messageIn, reactionOf, saidBy } from './from-canonical.js';
import { TelegramClient, type TelegramResult } from './telegram.client.js';
import { CAPTION_UNITS, TELEGRAM_CAPABILITIES, type TelegramSettings } from './telegram.config.js';
import { nativeIdOf, numberOf, readUpdate } from './to-canonical.js';

const RETRY_MS = 1000;
const PAUSE_MS = 100;
interface TelegramMedium extends Pick<OutgoingAttachment, 'file' | 'as'> {
  to: string;
  key: string;
  target: DeliveryContext['target'];
  uncertain: boolean;
}

const METHOD_OF = { image: 'photo', voice: 'voice', video: 'video', file: 'document' } as const;

export class TelegramAdapter
  extends BotPlatformAdapter
  implements
    AttachmentDelivering,
    AttachmentOpening,
    EditDelivering,
    RecallDelivering,
    ReactionDelivering,
    TypingShowing
{
  /** Of people: groups and channels have negative ids. */
  protected readonly nativeId = /^[1-9]\d{0,15}$/;
  protected readonly read = readUpdate;

  constructor(
    network: Network,
    readonly settings: TelegramSettings,
    private readonly logger: Log,
    private readonly client = new TelegramClient(settings),
  ) {
    super(network, client.http, logger);
  }

  /** Telegram gives updates to one long poll at a time, and ends an older one. */
  override get sharesPartitions(): true | undefined {
    return this.settings.TELEGRAM_WEBHOOK_URL === undefined ? undefined : true;
  }

  capabilities() {
    return TELEGRAM_CAPABILITIES;
  }

  override async start(hub: Hub): Promise<void> {
    await super.start(hub);
    const { TELEGRAM_WEBHOOK_URL: url } = this.settings;
    runInBackground('updates', this.logger, () => (url === undefined ? this.poll() : this.register(url)));
  }

  protected check(): Promise<unknown> {
    return this.client.look('getMe', {});
  }

  private async register(url: string): Promise<void> {
    const enter = () => this.client.setWebhook(url, this.settings.TELEGRAM_SECRET);
    while (!this.stopping.signal.aborted && !(await tolerate('setWebhook', this.logger, enter)))
      await sleep(RETRY_MS, this.stopping.signal);
  }

  private async poll(): Promise<void> {
    const { signal } = this.stopping;
    for (let offset = 0; !signal.aborted;) {
      const next = await tolerate('getUpdates', this.logger, () => this.takeUpdates(offset));
      if (next === undefined) {
        // With a webhook that somebody entered Telegram answers no question for updates.
        await tolerate('deleteWebhook', this.logger, () => this.client.look('deleteWebhook', {}));
        await sleep(RETRY_MS, signal);
        // A server that does not wait is not asked without a pause.
      } else if (next === offset) await sleep(PAUSE_MS, signal);
      offset = next ?? offset;
    }
  }

  /**
   * Updates are confirmed when all of them are stored; after an error they come again.
   * @param offset number of the first update that is not confirmed. @returns the same of the next call
   */
  private async takeUpdates(offset: number): Promise<number> {
    const updates = await this.client.updates(offset);
    await allDone(updates.map((json) => this.webhook({ native: JSON.stringify(json), json })));
    return Math.max(offset, ...updates.map((update) => numberOf(update) + 1));
  }

  /**
   * By long poll a change comes behind its message. To ask again for one whose message never crossed would hold back the updates
   * of everybody, which are confirmed together.
   */
  protected override carryOut(act: BotAct, native: string): Promise<void> {
    const isBehind = act.act === 'edit' && this.settings.TELEGRAM_WEBHOOK_URL === undefined;
    return super.carryOut(isBehind ? { ...act, writtenAt: new Date(0) } : act, native);
  }

  protected send({ to, text, key, event, target, uncertain }: BotWords): Promise<Delivered> {
    const body = { ...saidBy(event, text), ...answering(target) };
    return this.hub.atMostOnce(key, () => this.say(to, body), uncertain);
  }

  /** The caller sends each answer once. */
  protected override answer({ from }: BotActor, text: string): Promise<Delivered> {
    return this.say(from, { text });
  }

  private async say(to: string, body: object): Promise<Delivered> {
    return deliveredBy(to, await this.client.send('sendMessage', { chat_id: to, ...body }));
  }

  /** A caption that is too long for one is a message before the attachment. */
  async deliverAttachment(
    event: MessageEvent,
    { file, as }: OutgoingAttachment,
    { idempotencyKey: key, target, uncertain }: DeliveryContext,
  ): Promise<Delivered> {
    const to = this.personOf(event.data.to);
    const { from, content } = event.data;
    return this.account.contacts.say(event.data.to, from, plainWords(content.body), async (shown) => {
      const said = saidBy(event, shown);
      const medium = { to, key, file, as, target, uncertain };
      if (said.text.length <= CAPTION_UNITS)
        return this.sendMedium(medium, { caption: said.text, caption_entities: said.entities });
      const words = await this.hub.atMostOnce(`${key}-words`, () => this.say(to, { ...said }), uncertain);
      return mediumAfterWords(words, await this.sendMedium(medium, {}));
    });
  }

  /** A file that was sent before is sent by the id that Telegram gave it. */
  private async sendMedium(
    { to, key, file, as, target, uncertain }: TelegramMedium,
    caption: object,
  ): Promise<Delivered> {
    const field = METHOD_OF[as];
    const known = `file.${field}.${file.facts.sha256}`;
    const fileId = await this.hub.recent.get(known);
    const body = { chat_id: to, ...caption, ...answering(target) };
    const method = `send${field.charAt(0).toUpperCase()}${field.slice(1)}`;
    let uploaded: TelegramResult = {};
    const send = async () => {
      const again =
        typeof fileId === 'string' && (await this.sendAgain(method, { ...body, [field]: fileId }));
      if (again) return deliveredBy(to, again);
      const form = formOf(body);
      form.append(field, await file.blob(), file.filename);
      uploaded = await this.client.send(method, form);
      return deliveredBy(to, uploaded);
    };
    const sent = await this.hub.atMostOnce(key, send, uncertain);
    const stored = fileIdIn(uploaded, field);
    if (stored !== undefined) await this.hub.recent.put(known, stored);
    return sent;
  }

  /** @returns undefined: Telegram does not know the id, which is valid for the bot that uploaded the file */
  private async sendAgain(method: string, body: object): Promise<TelegramResult | undefined> {
    try {
      return await this.client.send(method, body);
    } catch (thrown) {
      if (toHubError(thrown).code === '106') return undefined;
      throw thrown;
    }
  }

  /** Who speaks, and their words. */
  private async shown(event: MessageEvent): Promise<EntityText> {
    const { from, to, content } = event.data;
    return saidBy(event, await this.account.contacts.show(to, from, plainWords(content.body)));
  }

  async deliverEdit(event: MessageEvent, { piece }: ChangeContext): Promise<Delivered> {
    const chat_id = this.personOf(event.data.to);
    const { text, entities } = await this.shown(event);
    const message = { chat_id, message_id: messageIn(piece.id) };
    const edit =
      piece.medium === undefined
        ? this.client.look('editMessageText', { ...message, text, entities })
        : this.client.look('editMessageCaption', { ...message, caption: text, caption_entities: entities });
    await edit.catch((thrown: unknown) => {
      const error = toHubError(thrown);
      // An attempt before this one was carried out.
      if (!error.detail.includes('message is not modified')) throw error;
    });
    return { native: [] };
  }

  async deliverRecall({ data }: MessageEvent, { piece, uncertain }: ChangeContext): Promise<Delivered> {
    const message = { chat_id: this.personOf(data.to), message_id: messageIn(piece.id) };
    await this.client.look('deleteMessage', message).catch((thrown: unknown) => {
      // An attempt before this one was carried out.
      if (!uncertain || !toHubError(thrown).detail.includes('message to delete not found')) throw thrown;
    });
    return { native: [] };
  }

  /** Bots can react with some emoji only; the others are words that quote the message. */
  async deliverReaction(event: MessageEvent, context: ChangeContext): Promise<Delivered> {
    const { from, to, content } = event.data;
    const message_id = messageIn(context.piece.id);
    const current = content.reactions?.current ?? [];
    const body = { chat_id: this.personOf(to), message_id, reaction: reactionOf(current) };
    try {
      await this.client.look('setMessageReaction', body);
      return { native: [] };
    } catch (thrown) {
      const error = toHubError(thrown);
      if (!error.detail.includes('REACTION_INVALID')) throw error;
      // The words take the place of an emoji from before.
      await this.client.look('setMessageReaction', { ...body, reaction: [] });
      const words = PHRASES.en.reacted(current.at(-1) ?? '');
      const { idempotencyKey: key, target, uncertain } = context;
      const reply = { to: body.chat_id, key, target, uncertain };
      return this.account.contacts.say(to, from, words, (text) => this.send({ ...reply, text }));
    }
  }

  /** Telegram shows it for 5 s, or until the next message. */
  async showTyping({ data }: TypingEvent): Promise<void> {
    if (data.state === 'composing')
      await this.client.look('sendChatAction', { chat_id: this.personOf(data.to), action: 'typing' });
  }

  protected async lookUp(userId: string): Promise<NativeProfile> {
    const {
      first_name: first,
      last_name: last,
      photo,
    } = await this.client.look('getChat', { chat_id: userId });
    const avatar = photo && !Array.isArray(photo) ? photo : {};
    const { big_file_id: fileId, big_file_unique_id: version } = avatar;
    return {
      displayName: [first, last].filter(Boolean).join(' ') || null,
      avatar: fileId && version ? { version, source: { fileId } } : null,
    };
  }

  openAttachment({ fileId }: Record<string, string>, signal: AbortSignal) {
    if (fileId === undefined) throw new HubError('107', 'the attachment has no file id');
    return this.client.download(fileId, signal);
  }
}

function deliveredBy(chat: string, { message_id: id }: TelegramResult): Delivered {
  return { native: id === undefined ? [] : [nativeIdOf(chat, id)] };
}

function formOf(body: Readonly<Record<string, unknown>>): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(body))
    form.append(name, typeof value === 'string' ? value : JSON.stringify(value));
  return form;
}

/** Telegram stores each upload: it can be sent again by its id. */
function fileIdIn(
  result: TelegramResult,
  field: 'photo' | 'voice' | 'video' | 'document',
): string | undefined {
  const file = result[field];
  if (Array.isArray(file)) return file.at(-1)?.file_id;
  return file && 'file_id' in file ? (file.file_id as string) : undefined;
}
