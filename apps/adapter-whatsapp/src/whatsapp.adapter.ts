/** A WhatsApp business number on the hub (Cloud API): one account through which people on WhatsApp write to everybody. */
import { mediumAfterWords, sendSplitText } from '#adapter-kit';
import type {
  AttachmentDelivering,
  AttachmentOpening,
  ChangeContext,
  Delivered,
  DeliveryContext,
  MessageRef,
  NativeProfile,
  OutgoingAttachment,
  ReactionDelivering,
  ReceiptDelivering,
  Reconciled,
  Reconciling,
} from '#adapter-kit';
import { BotPlatformAdapter, SharedNotes, type BotWords, type SignedCallback } from '#adapter-webhook';
import type { BotActor } from '#bot-contacts';
import type { MessageEvent, Network, Part, ReceiptEvent } from '#protocol';
import { allDone, type Log } from '#service';
import { splitText, styledWords } from '#text';
import { labelOf, messageBody, readBody, TYPE_OF, type Envelope } from './from-canonical.js';
import { readStatuses, type MessageStatus } from './statuses.js';
import { readWebhook } from './to-canonical.js';
import { WhatsAppClient } from './whatsapp.client.js';
import {
  CAPTION_UNITS,
  TEXT_UNITS,
  WHATSAPP_CAPABILITIES,
  type WhatsAppSettings,
} from './whatsapp.config.js';

export class WhatsAppAdapter
  extends BotPlatformAdapter
  implements AttachmentDelivering, AttachmentOpening, ReactionDelivering, ReceiptDelivering, Reconciling
{
  /** A telephone number, or the id of a person with a username in this business. */
  protected readonly nativeId = /^(?:[1-9]\d{5,19}|[A-Z]{2}\.[A-Za-z0-9.]{1,128})$/;
  protected readonly read = (json: unknown) => readWebhook(json, this.settings.WHATSAPP_PHONE_ID);
  private readonly notes;

  constructor(
    network: Network,
    readonly settings: WhatsAppSettings,
    log: Log,
    private readonly client = new WhatsAppClient(settings),
  ) {
    super(network, client.http, log);
    this.notes = new SharedNotes(() => this.hub.recent, settings.WHATSAPP_STATUS_WAIT_MS);
  }

  capabilities() {
    return WHATSAPP_CAPABILITIES;
  }

  protected check(): Promise<unknown> {
    return this.client.about();
  }

  override async webhook(callback: SignedCallback): Promise<void> {
    await super.webhook(callback);
    const statuses = readStatuses(callback.json, this.settings.WHATSAPP_PHONE_ID);
    await allDone(statuses.map((status) => this.status(status)));
  }

  /** The label says which event it is about, so that a status may come before the answer to the request. */
  private async status(status: MessageStatus | 'unreadable'): Promise<void> {
    if (status === 'unreadable')
      return this.hub.notCarried({ kind: 'unreadable', why: 'a status without id or name', native: '' });
    const { native, of, report } = status;
    if (of) await this.notes.put('seen', of.key, native);
    if (!report) return this.hub.log.debug({ native }, 'under way at WhatsApp');
    await this.hub.submitOutcome({ ...of?.event, native }, report);
  }

  protected override words(body: Part): string {
    return styledWords(body);
  }

  protected send({ to, text, key, target, event, uncertain }: BotWords): Promise<Delivered> {
    const envelope = { to, answers: target?.native[0], ...(event ? { label: labelOf(key, event) } : {}) };
    const once = { idempotencyKey: key, uncertain: uncertain ?? true };
    return sendSplitText(this.hub, text, { textUnits: TEXT_UNITS }, once, (body) =>
      this.submit(envelope, 'text', { body }),
    );
  }

  private async submit(envelope: Envelope, type: string, content: object): Promise<Delivered> {
    return { native: await this.client.send(messageBody(envelope, type, content)), stage: 'submitted' };
  }

  /** Called at most once for each act. */
  protected override async answer({ from: to }: BotActor, text: string): Promise<Delivered> {
    const native: string[] = [];
    for (const body of splitText(text, { textUnits: TEXT_UNITS }))
      native.push(...(await this.client.send(messageBody({ to }, 'text', { body }))));
    return { native };
  }

  async deliverAttachment(
    event: MessageEvent,
    medium: OutgoingAttachment,
    context: DeliveryContext,
  ): Promise<Delivered> {
    const { idempotencyKey: key, uncertain, target } = context;
    const { file, as } = medium;
    const id = await this.client.uploadFile(file);
    const to = this.personOf(event.data.to);
    return this.sayWith(event, as, async (text) => {
      // A voice note has no caption, and a caption is shorter than a message.
      const apart = as === 'voice' || text.length > CAPTION_UNITS;
      const words = { to, text, key: `${key}-line`, target, uncertain };
      const line = apart ? await this.send(words) : { native: [] };
      const more = {
        ...(apart ? {} : { caption: text }),
        ...(as === 'file' ? { filename: file.filename } : {}),
      };
      const envelope = { to, answers: target?.native[0], label: labelOf(key, event) };
      const send = () => this.submit(envelope, TYPE_OF[as], { id, ...more });
      const sent = await this.hub.atMostOnce(key, send, uncertain);
      return apart ? mediumAfterWords(line, sent) : sent;
    });
  }

  openAttachment({ mediaId = '' }: Record<string, string>, signal: AbortSignal) {
    return this.client.openFile(mediaId, signal);
  }

  async deliverReaction({ data }: MessageEvent, { piece }: ChangeContext): Promise<Delivered> {
    const emoji = data.content.reactions?.current.at(-1) ?? '';
    const reaction = { message_id: piece.id, emoji };
    await this.client.setState(messageBody({ to: this.personOf(data.to) }, 'reaction', reaction));
    return { native: [] };
  }

  async deliverReceipt(_event: ReceiptEvent, targets: MessageRef[]): Promise<void> {
    const native = targets.at(-1)?.native.at(-1);
    if (native !== undefined) await this.client.setState(readBody(native));
  }

  /** There is no way to ask; but the first status of a message that WhatsApp has brings back its key. */
  async reconcile(_event: MessageEvent, key: string): Promise<Reconciled> {
    const native = await this.notes.awaited('seen', key);
    return native === undefined
      ? { found: 'unknown' }
      : { found: 'sent', delivered: { native: [native], stage: 'submitted' } };
  }

  /** WhatsApp tells the name with every message, and nothing to those who ask. */
  protected lookUp(): Promise<NativeProfile> {
    return Promise.resolve({});
  }
}
